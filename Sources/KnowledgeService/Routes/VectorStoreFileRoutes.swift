import ForeignText
import Foundation
import HTTPTypes
import JSON
import Knowledge
import TouchstoneServer

/// The files of OpenAI's vector stores, one by one and in batches.
struct VectorStoreFileRoutes: Sendable {
  let service: InferenceService
  let bases: BasesSource

  private static let states = Route.Parameter(
    "filter", .words(["in_progress", "completed", "failed", "cancelled"]), "Only files in this state.")
  static let batchLimit = 2_000

  func add(to routes: Routes) {
    let files = "/v1/vector_stores/{id}/files"
    routes.add(
      .post, files, .openAI, "Put a file into a vector store; it is read in the background.",
      takes: "VectorStoreFileRequest", gives: "VectorStoreFile"
    ) { request in
      let base = try bases().base(request.parameter("id") ?? "")
      return try await served {
        let fields = try RequestFields(request.body)
        fields.reportUnknown(besides: ["file_id", "attributes", "chunking_strategy"])
        let attachment = try attachment(fields, base)
        try base.attach([attachment], service)
        return Answer(json: Self.json(try base.file(attachment.fileID), base))
      }
    }
    routes.add(
      .get, files, .openAI, "The files of a vector store.", parameters: Page.parameters + [Self.states],
      gives: "VectorStoreFileList", statuses: [400, 404]
    ) { request in
      let base = try bases().base(request.parameter("id") ?? "")
      return try await served { try Self.list(try base.files(), base, request) }
    }
    routes.add(
      .get, files + "/{file}", .openAI, "A file of a vector store.", gives: "VectorStoreFile", statuses: [404]
    ) { request in
      let base = try bases().base(request.parameter("id") ?? "")
      return try await served {
        Answer(json: Self.json(try base.file(request.parameter("file") ?? ""), base))
      }
    }
    routes.add(
      .post, files + "/{file}", .openAI, "Change the attributes of a file in a vector store.",
      takes: "VectorStoreFileChange", gives: "VectorStoreFile"
    ) { request in
      let base = try bases().base(request.parameter("id") ?? "")
      return try await served {
        let fields = try RequestFields(request.body)
        fields.reportUnknown(besides: ["attributes"])
        let attributes = try FileAttributes(fields["attributes"])
        return Answer(
          json: Self.json(try base.setAttributes(attributes, of: request.parameter("file") ?? ""), base))
      }
    }
    routes.add(
      .delete, files + "/{file}", .openAI, "Take a file out of a vector store. The file itself stays.",
      gives: "Deleted", statuses: [404]
    ) { request in
      let base = try bases().base(request.parameter("id") ?? "")
      let id = request.parameter("file") ?? ""
      try await served { try base.detach(id) }
      return Answer(json: Deleted.json(id, "vector_store.file.deleted"))
    }
    routes.add(
      .get, files + "/{file}/content", .openAI, "The text of a file as it was read, in its pieces.",
      gives: "VectorStoreFileContent", statuses: [404]
    ) { request in
      let base = try bases().base(request.parameter("id") ?? "")
      return try await served { try Self.content(try base.file(request.parameter("file") ?? ""), base) }
    }
    addBatches(to: routes)
  }

  private func addBatches(to routes: Routes) {
    let batches = "/v1/vector_stores/{id}/file_batches"
    routes.add(
      .post, batches, .openAI, "Put several files into a vector store.", takes: "FileBatchRequest",
      gives: "FileBatch"
    ) { request in
      let base = try bases().base(request.parameter("id") ?? "")
      return try await served {
        let batch = try makeBatch(try RequestFields(request.body), base)
        return Answer(json: try Self.json(batch, base))
      }
    }
    routes.add(.get, batches + "/{batch}", .openAI, "A batch of files.", gives: "FileBatch", statuses: [404])
    {
      request in
      let base = try bases().base(request.parameter("id") ?? "")
      return try await served { Answer(json: try Self.json(try Self.batch(request, base), base)) }
    }
    routes.add(
      .get, batches + "/{batch}/files", .openAI, "The files of a batch.",
      parameters: Page.parameters + [Self.states],
      gives: "VectorStoreFileList", statuses: [400, 404]
    ) { request in
      let base = try bases().base(request.parameter("id") ?? "")
      return try await served {
        try Self.list(try Self.files(of: Self.batch(request, base), base), base, request)
      }
    }
    routes.add(
      .post, batches + "/{batch}/cancel", .openAI, "End what waits of a batch.", takes: "Nothing",
      gives: "FileBatch"
    ) { request in
      let base = try bases().base(request.parameter("id") ?? "")
      return try await served {
        let batch = try Self.batch(request, base)
        try base.cancel(Set(batch.files))
        return Answer(json: try Self.json(batch, base))
      }
    }
  }

  private func attachment(_ fields: RequestFields, _ base: ServedBase) throws -> Attachment {
    let file = try bases().shelf.file(try fields.required("file_id", try fields.string("file_id")))
    var attachment = Attachment(
      fileID: file.id, path: file.path, filename: file.name, created: Int(Date().timeIntervalSince1970))
    attachment.attributes = try FileAttributes(fields["attributes"])
    attachment.chunking = try fields.chunking(context: base.context)
    return attachment
  }

