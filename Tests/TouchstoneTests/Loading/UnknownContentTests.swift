import GGUF
import Kernels
import Testing
import Touchstone

/// Whatever in a file would change its vectors is computed, or refused by name, or named in a warning.
@Suite struct UnknownContentTests {
  @Test(
    arguments: [
      ("blk.0.attn_q.bias", [128]), ("output_norm.bias", [64]), ("dense_2.weight", [64, 64]),
      ("projector.0.weight", [64, 64]), ("token_embd.scale", [1]), ("v.blk.0.attn_q.weight", [128, 64]),
      ("rope_freqs.weight", [16]), ("blk.2.attn_norm.weight", [64]), ("token_embd_norm.weight", [64]),
      ("blk.0.attn_norm.weight\u{301}", [64]),
    ] as [(String, [Int])])
  func refusesATensorThatQwen3DoesNotHave(_ name: String, _ shape: [Int]) throws {
    var model = try EditableModel()
    model.add(name, shape)
    try Doors.expect(
      "the file has tensors that Qwen3 does not have (1: '\(name)'), and without them its vectors would be wrong; use "
        + "a file of the model without them, or the program that they are for", from: model)
  }

  @Test func namesTheFirstOfManyTensors() throws {
    var model = try EditableModel()
    for index in 0..<40 { model.add("projector.\(index).weight", [1]) }
    try Doors.expect(
      "the file has tensors that Qwen3 does not have (40: 'projector.0.weight', 'projector.1.weight', "
        + "'projector.2.weight' and 37 more), and without them its vectors would be wrong; use a file of the model "
        + "without them, or the program that they are for", from: model)
  }

  /// A head that predicts the next token, and frequencies that are divided by 1.
  @Test func takesTensorsThatChangeNoVector() throws {
    var model = try EditableModel()
    model.add("output.weight", [582, 64])
    model.add("rope_freqs.weight", [16], [Float](repeating: 1, count: 16))
    #expect(try Doors.warnings(of: model) == [])
    let original = try EmbeddingModel(path: RefusalTests.path("models/f32.gguf")).embed(["the text"])
    #expect(try model.withFile { try EmbeddingModel(path: $0).embed(["the text"]) } == original)
  }

  @Test(
    arguments: [
      ("logit_scale", .float32(0.5), "0.5", "1: this engine has no such factor"),
      ("residual_scale", .float32(2), "2.0", "1: this engine has no such factor"),
      ("embedding_scale", .float32(8), "8.0", "1: this engine has no such factor"),
      ("expert_count", .uint32(8), "8", "0: Qwen3 has no such part"),
      ("attention.clamp_kqv", .float32(6), "6.0", "0: Qwen3 has no such part"),
      ("attention.temperature_scale", .float32(0.1), "0.1", "0: Qwen3 has no such part"),
      ("final_logit_softcapping", .float32(30), "30.0", "0: Qwen3 has no such part"),
      ("use_parallel_residual", .bool(true), "true", "0: Qwen3 has no such part"),
      ("dense_2_feat_out", .uint32(64), "64", "0: Qwen3 has no such part"),
      (
        "rope.dimension_sections", .array(MetadataArray([4, 6, 6, 0] as [Int32])), "an array of 4 values",
        "0: Qwen3 has no such part"
      ),
      ("tensor_data_layout", .string("Meta\u{1B} AI"), "'Meta\\u{1b} AI'", "0: Qwen3 has no such part"),
      ("rope.dimension_count", .uint32(16), "16", "the head dimension, 32"),
      ("embedding_length_out", .uint32(32), "32", "the embedding length, 64"),
      (
        "attention.sliding_window", .uint32(512), "512",
        "0, or at least the context length, 8192: every token of a text is attended to"
      ),
      ("attention.scale", .float32(1), "1.0", "0, or 1/√32 = 0.17677669"),
    ] as [(String, MetadataValue, String, String)])
  func refusesAKeyThatAsksForAnotherModel(
    _ key: String, _ value: MetadataValue, _ found: String, _ needed: String
  ) throws {
    var model = try EditableModel()
    model.metadata["qwen3.\(key)"] = value
    try Doors.expect("qwen3.\(key) is \(found), but must be \(needed)", from: model)
  }

