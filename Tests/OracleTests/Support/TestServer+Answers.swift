import Foundation
import Hummingbird
import JSON
import Oracle

extension TestServer {
  private struct Refusal: Error {
    let status: Int
    let message: String
  }

  func answer(_ dialect: ServerDialect, _ body: [UInt8], key: String?) async -> Response {
    if let refusal = refusal(key: key) { return refusal }
    if has(.redirects) { return Self.response(307, .null, headers: [.location: "https://elsewhere.test/"]) }
    if has(.answersText) { return Self.response(200, Array("all is well".utf8)) }
    if has(.answersAPage) { return Self.response(200, Array("<!doctype html><p>hello".utf8)) }
    if has(.answersNothing) { return Self.response(200, [UInt8]()) }
    do {
      return try await vectors(dialect, body)
    } catch let refusal as Refusal {
      return Self.failure(has(.errorsHaveStatus200) ? 200 : refusal.status, refusal.message)
    } catch {
      return Self.failure(500, "\(error)")
    }
  }

  private func vectors(_ dialect: ServerDialect, _ body: [UInt8]) async throws -> Response {
    guard let request = try? JSONParser.parse(body), case .object = request else {
      throw Refusal(status: has(.failsOnBrokenJSON) ? 500 : 400, message: "no JSON object")
    }
    try checkModel(dialect, request)
    try refuseForms(dialect, request)
    let inputs = try inputs(dialect, request)
    let dimensions = try dimensions(dialect, request)
    let note = notes(
      longText: inputs.contains { if case .text(let text) = $0 { text.utf8.count > 300 } else { false } })
    if has(.isBusyEveryThirdTime), note.request % 3 == 2 {
      return Self.response(429, .object([.init("error", .string("busy"))]), headers: [.retryAfter: "0"])
    }
    if has(.isAlwaysBusy) || has(.isBusyAtFirst) && note.request < 2 {
      return Self.response(429, .object([.init("error", .string("busy"))]), headers: [.retryAfter: "0"])
    }

    var vectors: [[Float]] = []
    var tokenCount = 0
    for input in inputs {
      if case .text("") = input {
        if has(.dropsEmptyTexts) { continue }
        if has(.answersEmptyListForEmptyText) {
          vectors.append([])
          continue
        }
      }
      var (state, count) = try await engine.state(of: input, behaviour.recipe)
      if let failure = behaviour.failure, count > failure.tokens {
        throw Refusal(status: failure.status, message: "input is too large to process")
      }
      if count > Self.overflowingLength, has(.sendsNaNForLongTexts) || has(.failsOnNaN) { state[3] = .nan }
      if has(.alternates), note.request % 2 == 1 { state[0] += 1 }
      if has(.dependsOnBatch), inputs.count > 1 { state[0] += 1 }
      if has(.dependsOnHistory), note.afterLongText { state[0] += 1 }
      if has(.sendsGarbage) { state = Self.garbage(state, seed: count) }
      vectors.append(finished(state, dimensions))
      tokenCount += usage(input, count)
    }
    if has(.failsOnNaN), vectors.joined().contains(where: \.isNaN) {
      throw Refusal(status: 500, message: "json: unsupported value: NaN")
    }
    if has(.reversesBatch) { vectors.reverse() }
    if has(.answersTooMany) { vectors.append(vectors.last ?? []) }
    return response(dialect, vectors, tokenCount, request)
  }

  /// Numbers that depend on the text and on nothing that a model computes.
  private static func garbage(_ state: [Float], seed: Int) -> [Float] {
    state.enumerated().map { index, value in
      Float((index * 7919 + seed * 104_729 + Int(abs(state[index]) * 1000)) % 1000 - 500)
    }
  }

  /// Tokens above which a server that overflows does.
  private static let overflowingLength = 30

  private func usage(_ input: EmulatedEngine.Input, _ count: Int) -> Int {
    if has(.usageAlwaysZero) { return 0 }
    if has(.usageWithoutEnd) { return count - 1 }
    if has(.usageInBytes), case .text(let text) = input { return text.utf8.count }
    return count
  }

  private func finished(_ state: [Float], _ dimensions: Int?) -> [Float] {
    func normalized(_ values: [Float]) -> [Float] {
      let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return values.map { $0 / length }
    }
    if has(.doesNotNormalize) { return Array(state.prefix(dimensions ?? state.count)) }
    guard let dimensions, !has(.ignoresDimensions) else { return normalized(state) }
    return has(.doesNotNormalizeSlices)
      ? Array(normalized(state).prefix(dimensions)) : normalized(Array(state.prefix(dimensions)))
  }

  // MARK: Requests

  private func checkModel(_ dialect: ServerDialect, _ request: JSONValue) throws {
    guard dialect.takesModel, !has(.ignoresModel), case .string(let name)? = request["model"],
      !behaviour.models.contains(name)
    else { return }
    throw Refusal(status: 404, message: "there is no model '\(name)'")
  }

