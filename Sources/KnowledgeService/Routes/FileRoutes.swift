import ForeignText
import Foundation
import HTTPTypes
import JSON
import TouchstoneServer

/// OpenAI's files: what is uploaded before it joins a vector store.
struct FileRoutes: Sendable {
  let service: InferenceService
  let bases: BasesSource
  let limits: KnowledgeLimits

  func add(to routes: Routes) {
    routes.add(
      .post, "/v1/files", .openAI, "Upload a file.", takes: .form("FileForm"), gives: "File",
      statuses: [409, 422],
      most: limits.uploadBytes + (1 << 20)
    ) { request in
      let form = try MultipartForm(request.bytes, contentType: request.headers[.contentType])
      let purpose = try form.text("purpose") ?? "assistants"
      guard let file = form.files.first, form.files.count == 1 else {
        throw ServiceError.invalid(parameter: "file", "must be one file, found \(form.files.count)")
      }
      for part in form.parts where !["file", "purpose"].contains(where: { $0.hasBytes(of: part.name) }) {
        request.body.ignored.add(part.name)
      }
      return try await served {
        Answer(json: Self.json(try Self.keep(file, purpose: purpose, try bases(), limits)))
      }
    }
    routes.add(
      .get, "/v1/files", .openAI, "The files that were uploaded.",
      parameters: Page.parameters + [Self.purpose],
      gives: "FileList", statuses: [400]
    ) { request in
      let page = try Page(request.query, limit: 10_000, usual: 10_000)
      let purpose = request.query.first { $0.name == "purpose" }?.value
      let files = try bases().shelf.all.filter { purpose == nil || purpose?.hasBytes(of: $0.purpose) == true }
      return Answer(json: page.list(files, id: \.id) { Self.json($0) })
    }
    routes.add(.get, "/v1/files/{id}", .openAI, "A file.", gives: "File", statuses: [404]) { request in
      Answer(json: Self.json(try bases().shelf.file(request.parameter("id") ?? "")))
    }
    routes.add(
      .get, "/v1/files/{id}/content", .openAI, "The bytes of a file.", gives: .bytes, statuses: [404]
    ) { request in
      let file = try bases().shelf.file(request.parameter("id") ?? "")
      guard let bytes = FileManager.default.contents(atPath: file.path) else {
        throw ServiceError.notFound("the file \(file.id) is gone from its place")
      }
      return Answer(
        contentType: "application/octet-stream", headers: [.xContentTypeOptions: "nosniff"],
        bytes: Array(bytes))
    }
    routes.add(
      .delete, "/v1/files/{id}", .openAI, "Delete a file, also from all vector stores.", gives: "Deleted",
      statuses: [404]
    ) { request in
      let id = request.parameter("id") ?? ""
      try await served { try bases().deleteFile(id) }
      return Answer(json: Deleted.json(id, "file"))
    }
  }

  private static let purpose = Route.Parameter("purpose", "Only files of this purpose.")

  /// Keeps a part of a form as a file.
  static func keep(
    _ part: MultipartForm.Part, purpose: String, _ bases: KnowledgeBases, _ limits: KnowledgeLimits
  ) throws -> ShelfFile {
    guard part.bytes.count <= limits.uploadBytes else {
      throw ServiceError.bodyTooLarge(limit: limits.uploadBytes)
    }
    guard purpose.utf8.count <= 64 else { throw ServiceError.invalid(parameter: "purpose", "is too long") }
    let name = part.filename.flatMap { $0.isEmpty ? nil : $0 } ?? "file.txt"
    guard name.utf8.count <= 1_024 else {
      throw ServiceError.invalid(
        parameter: "file", "has a name of \(name.utf8.count) bytes, and may have 1024")
    }
    return try bases.shelf.add(name, Array(part.bytes), purpose: purpose)
  }

  static func json(_ file: ShelfFile) -> JSONValue {
    .object([
      .init("id", .string(file.id)), .init("object", .string("file")),
      .init("bytes", .number(file.byteCount)),
      .init("created_at", .number(file.created)), .init("filename", .string(file.name)),
      .init("purpose", .string(file.purpose)), .init("status", .string("processed")),
      .init("expires_at", .null),
      .init("status_details", .null),
    ])
  }
}

/// `{"id":…,"object":"file","deleted":true}`
enum Deleted {
  static func json(_ id: String, _ object: String) -> JSONValue {
    .object([.init("id", .string(id)), .init("object", .string(object)), .init("deleted", .bool(true))])
  }
}

/// A part of a list, as OpenAI's clients ask for it.
struct Page {
  private let limit: Int
  private let isAscending: Bool
  private let after: String?
  private let before: String?

  static let parameters = [
    Route.Parameter("limit", .count, "How many at most."),
    Route.Parameter("order", .words(["asc", "desc"]), "By the time of creation; desc unless given."),
    Route.Parameter("after", "The id behind which the list begins."),
    Route.Parameter("before", "The id before which the list ends."),
  ]

  init(_ query: [(name: String, value: String)], limit most: Int = 100, usual: Int = 20) throws(ServiceError)
  {
    func value(_ name: String) -> String? { query.first { $0.name.hasBytes(of: name) }?.value }
    limit = try Self.count(query, "limit", 1...most) ?? usual
    let order = value("order") ?? "desc"
    guard order == "asc" || order == "desc" else {
      throw .invalid(parameter: "order", "must be 'asc' or 'desc'")
    }
    isAscending = order == "asc"
    after = value("after")
    before = value("before")
  }

  static func count(
    _ query: [(name: String, value: String)], _ name: String, _ range: ClosedRange<Int>
  ) throws(ServiceError) -> Int? {
    guard let text = query.first(where: { $0.name.hasBytes(of: name) })?.value, !text.isEmpty else {
      return nil
    }
    guard let number = Int(text), range.contains(number) else {
      throw .invalid(
        parameter: name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// - Parameter items: the oldest first.
  func list<Item>(_ items: [Item], id: (Item) -> String, _ json: (Item) throws -> JSONValue) rethrows
    -> JSONValue
  {
    var items = isAscending ? items : items.reversed()
    if let after, let index = items.firstIndex(where: { id($0).hasBytes(of: after) }) {
      items = Array(items[(index + 1)...])
    }
    if let before, let index = items.firstIndex(where: { id($0).hasBytes(of: before) }) {
      items = Array(items[..<index].suffix(limit))
    }
    let shown = Array(items.prefix(limit))
    return .object([
      .init("object", .string("list")), .init("data", .array(try shown.map(json))),
      .init("first_id", shown.first.map { .string(id($0)) } ?? .null),
      .init("last_id", shown.last.map { .string(id($0)) } ?? .null),
      .init("has_more", .bool(items.count > limit)),
    ])
  }
}
