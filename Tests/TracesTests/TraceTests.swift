import GGUF
import TestModels
import Testing
import Touchstone
import Traces

/// What a trace holds.
struct TraceTests {
  private static let ids: [Int32] = [5, 99, 3, 200, 7, 41, 12, 250, 77]

  @Test func namesReadBackAndAreInOrder() {
    let points = TraceName.allCases.flatMap { name in
      name.isInLayers ? [TracePoint(name, layer: 0), TracePoint(name, layer: 11)] : [TracePoint(name)]
    }
    for point in points { #expect(TracePoint("\(point)") == point) }
    let sorted = points.sorted().map { "\($0)" }
    #expect(sorted.first == "embedding")
    #expect(sorted.suffix(3) == ["final_norm", "pooled", "vector"])
    #expect(sorted[1] == "layers.0.attention_norm" && sorted[17] == "layers.0.feed_forward_residual")
    #expect(sorted[18] == "layers.11.attention_norm")
    for name in [
      "layers.0.embedding", "query", "layers.-1.query", "layers.01.query", "layers.1.quer", "layers.1", "",
    ] {
      #expect(TracePoint(name) == nil, "\(name)")
    }
  }

  @Test func selections() throws {
    let some = try TraceSelection(layers: "0,2-3,last", names: "query,vector").points(layerCount: 6)
    #expect(
      some.map(\.description) == [
        "layers.0.query", "layers.2.query", "layers.3.query", "layers.5.query", "vector",
      ])
    #expect(try TraceSelection.all.points(layerCount: 2).count == 2 * 17 + 4)
    #expect(try TraceSelection(layers: "3-last", names: "up").points(layerCount: 5).map(\.layer) == [3, 4])
    for layers in ["", "a", "3-1", "-1", "1-", "1,,2", "last-0"] {
      #expect(throws: TraceSelectionError.self) { try TraceSelection(layers: layers, names: nil) }
    }
    #expect { try TraceSelection(layers: "0-9", names: nil).points(layerCount: 3) } throws: {
      "\($0)" == "there is no layer 9: this model has 3, counted from 0"
    }
    #expect(throws: TraceSelectionError.name("qery")) { try TraceSelection(layers: nil, names: "qery") }
  }

  /// Chunks are a matter of memory: the file is the same, byte for byte, and its vector is that of `embed`.
  @Test(arguments: ["f32", "q4_k_m"], ActivationPrecision.allCases)
  func theFileDependsOnTheTextAlone(_ name: String, _ activations: ActivationPrecision) throws {
    let model = try TestModels.load(name)
    var options = TestModels.options(activations)
    options.dimensions = 20
    var files: [[UInt8]] = []
    for batchTokens in [1024, 4, 1] {
      options.batchTokens = batchTokens
      let output = MemoryOutput()
      let recorder = try TraceRecorder(model, Self.ids, options: options)
      try recorder.write(to: output)
      #expect(output.bytes.count == recorder.layout.byteCount)
      files.append(output.bytes)
    }
    #expect(files[1] == files[0] && files[2] == files[0])
    let trace = try TraceFile(SafetensorsFile(ByteStorage(copying: files[0])))
    let end = try #require(model.tokenizer.endOfText)
    #expect(trace.metadata.tokenIDs == Self.ids && Self.ids.last != end)
    #expect(trace.points.count == 17 * model.configuration.layerCount + 4)
    let vector = try #require(try trace.rows(0..<1, of: TracePoint(.vector)))
    // The ids above have no end of text; embed would append one, so it gets those that have.
    let complete = Self.ids + [end]
    let whole = try TraceBytes(model, complete, activations: activations)
    let embedded = try model.embed(
      [EmbeddingInput(.tokenIDs(complete))], options: TestModels.options(activations))
    #expect(Array(whole[TracePoint(.vector)].row(0)) == embedded[0].values)
    #expect(vector.columnCount == 20)
  }

  @Test func aTraceSaysHowItWasMadeAndNotWhatTheTextWas() throws {
    let model = try TestModels.load("q8_0")
    let output = MemoryOutput()
    try TraceRecorder(
      model, Self.ids, options: TestModels.options(.i8),
      selection: try TraceSelection(layers: "last", names: "gate,pooled"),
      metadata: ["model": "m"]
    ).write(to: output)
    let file = try SafetensorsFile(ByteStorage(copying: output.bytes))
    #expect(file.tensors.map(\.name) == ["layers.1.gate", "pooled"])
    #expect(file.metadata["trace"] == "1")
    #expect(file.metadata["precision"] == "i8")
    #expect(file.metadata["token_ids"] == "[5,99,3,200,7,41,12,250,77]")
    #expect(file.metadata["model"] == "m")
    #expect(file.metadata["text"] == nil)
    #expect(try TraceMetadata(file.metadata).shape == TraceMetadata.Shape(model.configuration))
  }

  @Test(arguments: [
    (["trace": "2"], "is '2', but this program reads version 1"),
    (["token_ids": "[1,"], "is not a JSON array of whole numbers"),
    (["token_ids": "[1.5]"], "is not a JSON array of whole numbers"),
    (["precision": "f64"], "is 'f64', but must be one of f32, i16, f16, bf16, i8, q8_k"),
    (["layer_count": "-1"], "is '-1', but must be a whole number from 1"),
    (["rope_theta": "nan"], "is 'nan', but must be a number from 1"),
  ])
  func metadataThatLie(metadata: [String: String], sentence: String) {
    #expect {
      try TraceMetadata(metadata)
    } throws: { error in
      "\(SafetensorsError("f", error as! SafetensorsError.Reason))".hasSuffix(sentence)
    }
  }

  @Test func idsOutsideOfTheModelAreRefused() throws {
    let model = try TestModels.load("f32")
    for ids in [[], [-1], [1 << 30]] as [[Int32]] {
      #expect(throws: TouchstoneError.self) {
        try TraceRecorder(model, ids, options: TestModels.options(.f32)).write(to: MemoryOutput())
      }
    }
  }

  /// A writer that fails ends the pass, with its own error.
  @Test func aFullDiskEndsThePass() throws {
    struct Full: Error {}
    struct FullOutput: PositionedOutput {
      func write(_ bytes: [UInt8], at offset: Int) throws { if offset > 0 { throw Full() } }
    }
    let model = try TestModels.load("f32")
    #expect(throws: Full.self) {
      try TraceRecorder(model, Self.ids, options: TestModels.options(.f32)).write(to: FullOutput())
    }
  }
}
