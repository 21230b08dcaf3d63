import Testing
import Touchstone

/// The calls that do not block, and what a caller does with their vectors.
@Suite struct EmbedderTests {
  private static let inputs: [EmbeddingInput] = [
    "The file was not found.", "Datei nicht gefunden",
    EmbeddingInput("delete a file", as: .query(task: "Find it")),
  ]

  @Test func asynchronousVectorsHaveTheBitsOfBlockingOnes() async throws {
    let model = try EmbeddingModel(path: DemoModelTests.demo)
    let options = EmbeddingOptions(activations: .i8, dimensions: 64)
    let embedder: any Embedder = model
    let expected = try model.embed(Self.inputs, options: options)
    try await withThrowingTaskGroup(of: [Embedding].self) { group in
      for _ in 0..<8 { group.addTask { try await embedder.embeddings(of: Self.inputs, options: options) } }
      for try await embeddings in group { #expect(embeddings == expected) }
    }
    #expect(embedder.dimensions == 256)
    #expect(try await embedder.embeddings(of: Self.inputs) == model.embed(Self.inputs))
  }

  @Test func aCanceledTaskEndsItsCall() async throws {
    let model = try EmbeddingModel(path: DemoModelTests.demo)
    let long = EmbeddingInput(String(repeating: "word ", count: 4000))
    let task = Task { try await model.embeddings(of: Array(repeating: long, count: 200)) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    await #expect(throws: TouchstoneError.cancelled) { try await task.value }
  }

  @Test func errorsKeepTheirFacts() async throws {
    let model = try EmbeddingModel(path: DemoModelTests.demo)
    await #expect(throws: TouchstoneError.inputTooLong(index: 1, tokens: 7, limit: 4)) {
      try await model.embeddings(
        of: ["one", "The file was not found."], options: EmbeddingOptions(maximumTokens: 4))
    }
  }

  @Test func similarityIsTheCosine() throws {
    let model = try EmbeddingModel(path: DemoModelTests.demo)
    let unit = try model.embed(Self.inputs)
    let raw = try model.embed(Self.inputs, options: EmbeddingOptions(normalization: .none))
    let dot = zip(unit[0].values, unit[1].values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(Double(unit[0].similarity(to: unit[1])) - dot) < 1e-6)
    #expect(abs(raw[0].similarity(to: raw[1]) - unit[0].similarity(to: unit[1])) < 1e-6)
    #expect(abs(unit[2].similarity(to: unit[2]) - 1) < 1e-7)
    let zero = Embedding(values: [0, 0], dimensions: 2, tokenCount: 1, inputTokenCount: 1)
    #expect(zero.similarity(to: zero) == 0)
  }

  @Test func openBLASAgreesAndPromisesNoBits() throws {
    let options = EmbeddingOptions(activations: .f32)
    let ours = try EmbeddingModel(path: DemoModelTests.demo, multiplication: .touchstone)
      .embed(Self.inputs, options: options)
    let theirs = try EmbeddingModel(path: DemoModelTests.demo, multiplication: .openBLAS)
      .embed(Self.inputs, options: options)
    for (a, b) in zip(ours, theirs) { #expect(a.similarity(to: b) > 1 - 1e-7) }
  }
}
