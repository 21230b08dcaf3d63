import HTTPTypes
import JSON
import TouchstoneServer

/// MCP over HTTP ("streamable HTTP"): each message is a POST, each answer JSON. There are no sessions, and
/// nothing that the server would say by itself, so GET and DELETE are refused as the standard has it.
struct MCPRoutes: Sendable {
  let service: InferenceService
  let bases: BasesSource

  func add(to routes: Routes) {
    let server: @Sendable (Caller?) -> MCPServer = { _ in
      MCPServer { caller in try bases().all.map { try $0.opened(service, caller) } }
    }
    let origins = routes.operations.origins
    routes.add(
      .post, "/mcp", .mcp, "The Model Context Protocol: the tools query, get and status for agents.",
      parameters: [
        .init("MCP-Protocol-Version", isHeader: true, "The revision that the client speaks."),
        .init("Mcp-Method", isHeader: true, "The message's method, since revision 2026-07-28."),
        .init("Mcp-Name", isHeader: true, "The tool that is called, since revision 2026-07-28."),
      ], takes: "MCPMessage", gives: "MCPMessage"
    ) { request in
      // Also where keys keep others out: a page of somebody else may know one.
      if let origin = request.headers[.origin], !origins.admit(origin, host: request.host) {
        throw ServiceError.foreignOrigin(origin)
      }
      return await Self.answer(request, server(request.caller))
    }
  }

  private static let batchLimit = 64

  private static func answer(_ request: ServiceRequest, _ server: MCPServer) async -> Answer {
    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }
    let headers = MCPServer.Headers(
      version: header("MCP-Protocol-Version"), method: header("Mcp-Method"), name: header("Mcp-Name"))
    // Batches were part of revision 2025-03-26 alone.
    if case .array(let messages) = request.body.json, (1...batchLimit).contains(messages.count) {
      var replies: [JSONValue] = []
      for message in messages {
        if let reply = await server.reply(to: message, headers: headers, request.caller).message {
          replies.append(reply)
        }
      }
      return replies.isEmpty ? accepted : Answer(json: .array(replies))
    }
    let reply = await server.reply(to: request.body.json, headers: headers, request.caller)
    guard let message = reply.message else { return accepted }
    return Answer(status: HTTPResponse.Status(code: reply.status), json: message)
  }

  private static var accepted: Answer { Answer(status: .accepted, bytes: []) }
}
