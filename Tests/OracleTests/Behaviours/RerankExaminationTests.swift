import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import Oracle
import Testing
import Touchstone

/// A server that reranks, from its address to the verdict.
@Suite(.serialized)
struct RerankExaminationTests {
  enum Flaw: Sendable {
    case none, fixedInstruction, returnsLogits, countsFromOne, dependsOnBatch, isUndecided
  }

  @Test(arguments: [RerankDialect.documents(path: "/v1/rerank"), .documents(path: "/rerank"), .texts])
  func aCorrectServerIsAccusedOfNothing(_ dialect: RerankDialect) async throws {
    let verdict = try await Self.verdict(.none, dialect)
    #expect(verdict.outcome == .agrees, "\(verdict.diagnoses) \(verdict.notes)")
    #expect(verdict.probes.count > 20)
  }

  @Test(arguments: [
    (Flaw.fixedInstruction, ["reranker-instruction-fixed"]), (.returnsLogits, ["reranker-raw-difference"]),
    (.countsFromOne, ["index-wrong"]), (.dependsOnBatch, ["depends-on-batch"]),
    (.isUndecided, ["one-score-for-all"]),
  ])
  func flawsAreNamed(_ flaw: Flaw, _ ids: [String]) async throws {
    let verdict = try await Self.verdict(flaw, .documents(path: "/v1/rerank"))
    #expect(verdict.diagnoses.map(\.id) == ids, "\(verdict.diagnoses)")
  }

  @Test func whoDoesNotRerankIsSaid() async throws {
    try await TestServer.run { address in
      await #expect(throws: BackendError.self) {
        _ = try await RerankBackend.connect(BackendSettings(address: address))
      }
    }
  }

  private static func verdict(_ flaw: Flaw, _ dialect: RerankDialect) async throws -> Verdict {
    let model = try RerankModel(path: MistakenVectors.path(CheckRerankerTests.model), threads: 1)
    let router = Router()
    router.post(RouterPath(dialect.path)) { request, _ in
      let bytes = Array(try await request.body.collect(upTo: 1 << 24).readableBytesView)
      return try answer(model, try JSONParser.parse(bytes), flaw, dialect)
    }
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    return try await application.test(.live) { client in
      let backend = try await RerankBackend.connect(
        BackendSettings(address: "http://127.0.0.1:\(client.port ?? 0)"))
      #expect(backend.dialect == dialect)
      let emulator = try Emulator.test(CheckRerankerTests.model)
      return try await RerankExamination(backend, emulator, emulator.probeSet(includesLong: false)).verdict()
    }
  }

  private static func answer(
    _ model: RerankModel, _ request: JSONValue, _ flaw: Flaw, _ dialect: RerankDialect
  ) throws -> Response {
    let key = dialect == .texts ? "texts" : "documents"
    guard case .string(let query)? = request["query"], case .array(let values)? = request[key] else {
      return TestServer.failure(422, "no query, or no \(key)")
    }
    var instruction = RerankModel.defaultInstruction
    if case .string(let given)? = request["instruction"], flaw != .fixedInstruction { instruction = given }
    let documents = values.compactMap { if case .string(let text) = $0 { text } else { nil } }
    var options = RerankOptions()
    options.activations = .f32
    let scores = try model.rerank(
      query: query, instruction: instruction, documents: documents, options: options)
    let rows = scores.bestFirst().map { score in
      var value = flaw == .returnsLogits ? score.logitDifference : score.score
      if flaw == .dependsOnBatch, documents.count > 1 { value *= 0.5 }
      if flaw == .isUndecided { value = 0.5 }
      let index = score.index + (flaw == .countsFromOne ? 1 : 0)
      return JSONValue.object([
        .init("index", .number(index)),
        .init(dialect == .texts ? "score" : "relevance_score", .number(value)),
      ])
    }
    return TestServer.response(
      200, dialect == .texts ? .array(rows) : .object([.init("results", .array(rows))]))
  }
}