  /// Servers that take texts in one form only, with the words of real ones.
  private func refuseForms(_ dialect: ServerDialect, _ request: JSONValue) throws {
    let input = request["input"] ?? request["inputs"] ?? request["content"]
    switch input {
    case .array(let elements)?:
      if case .string? = elements.first, has(.refusesLists) {
        throw Refusal(status: 400, message: "expected string, got array")
      }
      if case .number? = elements.first, has(.refusesTokenIDs) {
        throw Refusal(status: 400, message: "token ids are refused (code token_ids_refused)")
      }
      if case .array? = elements.first, has(.refusesTokenIDs) {
        throw Refusal(status: 400, message: "token ids are refused (code token_ids_refused)")
      }
    case .string?: if has(.refusesSingleTexts) { throw Refusal(status: 422, message: "a list is needed") }
    default: break
    }
  }

  private func inputs(_ dialect: ServerDialect, _ request: JSONValue) throws -> [EmulatedEngine.Input] {
    let key = [ServerDialect.textEmbeddingsInference: "inputs", .llamaCpp: "content"][dialect] ?? "input"
    guard let input = request[key] else {
      if has(.acceptsMissingInput) { return [.text("")] }
      throw Refusal(status: 400, message: "no input")
    }
    switch input {
    case .string(let text): return [.text(text)]
    case .array(let elements):
      if elements.isEmpty, dialect != .ollama, !has(.acceptsEmptyList) {
        throw Refusal(status: 400, message: "an empty list")
      }
      if dialect != .textEmbeddingsInference, case .number? = elements.first {
        return [.tokenIDs(try ids(elements))]
      }
      return try elements.map { element in
        switch element {
        case .string(let text): return .text(text)
        case .array(let elements): return .tokenIDs(try ids(elements))
        default: throw wrongType
        }
      }
    default: throw wrongType
    }
  }

  private var wrongType: Refusal {
    Refusal(status: has(.failsOnWrongType) ? 500 : 422, message: "a wrong type")
  }

  private func ids(_ elements: [JSONValue]) throws -> [Int32] {
    try elements.map { element in
      guard case .number(let digits) = element, let id = Int(digits) else { throw wrongType }
      guard engine.isToken(id) else {
        throw Refusal(status: has(.failsOnUnknownTokenIDs) ? 500 : 400, message: "no such token")
      }
      return Int32(id)
    }
  }

  private func dimensions(_ dialect: ServerDialect, _ request: JSONValue) throws -> Int? {
    guard case .number(let digits)? = request["dimensions"] else { return nil }
    let count = Int(digits) ?? 0
    if (1...EmulatedEngine.hiddenSize).contains(count) { return count }
    guard has(.acceptsAnyDimensions) || has(.ignoresDimensions) else {
      throw Refusal(status: 400, message: "no such number of dimensions")
    }
    return nil
  }

  // MARK: Answers

  private func response(
    _ dialect: ServerDialect, _ vectors: [[Float]], _ tokenCount: Int, _ request: JSONValue
  ) -> Response {
    var isBase64 = request["encoding_format"] == .string("base64")
    if has(.ignoresEncodingFormat) { isBase64 = false }
    let encoded = vectors.map { isBase64 ? base64($0) : list($0) }
    func indexed(_ wrap: (JSONValue) -> JSONValue) -> JSONValue {
      .array(
        encoded.enumerated().map { index, vector in
          .object([
            .init("index", .number(index + (has(.countsIndicesFromOne) ? 1 : 0))),
            .init("embedding", wrap(vector)),
          ])
        })
    }
    let value: JSONValue
    switch dialect {
    case .openAI where has(.wrapsAnswers):
      value = .object([.init("result", .object([.init("data", indexed { $0 })]))])
    case .openAI:
      value = .object([
        .init("data", indexed { $0 }), .init("usage", .object([.init("prompt_tokens", .number(tokenCount))])),
      ])
    case .ollama:
      value = .object([.init("embeddings", .array(encoded)), .init("prompt_eval_count", .number(tokenCount))])
    case .textEmbeddingsInference: value = .array(encoded)
    case .llamaCpp: value = indexed { .array([$0]) }
    }
    var bytes: [UInt8] = []
    bytes.append(json: value)
    if has(.sendsNaN) || has(.sendsNaNForLongTexts) {
      bytes = Array(String(decoding: bytes, as: UTF8.self).replacing("null", with: "NaN").utf8)
    }
    return Self.response(200, bytes, headers: [.init("x-compute-tokens")!: "\(tokenCount)"])
  }

  private func list(_ vector: [Float]) -> JSONValue {
    .array(
      vector.enumerated().map { index, value in
        index == 3 && (has(.sendsNull) || has(.sendsNaN)) || value.isNaN ? .null : .number(value)
      })
  }

  private func base64(_ vector: [Float]) -> JSONValue {
    let bytes = vector.flatMap { value in
      withUnsafeBytes(of: has(.sendsBigEndian) ? value.bitPattern.bigEndian : value.bitPattern.littleEndian) {
        Array($0)
      }
    }
    return .string(Data(bytes).base64EncodedString())
  }
}
