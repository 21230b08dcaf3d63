import TouchstoneServer

/// The page at `/knowledge`. It shares parts with the page at `/`.
enum KnowledgePage {
  static let assets: [PageAsset] = {
    let script = "text/javascript; charset=utf-8"
    return [
      PageAsset("/knowledge", "text/html; charset=utf-8", PackageResources.knowledge_html),
      PageAsset("/page/knowledge.css", "text/css; charset=utf-8", PackageResources.knowledge_css),
      PageAsset("/page/knowledge.js", script, PackageResources.knowledge_js),
      PageAsset("/page/uploading.js", script, PackageResources.uploading_js),
      PageAsset("/page/documents.js", script, PackageResources.documents_js),
      PageAsset("/page/searching.js", script, PackageResources.searching_js),
      PageAsset("/page/reading.js", script, PackageResources.reading_js),
    ]
  }()

  static func add(to routes: Routes) {
    for asset in assets { PageRoutes.add(asset, to: routes) }
    routes.describe(
      Route(
        method: .get, path: "/knowledge", dialect: .plain,
        summary: "A page: documents and searches of the knowledge bases.",
        response: .text("text/html")))
  }
}
