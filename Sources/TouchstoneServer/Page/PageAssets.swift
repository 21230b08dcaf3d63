import Hummingbird

/// A file of the page at `/`, as it is embedded in the program.
package struct PageAsset: Sendable {
  let path: String
  let contentType: String
  let bytes: [UInt8]
  /// Changes with the content, so that a browser asks and is told that nothing changed.
  let tag: String

  package init(_ path: String, _ contentType: String, _ bytes: [UInt8]) {
    self.path = path
    self.contentType = contentType
    self.bytes = bytes
    // FNV-1a: no secret, only a difference.
    let hash = bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    tag = "\"\(String(hash, radix: 16))\""
  }
}

/// The page and what it is made of: Page/Assets.
enum PageAssets {
  /// Where the parts of the page are; no other route is under it.
  static let prefix = "/page/"

  static let all: [PageAsset] = {
    let script = "text/javascript; charset=utf-8"
    return [
      PageAsset("/", "text/html; charset=utf-8", PackageResources.page_html),
      PageAsset("/page/page.css", "text/css; charset=utf-8", PackageResources.page_css),
      PageAsset("/page/results.css", "text/css; charset=utf-8", PackageResources.results_css),
      PageAsset("/page/mark.svg", "image/svg+xml", PackageResources.mark_svg),
      PageAsset("/page/axes.js", script, PackageResources.axes_js),
      PageAsset("/page/contents.js", script, PackageResources.contents_js),
      PageAsset("/page/copying.js", script, PackageResources.copying_js),
      PageAsset("/page/elements.js", script, PackageResources.elements_js),
      PageAsset("/page/embedding.js", script, PackageResources.embedding_js),
      PageAsset("/page/heat.js", script, PackageResources.heat_js),
      PageAsset("/page/inside.js", script, PackageResources.inside_js),
      PageAsset("/page/many.js", script, PackageResources.many_js),
      PageAsset("/page/map.js", script, PackageResources.map_js),
      PageAsset("/page/matrix.js", script, PackageResources.matrix_js),
      PageAsset("/page/orders.js", script, PackageResources.orders_js),
      PageAsset("/page/page.js", script, PackageResources.page_js),
      PageAsset("/page/parts.js", script, PackageResources.parts_js),
      PageAsset("/page/pieces.js", script, PackageResources.pieces_js),
      PageAsset("/page/playground.js", script, PackageResources.playground_js),
      PageAsset("/page/ranking.js", script, PackageResources.ranking_js),
      PageAsset("/page/remembering.js", script, PackageResources.remembering_js),
      PageAsset("/page/reranking.js", script, PackageResources.reranking_js),
      PageAsset("/page/routes.js", script, PackageResources.routes_js),
      PageAsset("/page/schemas.js", script, PackageResources.schemas_js),
      PageAsset("/page/service.js", script, PackageResources.service_js),
      PageAsset("/page/shell.js", script, PackageResources.shell_js),
      PageAsset("/page/status.js", script, PackageResources.status_js),
      PageAsset("/page/texts.js", script, PackageResources.texts_js),
      PageAsset("/page/vectors.js", script, PackageResources.vectors_js),
    ]
  }()
}
