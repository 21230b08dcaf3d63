import Foundation
import Testing
import Touchstone

/// The whole way from text to vector, on the model in the repository, against transformers and tokenizers.
@Suite struct DemoModelTests {
  static let testdata = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "testdata")
  static let demo = testdata.appending(path: "demo/demo-q4_k_m.gguf").path

  struct Golden: Decodable {
    struct Slice: Decodable {
      let offset: Int
      let count: Int
    }
    struct Case: Decodable {
      let name: String
      let pooling: Pooling
      let dimensions: Int
      let text: String?
      let instruction: String?
      let ids: [Int32]
      let vector: Slice
    }
    let floats: String
    let cases: [Case]

    static func load() throws -> (golden: Golden, floats: [Float]) {
      let json = try Data(contentsOf: testdata.appending(path: "golden/demo.json"))
      let golden = try JSONDecoder().decode(Golden.self, from: json)
      let bytes = try Data(contentsOf: testdata.appending(path: golden.floats))
      let floats = bytes.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map {
          Float(
            bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
        }
      }
      return (golden, floats)
    }
  }

  @Test func textsBecomeTheReferenceVectors() throws {
    let (golden, floats) = try Golden.load()
    let model = try EmbeddingModel(path: Self.demo)
    #expect(model.warnings.isEmpty)
    let texts = golden.cases.filter { $0.text != nil }
    #expect(texts.count > 30)
    for testCase in texts {
      let role = testCase.instruction.map { EmbeddingRole.query(task: $0) } ?? .document
      let input = EmbeddingInput(try #require(testCase.text), as: role)
      var options = EmbeddingOptions()
      options.activations = .f32
      options.dimensions = testCase.dimensions
      options.pooling = testCase.pooling
      let embedding = try #require(try model.embed([input], options: options).first)
      let expected = floats[testCase.vector.offset..<testCase.vector.offset + testCase.vector.count]
      #expect(embedding.tokenCount == testCase.ids.count, "\(testCase.name)")
      let difference = zip(embedding.values, expected).map { abs($0 - $1) }.max() ?? 1
      #expect(
        embedding.values.count == expected.count && difference < 2e-6, "\(testCase.name): \(difference)")
    }
  }

  @Test func tokenIDsGiveTheVectorOfTheirText() throws {
    let model = try EmbeddingModel(path: Self.demo)
    let ids = model.tokenizer.tokenIDs(of: "Permission denied")
    let inputs: [EmbeddingInput] = [
      "Permission denied", EmbeddingInput(.tokenIDs(ids)), EmbeddingInput(.tokenIDs(ids.dropLast())),
    ]
    let embeddings = try model.embed(inputs)
    #expect(embeddings[0] == embeddings[1])
    #expect(embeddings[0] == embeddings[2])
  }

  @Test func queriesCarryTheInstruction() throws {
    let model = try EmbeddingModel(path: Self.demo)
    let query = EmbeddingInput("disk full", as: .query)
    let written: EmbeddingInput =
      "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:disk full"
    let embeddings = try model.embed([query, written, "disk full"])
    #expect(embeddings[0] == embeddings[1])
    #expect(embeddings[0] != embeddings[2])
  }

  @Test func dimensionsAreSlicedThenNormalized() throws {
    let model = try EmbeddingModel(path: Self.demo)
    var options = EmbeddingOptions()
    options.normalization = .none
    let state = try model.embed(["Guten Tag"], options: options)[0].values
    options.normalization = .l2
    options.dimensions = 64
    let vector = try model.embed(["Guten Tag"], options: options)[0]
    #expect(vector.dimensions == 64 && vector.values.count == 64)
    let length = state.prefix(64).reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(vector.values == state.prefix(64).map { Float(Double($0) / length) })
  }

  @Test func poolingNoneGivesAVectorAToken() throws {
    let model = try EmbeddingModel(path: Self.demo)
    var options = EmbeddingOptions()
    options.pooling = Pooling.none
    let embedding = try model.embed(["No such file or directory"], options: options)[0]
    #expect(embedding.vectors.count == embedding.tokenCount)
    #expect(Array(embedding.vectors.last ?? []) == (try model.embed(["No such file or directory"])[0].values))
  }

  @Test func theEmptyTextHasAVector() throws {
    let embedding = try EmbeddingModel(path: Self.demo).embed([""])[0]
    #expect(embedding.tokenCount == 1)
    #expect(embedding.values.contains { $0 != 0 })
  }

  @Test func manyThreadsMayUseOneModel() async throws {
    let model = try EmbeddingModel(path: Self.demo)
    let texts = (0..<40).map { EmbeddingInput("message number \($0)") }
    let expected = try model.embed(texts)
    try await withThrowingTaskGroup(of: (Int, Embedding).self) { group in
      for (index, text) in texts.enumerated() {
        group.addTask { (index, try model.embed([text])[0]) }
      }
      for try await (index, embedding) in group { #expect(embedding == expected[index]) }
    }
  }
}