  static func json(_ file: BaseFile, _ base: ServedBase) -> JSONValue {
    var error = JSONValue.null
    if case .failed(let sentence) = file.state {
      let isForm = sentence.utf8.starts(with: "its ending names no format".utf8)
      error = .object([
        .init("code", .string(isForm ? "unsupported_file" : "invalid_file")),
        .init("message", .string(sentence)),
      ])
    }
    let chunking = file.attachment.chunking
    return .object([
      .init("id", .string(file.attachment.fileID)), .init("object", .string("vector_store.file")),
      .init("created_at", .number(file.attachment.created)), .init("vector_store_id", .string(base.id)),
      .init("status", .string(file.state.word)), .init("last_error", error),
      .init("usage_bytes", .number(file.byteCount)), .init("attributes", file.attachment.attributes.json),
      .init(
        "chunking_strategy",
        chunking.map { chunking in
          .object([
            .init("type", .string("static")),
            .init(
              "static",
              .object([
                .init("max_chunk_size_tokens", .number(chunking.tokens)),
                .init("chunk_overlap_tokens", .number(chunking.tokens * chunking.overlapPercent / 100)),
              ])),
          ])
        } ?? .object([.init("type", .string("other"))])),
      .init("filename", .string(file.attachment.filename)),
      .init("chunks", file.document.map { .number($0.chunkCount) } ?? .null),
      .init("warnings", .array((file.document?.warnings ?? []).map(JSONValue.string))),
    ])
  }

  private static func list(_ files: [BaseFile], _ base: ServedBase, _ request: ServiceRequest) throws
    -> Answer
  {
    let page = try Page(request.query)
    let state = request.query.first { $0.name == "filter" }?.value
    if let state,
      !["in_progress", "completed", "failed", "cancelled"].contains(where: { $0.hasBytes(of: state) })
    {
      throw ServiceError.invalid(parameter: "filter", "must be in_progress, completed, failed or cancelled")
    }
    let wanted = files.filter { state == nil || state?.hasBytes(of: $0.state.word) == true }
    return Answer(json: page.list(wanted, id: \.attachment.fileID) { json($0, base) })
  }

  private static func content(_ file: BaseFile, _ base: ServedBase) throws -> Answer {
    guard file.document != nil else {
      throw ServiceError.notFound(
        "the file \(file.attachment.fileID.quotedAsID) has not been read, or not yet")
    }
    let pieces = try base.store.passages(of: file.attachment.path)
    return Answer(
      json: .object([
        .init("object", .string("vector_store.file_content.page")),
        .init("file_id", .string(file.attachment.fileID)),
        .init("filename", .string(file.attachment.filename)),
        .init("attributes", file.attachment.attributes.json),
        .init(
          "data",
          .array(
            pieces.map {
              .object(
                [.init("type", .string("text")), .init("text", .string($0.text))] + HitJSON.place($0))
            })),
        .init("has_more", .bool(false)), .init("next_page", .null),
      ]))
  }

  // MARK: Batches

  private struct Batch {
    var id: String
    var created: Int
    var files: [String]
  }

  private static let batchPrefix = "batch "

  private func makeBatch(_ fields: RequestFields, _ base: ServedBase) throws -> Batch {
    fields.reportUnknown(besides: ["file_ids", "files", "attributes", "chunking_strategy"])
    var attachments: [Attachment] = []
    if let ids = try fields.strings("file_ids") {
      let attributes = try FileAttributes(fields["attributes"])
      let chunking = try fields.chunking(context: base.context)
      for id in ids {
        let file = try bases().shelf.file(id)
        var attachment = Attachment(
          fileID: file.id, path: file.path, filename: file.name, created: Int(Date().timeIntervalSince1970))
        (attachment.attributes, attachment.chunking) = (attributes, chunking)
        attachments.append(attachment)
      }
    } else if case .array(let elements)? = fields["files"] {
      for (index, element) in elements.enumerated() {
        attachments.append(
          try fields.nested("files[\(index)]", element) { (inner) throws(ServiceError) in
            do { return try attachment(inner, base) } catch let error as ServiceError { throw error } catch {
              throw ServiceError.engine(reason(of: error))
            }
          })
      }
    }
    guard (1...Self.batchLimit).contains(attachments.count) else {
      throw ServiceError.invalid(
        parameter: "file_ids", "must be 1 to \(Self.batchLimit) files, found \(attachments.count)")
    }
    let batch = Batch(
      id: "vsfb_" + RandomID.hexadecimal(), created: attachments[0].created, files: attachments.map(\.fileID))
    try base.writing {
      try $0.setNote(Self.batchPrefix + batch.id, "\(batch.created) \(batch.files.joined(separator: " "))")
    }
    try base.attach(attachments, service)
    return batch
  }

  private static func batch(_ request: ServiceRequest, _ base: ServedBase) throws -> Batch {
    let id = request.parameter("batch") ?? ""
    guard let note = try base.store.note(batchPrefix + id) else {
      throw ServiceError.notFound("the vector store has no batch \(id.quotedAsID)")
    }
    let words = note.split(separator: " ").map(String.init)
    return Batch(id: id, created: words.first.flatMap { Int($0) } ?? 0, files: Array(words.dropFirst()))
  }

  private static func files(of batch: Batch, _ base: ServedBase) throws -> [BaseFile] {
    let wanted = Set(batch.files)
    return try base.files().filter { wanted.contains($0.attachment.fileID) }
  }

  private static func json(_ batch: Batch, _ base: ServedBase) throws -> JSONValue {
    let files = try Self.files(of: batch, base)
    func count(_ word: String) -> Int { files.count { $0.state.word == word } }
    let status =
      count("in_progress") > 0
      ? "in_progress"
      : count("cancelled") > 0 ? "cancelled" : count("failed") == files.count ? "failed" : "completed"
    return .object([
      .init("id", .string(batch.id)), .init("object", .string("vector_store.files_batch")),
      .init("created_at", .number(batch.created)), .init("vector_store_id", .string(base.id)),
      .init("status", .string(status)),
      .init(
        "file_counts",
        .object(
          ["in_progress", "completed", "failed", "cancelled"].map { .init($0, .number(count($0))) }
            + [.init("total", .number(files.count))])),
    ])
  }
}
