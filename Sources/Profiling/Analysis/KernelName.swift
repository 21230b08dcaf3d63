import Kernels
import Touchstone

/// What a stage computes, by its place in the layer: `gate, up`, `attention`.
package enum KernelName: String, CaseIterable, Sendable {
  case tokenize = "tokenizer"
  case lookUp = "look-up"
  case norm = "RMSNorm"
  case quantize
  case queryKeyValue = "query, key, value"
  case headNorm = "RMSNorm of heads"
  case rotate = "rotation"
  case store = "store keys, values"
  case attention
  case attentionOutput = "attention output"
  case residual
  case gateUp = "gate, up"
  case swiGLU = "SwiGLU"
  case down
  case scale = "matrix factor"
  case pooling
  case other

  package var isMultiply: Bool {
    switch self {
    case .queryKeyValue, .attentionOutput, .gateUp, .down: true
    default: false
    }
  }
}

extension Recording {
  /// By stage. A multiply is told from the others by what came before it in its layer.
  package var kernelNames: [KernelName] {
    var multiply = KernelName.queryKeyValue
    var place: (pass: Int, layer: Int?) = (-1, nil)
    return stages.map { stage in
      if place != (stage.pass, stage.layer) {
        place = (stage.pass, stage.layer)
        multiply = .queryKeyValue
      }
      switch stage.operation {
      case .lookUp: return .lookUp
      case .quantize: return .quantize
      case .multiply: return multiply
      case .attend:
        multiply = .attentionOutput
        return .attention
      case .normalize:
        // The norm of the feed-forward block follows the attention's output, the next chunk's the whole
        // layer.
        multiply = multiply == .attentionOutput ? .gateUp : .queryKeyValue
        return .norm
      case .normalizeHeads: return .headNorm
      case .rotate: return .rotate
      case .store: return .store
      case .activate:
        multiply = .down
        return .swiGLU
      case .add: return .residual
      case .scale: return .scale
      case .other:
        return stage.stage == .tokenize ? .tokenize : stage.stage == .pooling ? .pooling : .other
      }
    }
  }
}
