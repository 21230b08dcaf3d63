import Hummingbird

/// Lets a request pass that has a key of the service, or asks for what is open to all.
///
/// A key comes as `Authorization: Bearer KEY` (OpenAI, text-embeddings-inference, Ollama behind a proxy) or as
/// `x-api-key: KEY`.
struct AuthenticationMiddleware<Context: RequestContext>: RouterMiddleware {
  let keys: APIKeyStore

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    let keys = keys.current
    guard keys.isEmpty || OpenPaths.contains(request.uri.path) || Self.presents(keys, request.headers) else {
      throw ServiceError.unauthorized
    }
    return try await next(request, context)
  }

  private static func presents(_ keys: APIKeys, _ headers: HTTPFields) -> Bool {
    if let value = headers[.authorization] {
      let words = value.split(separator: " ")
      if words.count == 2, words[0].lowercased() == "bearer", keys.contains(words[1].utf8) { return true }
    }
    return headers[values: .init("x-api-key")!].first.map { keys.contains($0.utf8) } ?? false
  }
}

/// What needs no key: whether the service is up, and pages that are the same for everybody.
enum OpenPaths {
  private static let paths: Set<String> = ["/", "/health", "/ready", "/openapi.json"]

  static func contains(_ path: String) -> Bool { paths.contains(path) || path.hasPrefix(PageAssets.prefix) }
}
