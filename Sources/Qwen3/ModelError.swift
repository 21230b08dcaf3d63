import GGUF

/// Why a sound GGUF file is not a model that this engine can run. `description` is one sentence for a person.
public enum ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A key or tensor is missing or has the wrong type.
  case file(GGUFError)
  case architecture(found: String)
  case noTensors
  case value(key: String, found: String, needed: String)
  case shape(tensor: String, found: [Int], needed: [Int], because: String)
  case format(tensor: String, found: String)
  /// A reranker was asked for, and the file is none, or does not say how it answers.
  case rankHead(RankHeadError)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .architecture(let found):
      "general.architecture is '\(found)', but this engine runs 'qwen3'; use a Qwen3-Embedding file"
    case .noTensors:
      "the file holds a vocabulary and no tensors: it can be inspected and tokenize, but not embed"
    case .value(let key, let found, let needed):
      "\(key) is \(found), but must be \(needed)"
    case .shape(let tensor, let found, let needed, let because):
      "tensor '\(tensor)' has shape \(found), but \(because) needs \(needed)"
    case .format(let tensor, let found):
      "tensor '\(tensor)' is stored as \(found), which this engine cannot compute; convert the file to one of \(supportedFormats)"
    case .rankHead(let error): error.description
    }
  }

  private var supportedFormats: String {
    """
    F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, \
    IQ2_S, IQ3_XXS, IQ3_S, IQ4_NL, IQ4_XS, TQ1_0, TQ2_0, MXFP4 or NVFP4
    """
  }
}
