import GGUF
import KernelSelection
import Kernels
import Qwen3
import TestSupport

/// Models of odd shapes: a sequence's states have the same bits on every instruction set, alone or in a
/// batch, on one thread or three, with any chunk length.
enum ShapeFuzzing {
  static func run(_ decisions: inout Decisions) throws {
    let shape = OddShape(&decisions)
    let file = try GGUFFile(storage: ByteStorage(copying: shape.pieces().bytes, path: "odd.gguf"))
    let configuration: ModelConfiguration
    let weights: ModelWeights
    do {
      configuration = try ModelConfiguration(file)
      weights = try ModelWeights(file, configuration)
    } catch {
      return try demandSentence(error)
    }
    let sequences: [[Int32]] = (0..<1 + decisions.below(4)).map { _ in
      (0..<1 + decisions.below(300)).map { _ in Int32(decisions.below(shape.vocabularySize)) }
    }
    let pooling = decisions.element(of: Pooling.allCases)
    let activations = decisions.element(of: ActivationPrecision.allCases)
    let chunkLength = decisions.element(of: [1, 5, 23, 64, 193, 1024])

    func states(_ kernels: any KernelSet, workers: Int, _ batch: [[Int32]], chunkLength: Int) -> [UInt32] {
      let compute = Compute(kernels: kernels, workers: Workers(count: workers))
      let states = Transformer(configuration, weights, compute: compute).run(
        Pass(
          batch.map { TokenSequence($0) }, pooling: pooling, activations: activations,
          chunkLength: chunkLength))
      return (states ?? []).flatMap { $0 }.comparableBits
    }
    let all = supportedKernels()
    let expected = states(all[0], workers: 1, sequences, chunkLength: 1024)
    for kernels in all.dropFirst() {
      try demand(
        states(kernels, workers: 1, sequences, chunkLength: 1024) == expected,
        "\(kernels.name) and \(all[0].name) differ in \(activations): \(shape)")
    }
    try demand(
      states(all[0], workers: 3, sequences, chunkLength: chunkLength) == expected,
      "three threads and chunks of \(chunkLength) change bits in \(activations): \(shape)")
    let alone = sequences.flatMap { states(all[0], workers: 1, [$0], chunkLength: chunkLength) }
    try demand(alone == expected, "a batch changes bits in \(activations): \(shape)")
  }
}

/// A model of any shape that the format allows, with random weights.
struct OddShape: CustomStringConvertible {
  let format: BlockFormat
  let hiddenSize: Int
  let feedForwardSize: Int
  let headDimension: Int
  let keyValueHeadCount: Int
  let groupSize: Int
  let vocabularySize: Int
  let layerCount: Int
  let seed: UInt64

  init(_ decisions: inout Decisions) {
    format = decisions.element(of: BlockFormat.allCases)
    // Rows are whole blocks.
    let block = format.valuesPerBlock
    let limit = block == 1 ? 70 : block == 32 ? 5 : 2
    hiddenSize = block * (1 + decisions.below(limit))
    feedForwardSize = block * (1 + decisions.below(limit))
    keyValueHeadCount = 1 + decisions.below(3)
    groupSize = 1 + decisions.below(decisions.chance(1, in: 8) ? 20 : 4)
    // All heads together are a row of the output projection.
    let step = block == 1 ? 2 : block
    headDimension = step * (1 + decisions.below(block == 1 ? 70 : limit))
    vocabularySize = 1 + decisions.below(40)
    layerCount = 1 + decisions.below(2)
    seed = UInt64(decisions.byte())
  }

  var description: String {
    "\(format), hidden \(hiddenSize), feed forward \(feedForwardSize), heads \(keyValueHeadCount) × \(groupSize) of "
      + "\(headDimension), vocabulary \(vocabularySize), layers \(layerCount), seed \(seed)"
  }

  func pieces() -> ModelPieces {
    var pieces = ModelPieces()
    let headCount = keyValueHeadCount * groupSize
    pieces.set("general.architecture", "qwen3")
    pieces.set("qwen3.block_count", UInt32(layerCount))
    pieces.set("qwen3.context_length", 4096 as UInt32)
    pieces.set("qwen3.embedding_length", UInt32(hiddenSize))
    pieces.set("qwen3.feed_forward_length", UInt32(feedForwardSize))
    pieces.set("qwen3.attention.head_count", UInt32(headCount))
    pieces.set("qwen3.attention.head_count_kv", UInt32(keyValueHeadCount))
    pieces.set("qwen3.attention.key_length", UInt32(headDimension))
    pieces.set("qwen3.attention.layer_norm_rms_epsilon", 1e-6 as Float)
    pieces.set("qwen3.rope.freq_base", 1e6 as Float)
    var random = SeededGenerator(seed: seed)
    func vector(_ name: String, _ count: Int) {
      let content = random.floats(count).flatMap { littleEndian((1 + $0 / 4).bitPattern) }
      pieces.tensors.append(
        .init(name: Array(name.utf8), dimensions: [UInt64(count)], type: 0, content: content))
    }
    func matrix(_ name: String, _ rowCount: Int, _ columnCount: Int) {
      var content = [UInt8](repeating: 0, count: format.byteCount(ofValues: rowCount * columnCount))
      content.withUnsafeMutableBytes {
        format.fillRandom(
          $0.baseAddress!, count: rowCount * columnCount, standardDeviation: 0.3, using: &random)
      }
      pieces.tensors.append(
        .init(
          name: Array(name.utf8), dimensions: [UInt64(columnCount), UInt64(rowCount)],
          type: format.tensorType.rawValue, content: content))
    }
    matrix("token_embd.weight", vocabularySize, hiddenSize)
    vector("output_norm.weight", hiddenSize)
    for layer in 0..<layerCount {
      func name(_ part: String) -> String { "blk.\(layer).\(part).weight" }
      vector(name("attn_norm"), hiddenSize)
      matrix(name("attn_q"), headCount * headDimension, hiddenSize)
      matrix(name("attn_k"), keyValueHeadCount * headDimension, hiddenSize)
      matrix(name("attn_v"), keyValueHeadCount * headDimension, hiddenSize)
      vector(name("attn_q_norm"), headDimension)
      vector(name("attn_k_norm"), headDimension)
      matrix(name("attn_output"), hiddenSize, headCount * headDimension)
      vector(name("ffn_norm"), hiddenSize)
      matrix(name("ffn_gate"), feedForwardSize, hiddenSize)
      matrix(name("ffn_up"), feedForwardSize, hiddenSize)
      matrix(name("ffn_down"), hiddenSize, feedForwardSize)
    }
    return pieces
  }
}
