import Explanations
import TouchstoneServer

/// The page at `/explain`. It shares parts with the page at `/`, and its sections with `explain --html`.
enum ExplainPage {
  static let assets: [PageAsset] = {
    let script = "text/javascript; charset=utf-8"
    return [
      PageAsset("/explain", "text/html; charset=utf-8", PackageResources.explain_html),
      PageAsset("/page/explain.css", "text/css; charset=utf-8", PackageResources.explain_css),
      PageAsset("/page/explanation.css", "text/css; charset=utf-8", ExplanationPage.style),
      PageAsset("/page/explain.js", script, PackageResources.explain_js),
      PageAsset("/page/attention.js", script, ExplanationPage.script),
    ]
  }()

  static func add(to routes: Routes) {
    for asset in assets { PageRoutes.add(asset, to: routes) }
    routes.describe(
      Route(
        method: .get, path: "/explain", dialect: .plain,
        summary: "A page: inside a vector, and why two texts match.", response: .text("text/html")))
  }
}
