import ForeignText
import Foundation
import JSON
import Knowledge
import Touchstone
import TouchstoneServer

/// The Model Context Protocol, whatever carries its messages: tools that search knowledge bases.
///
/// Revisions to 2025-11-25 begin with `initialize`. Since 2026-07-28 there is none: each request carries its
/// revision and the client's capabilities in `_meta`, and `server/discover` tells what a server can do. Both
/// are answered, each message by what it carries; nothing is kept from one to the next.
package struct MCPServer: Sendable {
  /// Opens the bases for whoever waits.
  private let bases: @Sendable (Caller?) throws -> [BaseAccess]

  package init(bases: @escaping @Sendable (Caller?) throws -> [BaseAccess]) { self.bases = bases }

  static let handshakeVersions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
  static let statelessVersions = ["2026-07-28"]
  static let versionKey = "io.modelcontextprotocol/protocolVersion"
  private static let capabilitiesKey = "io.modelcontextprotocol/clientCapabilities"
  private static let serverInfoKey = "io.modelcontextprotocol/serverInfo"

  /// The headers that HTTP repeats a message's members in.
  struct Headers: Sendable {
    var version: String?
    var method: String?
    var name: String?
  }

  struct Reply: Sendable, Equatable {
    /// nil: nothing is to be answered.
    var message: JSONValue?
    /// Of HTTP.
    var status = 200
  }

  struct Failure: Error {
    var code: Int
    var message: String
    var data: JSONValue?
  }

  /// - Parameter headers: nil where the carrier has none.
  package func answer(_ message: JSONValue, caller: Caller?) async -> JSONValue? {
    await reply(to: message, headers: nil, caller).message
  }

  func reply(to message: JSONValue, headers: Headers?, _ caller: Caller?) async -> Reply {
    guard case .object = message, message["jsonrpc"] == .string("2.0") else {
      return Self.failed(
        .null, .init(code: -32600, message: "the message is no JSON-RPC 2.0 object"), status: 400)
    }
    guard case .string(let method)? = message["method"] else {
      // A response of the client: nothing was asked of it.
      if message["result"] != nil || message["error"] != nil { return Reply(status: 202) }
      return Self.failed(.null, .init(code: -32600, message: "the message has no method"), status: 400)
    }
    let id: JSONValue
    switch message["id"] {
    case nil: return Reply(status: 202)
    case .string(let text)?: id = .string(text)
    case .number(let digits)?: id = .number(digits)
    default:
      return Self.failed(
        .null, .init(code: -32600, message: "the id is neither a text nor a number"), status: 400)
    }
    let parameters = message["params"] ?? .object([])
    var isStateless = false
    do {
      isStateless = try Self.isStateless(method, parameters, headers)
      let result = try await result(of: method, parameters, isStateless, caller)
      return Reply(
        message: .object([.init("jsonrpc", .string("2.0")), .init("id", id), .init("result", result)]))
    } catch let failure as Failure {
      let status =
        switch failure.code {
        case -32601: isStateless ? 404 : 200
        case -32602 where !isStateless && !Self.isAboutRevision(failure): 200
        case -32603: 200
        default: 400
        }
      return Self.failed(id, failure, status: status)
    } catch {
      return Self.failed(id, .init(code: -32603, message: "the request was given up"), status: 200)
    }
  }

  private static func isAboutRevision(_ failure: Failure) -> Bool {
    failure.message.utf8.starts(with: "params._meta".utf8)
  }

  private static func failed(_ id: JSONValue, _ failure: Failure, status: Int) -> Reply {
    var error: [JSONValue.Member] = [
      .init("code", .number(failure.code)), .init("message", .string(failure.message)),
    ]
    if let data = failure.data { error.append(.init("data", data)) }
    return Reply(
      message: .object([.init("jsonrpc", .string("2.0")), .init("id", id), .init("error", .object(error))]),
      status: status)
  }

  // MARK: Revisions

  /// Whether the message is of a revision without `initialize`; what contradicts itself is refused.
  private static func isStateless(
    _ method: String, _ parameters: JSONValue, _ headers: Headers?
  ) throws(Failure) -> Bool {
    let inBody = parameters["_meta"]?[versionKey]
    let inHeader = headers?.version
    let saysSo = inHeader.map { version in statelessVersions.contains { $0.hasBytes(of: version) } } ?? false
    guard inBody != nil || saysSo || method == "server/discover" else {
      if let inHeader, !handshakeVersions.contains(where: { $0.hasBytes(of: inHeader) }) {
        throw unsupported(inHeader)
      }
      return false
    }
    guard let inBody, parameters["_meta"]?[capabilitiesKey] != nil else {
      throw Failure(
        code: -32602, message: "params._meta must have \(versionKey) and \(capabilitiesKey)")
    }
    guard case .string(let version) = inBody else {
      throw Failure(code: -32602, message: "params._meta has a \(versionKey) that is no text")
    }
    if let headers {
      guard let inHeader, inHeader.hasBytes(of: version) else {
        throw Failure(
          code: -32020, message: "the header MCP-Protocol-Version differs from the message's revision")
      }
      guard let named = headers.method, named.hasBytes(of: method) else {
        throw Failure(code: -32020, message: "the header Mcp-Method differs from the message's method")
      }
      if method == "tools/call", case .string(let tool)? = parameters["name"] {
        guard let named = headers.name.flatMap(Self.decoded), named.hasBytes(of: tool) else {
          throw Failure(code: -32020, message: "the header Mcp-Name differs from the tool that is called")
        }
      }
    }
    guard statelessVersions.contains(where: { $0.hasBytes(of: version) }) else { throw unsupported(version) }
    return true
  }

  private static func unsupported(_ version: String) -> Failure {
    let known = statelessVersions + handshakeVersions
    return Failure(
      code: -32022, message: "the protocol's revision \(version.quoted(limit: 40)) is not known here",
      data: .object([
        .init("supported", .array(known.map(JSONValue.string))),
        .init("requested", .string(String(version.unicodeScalars.prefix(40).map(Character.init)))),
      ]))
  }

  /// `=?base64?…?=` where a name is not plain ASCII.
  private static func decoded(_ header: String) -> String? {
    guard header.hasPrefix("=?base64?"), header.hasSuffix("?=") else { return header }
    return Data(base64Encoded: String(header.dropFirst(9).dropLast(2)))
      .flatMap { String(validating: Array($0), as: UTF8.self) }
  }

  // MARK: Methods

  private static let serverInfo = JSONValue.object([
    .init("name", .string("touchstone")), .init("title", .string("Touchstone knowledge bases")),
    .init("version", .string(EngineInformation.current.version)),
  ])
  private static let capabilities = JSONValue.object([.init("tools", .object([]))])
  private static let instructions =
    "Search the user's documents with the tool query, in any language; read around a passage with get. Cite the document "
    + "and the page or line of what you use."

  private func result(
    of method: String, _ parameters: JSONValue, _ isStateless: Bool, _ caller: Caller?
  ) async throws -> JSONValue {
    switch (method, isStateless) {
    case ("initialize", false):
      var version = Self.handshakeVersions[0]
      if case .string(let wanted)? = parameters["protocolVersion"],
        let known = Self.handshakeVersions.first(where: { $0.hasBytes(of: wanted) })
      {
        version = known
      }
      return .object([
        .init("protocolVersion", .string(version)), .init("capabilities", Self.capabilities),
        .init("serverInfo", Self.serverInfo), .init("instructions", .string(Self.instructions)),
      ])
    case ("ping", false): return .object([])
    case ("server/discover", true):
      return complete(
        [
          .init(
            "supportedVersions",
            .array((Self.statelessVersions + Self.handshakeVersions).map(JSONValue.string))),
          .init("capabilities", Self.capabilities), .init("instructions", .string(Self.instructions)),
          .init("_meta", .object([.init(Self.serverInfoKey, Self.serverInfo)])),
        ], isStateless, isList: true)
    case ("tools/list", _):
      let names = try open(caller).map(\.name)
      return complete([.init("tools", .array(MCPTools.definitions(names)))], isStateless, isList: true)
    case ("tools/call", _):
      guard case .string(let name)? = parameters["name"] else {
        throw Failure(code: -32602, message: "params.name is missing")
      }
      let arguments = parameters["arguments"] ?? .object([])
      guard case .object = arguments else {
        throw Failure(code: -32602, message: "params.arguments must be an object")
      }
      guard let tool = MCPTools.Tool.allCases.first(where: { $0.rawValue.hasBytes(of: name) }) else {
        throw Failure(
          code: -32602,
          message: "there is no tool \(name.quoted(limit: 40)); there are "
            + MCPTools.Tool.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", "))
      }
      return complete(try await call(tool, arguments, caller), isStateless, isList: false)
    default:
      throw Failure(code: -32601, message: "there is no method \(method.quoted(limit: 80)) here")
    }
  }

  private func complete(
    _ members: [JSONValue.Member], _ isStateless: Bool, isList: Bool
  ) -> JSONValue {
    guard isStateless else { return .object(members) }
    return .object(
      members + [.init("resultType", .string("complete"))]
        + (isList ? [.init("ttlMs", .number(60_000)), .init("cacheScope", .string("private"))] : []))
  }

  private func open(_ caller: Caller?) throws(Failure) -> [BaseAccess] {
    do { return try bases(caller) } catch { throw Failure(code: -32603, message: "\(error)") }
  }

  /// What is wrong with arguments is the tool's to tell: a language model reads it and tries again.
  private func call(
    _ tool: MCPTools.Tool, _ arguments: JSONValue, _ caller: Caller?
  ) async throws -> [JSONValue.Member] {
    do {
      let answer = try await served {
        try await MCPTools.call(tool, RequestFields(RequestBody(arguments)), bases(caller))
      }
      return [
        .init("content", .array([Self.text(answer.text)])), .init("structuredContent", answer.structure),
        .init("isError", .bool(false)),
      ]
    } catch let error as ServiceError {
      return [.init("content", .array([Self.text(error.description)])), .init("isError", .bool(true))]
    }
  }

  private static func text(_ text: String) -> JSONValue {
    .object([.init("type", .string("text")), .init("text", .string(text))])
  }
}
