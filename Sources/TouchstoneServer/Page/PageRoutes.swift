import HTTPTypes
import Hummingbird
import NIOCore

/// The page at `/`: a playground and the state of the service. It asks the public routes, like any other
/// client.
package enum PageRoutes {
  /// Only what this service serves is loaded and run, and nothing of it in another page's frame.
  static let contentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  static func add(to routes: Routes) {
    for asset in PageAssets.all { add(asset, to: routes) }
    routes.describe(
      Route(
        method: .get, path: "/", dialect: .plain, others: [],
        summary: "A page: the state of the service, and a playground.", request: nil,
        response: .text("text/html"), statuses: []))
  }

  package static func add(_ asset: PageAsset, to routes: Routes) {
    routes.on(.get, asset.path, .plain) { request, _ in response(asset, to: request) }
  }

  private static func response(_ asset: PageAsset, to request: Request) -> Response {
    var headers: HTTPFields = [
      .contentType: asset.contentType,
      .eTag: asset.tag,
      // Asked for every time: after an update of the service, old and new parts must not meet.
      .cacheControl: "no-cache",
      .xContentTypeOptions: "nosniff",
    ]
    headers[.contentSecurityPolicy] = contentSecurityPolicy
    headers[.referrerPolicy] = "no-referrer"
    if request.headers[.ifNoneMatch] == asset.tag { return Response(status: .notModified, headers: headers) }
    return Response(
      status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
  }
}

extension HTTPField.Name {
  /// `Referrer-Policy`
  fileprivate static let referrerPolicy = HTTPField.Name("Referrer-Policy").unsafelyUnwrapped
}