  @Test func takesKeysThatAskForNothing() throws {
    var model = try EditableModel()
    for (key, value) in [
      ("logit_scale", .float32(1)), ("expert_count", .uint32(0)), ("attention.clamp_kqv", .float32(0)),
      ("use_parallel_residual", .bool(false)), ("rope.dimension_count", .uint32(32)),
      ("vocab_size", .uint32(582)),
      ("attention.sliding_window", .uint32(8192)), ("attention.scale", .float32(0.17677669)),
      ("rope.dimension_sections", .array(MetadataArray([0, 0, 0, 0] as [Int32]))),
      ("attention.causal", .bool(true)),
    ] as [(String, MetadataValue)] {
      model.metadata["qwen3.\(key)"] = value
    }
    #expect(try Doors.warnings(of: model) == [])
  }

  @Test func namesKeysThatNobodyKnows() throws {
    var model = try EditableModel()
    model.metadata["qwen3.attention.new\u{1B}kind"] = .uint32(1)
    model.metadata["qwen3.brand_new"] = .string("x")
    model.metadata["other.brand_new"] = .string("x")
    let warnings = try Doors.warnings(of: model)
    #expect(warnings == [.unknownKeys(["qwen3.attention.new\u{1B}kind", "qwen3.brand_new"])])
    #expect(
      warnings.map(\.description) == [
        "the file has 2 keys that this engine does not know ('qwen3.attention.new\\u{1b}kind', 'qwen3.brand_new'); if they "
          + "change the model, its vectors are wrong"
      ])
  }

  @Test func saysThatTheBaseOfTheRotationIsMissing() throws {
    var model = try EditableModel()
    model.metadata["qwen3.rope.freq_base"] = nil
    #expect(try Doors.warnings(of: model) == [.missingRopeTheta])
  }

  @Test(arguments: [
    (
      "adapter",
      "the file is an adapter (LoRA), which changes a model and is none; merge it into its model and convert that"
    ),
    (
      "imatrix",
      "the file is an importance matrix, which helps to quantize a model and is none; use the model's own file"
    ),
    (
      "mmproj",
      "the file is a projector for images or sound, which belongs to a model and is none; use the model's own file"
    ),
  ])
  func saysWhatAFileBesideAModelIs(_ type: String, _ sentence: String) throws {
    var model = try EditableModel()
    model.metadata["general.type"] = .string(type)
    try Doors.expect(sentence, from: model)
    model.metadata["general.architecture"] = nil
    try Doors.expect(sentence, from: model)
    #expect(try model.withFile { try ModelInspection(path: $0).warnings } == [])
  }

  @Test func refusesNormsOfZeros() throws {
    for name in [
      "output_norm.weight", "blk.1.attn_norm.weight", "blk.0.attn_q_norm.weight", "blk.1.ffn_norm.weight",
    ] {
      var model = try EditableModel()
      model[name].bytes = [UInt8](repeating: 0, count: model[name].bytes.count)
      try Doors.expect(
        "all weights of the norm '\(name)' are 0, as in a download that did not finish; download the file again",
        from: model)
    }
  }

  /// A file whose matrices were never downloaded, only reserved.
  @Test(arguments: [Pooling.last, .mean, .none, .cls], [Normalization.l2, .none])
  func refusesAVectorOfLengthZero(_ pooling: Pooling, _ normalization: Normalization) throws {
    var model = try EditableModel()
    for index in model.tensors.indices where model.tensors[index].shape.count == 2 {
      model.tensors[index].bytes = [UInt8](repeating: 0, count: model.tensors[index].bytes.count)
    }
    var options = EmbeddingOptions()
    options.pooling = pooling
    options.normalization = normalization
    try model.withFile { path in
      let model = try EmbeddingModel(path: path)
      #expect(throws: TouchstoneError.zeroLength(index: 0)) { try model.embed(["a text"], options: options) }
    }
    #expect(
      TouchstoneError.zeroLength(index: 3).description
        == "input 3: the vector has length 0; the file is damaged or incomplete: download it again")
  }

  @Test func refusesAScoreOfAStateOfZeros() throws {
    var model = try EditableModel("rerank-yes-no")
    for index in model.tensors.indices where model.tensors[index].name.hasPrefix("blk") {
      guard model.tensors[index].shape.count == 2 else { continue }
      model.tensors[index].bytes = [UInt8](repeating: 0, count: model.tensors[index].bytes.count)
    }
    model["token_embd.weight"].bytes = [UInt8](repeating: 0, count: model["token_embd.weight"].bytes.count)
    try model.withFile { path in
      let model = try RerankModel(path: path)
      #expect(throws: TouchstoneError.zeroLength(index: 0)) { try model.rerank(query: "q", documents: ["d"]) }
    }
  }

  /// Bidirectional attention and stretched rotations are computed (see the golden vectors of `non-causal` and
  /// `rope-…`).
  @Test func followsABidirectionalModelWithAWarning() throws {
    var model = try EditableModel()
    model.metadata["qwen3.attention.causal"] = .bool(false)
    #expect(try Doors.warnings(of: model) == [.bidirectionalAttention])
    let causal = try EmbeddingModel(path: RefusalTests.path("models/f32.gguf")).embed(["some text"])
    #expect(try model.withFile { try EmbeddingModel(path: $0).embed(["some text"]) } != causal)
  }

  static let scaling = "qwen3.rope.scaling."

  @Test(
    arguments: [
      (
        ["type": .string("longrope"), "factor": .float32(4)], "type", "'longrope'",
        "'none', 'linear' or 'yarn'"
      ),
      (["type": .string("yarn")], "factor", "missing", "there: it says by how much the context is longer"),
      (["type": .string("linear"), "factor": .float32(0)], "factor", "0.0", "a positive number"),
      (["type": .string("linear"), "factor": .float32(.nan)], "factor", "nan", "a positive number"),
      (["factor": .float32(-4)], "factor", "-4.0", "a positive number"),
      (
        ["type": .string("yarn"), "factor": .float32(4), "original_context_length": .uint32(0)],
        "original_context_length", "0", "from 1 to 16777216"
      ),
      (
        ["type": .string("yarn"), "factor": .float32(4), "yarn_ext_factor": .float32(2)], "yarn_ext_factor",
        "2.0",
        "from 0 to 1"
      ),
      (
        ["type": .string("yarn"), "factor": .float32(4), "yarn_attn_factor": .float32(2)], "yarn_attn_factor",
        "2.0",
        "1: attn_factor is the key that counts"
      ),
      (
        ["type": .string("yarn"), "factor": .float32(4), "yarn_beta_fast": .float32(0)], "yarn_beta_fast",
        "0.0",
        "a positive number"
      ),
    ] as [([String: MetadataValue], String, String, String)])
  func refusesARotationThatNobodyKnows(
    _ keys: [String: MetadataValue], _ key: String, _ found: String, _ needed: String
  ) throws {
    var model = try EditableModel()
    for (key, value) in keys { model.metadata[Self.scaling + key] = value }
    try Doors.expect("\(Self.scaling)\(key) is \(found), but must be \(needed)", from: model)
  }

  /// llama.cpp's defaults: a factor alone is linear; the original context is the context.
  @Test func readsTheScalingOfTheRotation() throws {
    func scaling(_ keys: [String: MetadataValue]) throws -> RotaryScaling {
      var model = try EditableModel()
      for (key, value) in keys { model.metadata["qwen3.rope.\(key)"] = value }
      return try model.withFile { try EmbeddingModel(path: $0).configuration.ropeScaling }
    }
    #expect(try scaling([:]) == .none)
    #expect(try scaling(["scaling.type": .string("none"), "scaling.factor": .float32(4)]) == .none)
    #expect(try scaling(["scaling.factor": .float32(4)]) == .linear(factor: 4))
    #expect(try scaling(["scale_linear": .float32(2)]) == .linear(factor: 2))
    #expect(try scaling(["scaling.type": .string("linear"), "scaling.factor": .float32(1)]) == .none)
    var yarn = YarnScaling(factor: 4, originalContextLength: 8192)
    #expect(
      try scaling(["scaling.type": .string("yarn"), "scaling.factor": .float32(4)]) == .yarn(yarn))
    yarn.originalContextLength = 2048
    yarn.attentionFactor = 0.5
    yarn.betaFast = 16
    yarn.betaSlow = 2
    yarn.extrapolation = 0
    #expect(
      try scaling([
        "scaling.type": .string("yarn"), "scaling.factor": .float64(4),
        "scaling.original_context_length": .uint32(2048), "scaling.attn_factor": .float32(0.5),
        "scaling.yarn_beta_fast": .float32(16), "scaling.yarn_beta_slow": .float32(2),
        "scaling.yarn_ext_factor": .float32(0),
      ]) == .yarn(yarn))
  }
}
