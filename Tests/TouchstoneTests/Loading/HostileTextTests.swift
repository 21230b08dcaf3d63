import GGUF
import Qwen3
import TestSupport
import Testing
import Tokenization
import Touchstone

/// Text that a file holds: in no sentence does it steer a terminal or fill a screen, and nowhere does it take
/// long.
@Suite struct HostileTextTests {
  static let hostile =
    "\u{1B}]0;title\u{07}\u{1B}[31m\r\n\u{202E}\u{9B}" + String(repeating: "x", count: 70_000)

  /// Sentences are one line of visible characters, of a length that people read.
  static func expectHarmless(_ sentence: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let steering = sentence.unicodeScalars.filter {
      [.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
    }
    #expect(steering.isEmpty, "\(sentence.debugDescription)", sourceLocation: sourceLocation)
    #expect(sentence.utf8.count < 2000, sourceLocation: sourceLocation)
  }

  @Test func noErrorSaysItRaw() {
    let text = Self.hostile
    let model: [ModelError] = [
      .architecture(found: text), .shape(tensor: text, found: [1], needed: [2], because: "the model"),
      .format(tensor: text, found: "Q4_2"), .unknownTensors([text, text, text, text]),
      .zeroNorm(tensor: text),
      .rerankerHead(.labels([text, text, text, text, text], rowCount: 2)), .rerankerHead(.otherTensor(text)),
      .rerankerHead(.missingToken(text)),
    ]
    for error in model { Self.expectHarmless(error.description) }
    let file: [GGUFError.Reason] = [
      .duplicateKey(text), .missingKey(text), .wrongMetadataType(key: text, found: "a", needed: "b"),
      .outOfRange(key: text, found: "1", needed: "2"), .unknownMetadataType(key: text, id: 1, offset: 2),
      .invalidBool(key: text, found: 2, offset: 3), .nestedTooDeep(key: text, limit: 8),
      .duplicateTensor(text),
      .missingTensor(text), .nameTooLong(text, byteCount: 1, limit: 2),
      .dimensionCount(tensor: text, found: 9, limit: 4), .emptyDimension(tensor: text, shape: [0]),
      .tensorTooLarge(tensor: text, shape: [1]), .unknownTensorType(tensor: text, id: 99),
      .partialBlock(tensor: text, type: "Q4_0", blockSize: 32, rowLength: 3),
      .misalignedTensor(tensor: text, offset: 1, alignment: 32),
      .tensorBeyondEnd(tensor: text, needed: 1, offset: 2, remaining: 0),
      .overlappingTensors(first: text, firstEnd: 1, second: text, secondOffset: 0),
      .partDisagrees(key: text, found: 1, needed: 2), .tensorByteCount(tensor: text, written: 1, needed: 2),
      .truncated(.metadataValue(key: text), offset: 1, needed: 2, remaining: 0),
      .truncated(.tensorDescription(name: text), offset: 1, needed: 2, remaining: 0),
    ]
    for reason in file { Self.expectHarmless(reason.description) }
    Self.expectHarmless(TokenizationError.unknownMergeToken(merge: 1, text: text).description)
    let warnings: [ModelWarning] = [
      .otherArchitecture(text), .otherTokenizer(model: text, splitting: text),
      .wrongEndOfText(id: 1, text: text, expected: 2), .unknownKeys([text, text, text, text]),
    ]
    for warning in warnings { Self.expectHarmless(warning.description) }
    // A path is the caller's: whole, and escaped.
    for error in [
      TouchstoneError.model(path: "/\u{1B}[31m", .noTensors),
      .vocabulary(path: "/\u{1B}[31m", .missingControlToken("x")),
      .file(GGUFError("/\u{1B}[31m", .emptyFile)),
    ] {
      #expect(error.description.hasPrefix("/\\u{1b}[31m: the "))
    }
  }

  static let keys = [
    "general.architecture", "general.type", "tokenizer.ggml.model", "tokenizer.ggml.pre",
    "qwen3.rope.scaling.type", "qwen3.logit_scale", "qwen3.pooling_type", "qwen3.attention.causal",
    "tokenizer.ggml.eos_token_id", "tokenizer.ggml.tokens", "general.name",
  ]

  @Test(arguments: keys) func noFileSaysItRaw(_ key: String) throws {
    var model = try EditableModel()
    model.metadata[key] = .string(Self.hostile)
    model.metadata["qwen3.new" + Self.hostile.prefix(60_000)] = .uint8(1)
    try model.withFile { path in
      let inspection = try ModelInspection(path: path)
      for error in inspection.errors { Self.expectHarmless(error) }
      for warning in inspection.warnings { Self.expectHarmless(warning.description) }
      do {
        for warning in try AnyModel(path: path).warnings { Self.expectHarmless(warning.description) }
      } catch {
        Self.expectHarmless("\(error)")
      }
    }
  }

  @Test func noListOfAFileSaysItRaw() throws {
    var labels = try EditableModel("rerank-yes-no")
    labels.metadata["qwen3.classifier.output_labels"] = .array(MetadataArray([Self.hostile, "no"]))
    var merges = try EditableModel()
    merges.metadata["tokenizer.ggml.merges"] = .array(
      MetadataArray([Self.hostile.filter { $0 != " " } + " a"]))
    var tensor = try EditableModel()
    tensor.add("\u{1B}[31m\u{202E}", [1])
    for model in [labels, merges, tensor] {
      try model.withFile { path in
        let error = #expect(throws: TouchstoneError.self) { try AnyModel(path: path) }
        Self.expectHarmless(error?.description ?? "")
        for error in try ModelInspection(path: path).errors { Self.expectHarmless(error) }
      }
    }
  }

  /// Marks whose classes alternate take Unicode comparison a quadratic time: minutes for 80 KB in a key or a
  /// value.
  @Test(arguments: keys + ["qwen3.classifier.output_labels", "tokenizer.chat_template.rerank"])
  func marksTakeNoTime(_ key: String) throws {
    let excess = try Growth.excess(key, from: 1 << 15) { size in
      let marks = String(repeating: "\u{301}\u{323}", count: size / 4)
      var model = try EditableModel("rerank-tied")
      model.metadata[key] = key.hasSuffix("labels") ? .array(MetadataArray([marks, marks])) : .string(marks)
      model.metadata["x" + marks.unicodeScalars.prefix(15_000).map(String.init).joined()] = .uint8(1)
      // The file is read again and again; it goes when the test ends.
      let folder = TemporaryFiles()
      let path = try folder.add(model)
      return {
        _ = try? ModelInspection(path: path)
        _ = try? AnyModel(path: path, threads: 1)
        _ = folder
      }
    }
    #expect(excess == nil)
  }
}
