import ForeignText
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
  /// The file belongs to a model and is none.
  case companionFile(CompanionFile)
  /// Tokens that the embedding table has no row for.
  case missingRows(tokenCount: Int, rowCount: Int)
  /// Tensors that Qwen3 does not have.
  case unknownTensors([String])
  /// A norm whose weights are all 0.
  case zeroNorm(tensor: String)
  /// A reranker was asked for, and the file is none, or does not say how it answers.
  case rerankerHead(RerankerHeadError)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .architecture(let found):
      "general.architecture is \(found.quoted), but this engine runs 'qwen3'; use a Qwen3-Embedding file"
    case .noTensors:
      "the file holds a vocabulary and no tensors: it can be inspected and tokenize, but not embed"
    case .value(let key, let found, let needed):
      "\(key) is \(found), but must be \(needed)"
    case .shape(let tensor, let found, let needed, let because):
      "tensor \(tensor.quoted) has shape \(found), but \(because) needs \(needed)"
    case .format(let tensor, let found):
      "tensor \(tensor.quoted) is stored as \(found), which this engine cannot compute; convert the file to one of \(supportedFormats)"
    case .companionFile(let kind): kind.sentence
    case .missingRows(let tokenCount, let rowCount):
      "the vocabulary has \(tokenCount) tokens, but \(TensorName.tokenEmbedding) has only \(rowCount) rows: tokens "
        + "\(rowCount) to \(tokenCount - 1) have no embedding; convert the model again, with the tokenizer that belongs to it"
    case .unknownTensors(let names):
      "the file has tensors that Qwen3 does not have (\(names.count): \(names.quotedList(limit: 3))), and without them its "
        + "vectors would be wrong; use a file of the model without them, or the program that they are for"
    case .zeroNorm(let tensor):
      "all weights of the norm \(tensor.quoted) are 0, as in a download that did not finish; download the file again"
    case .rerankerHead(let error): error.description
    }
  }

  private var supportedFormats: String {
    """
    F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, \
    IQ2_S, IQ3_XXS, IQ3_S, IQ4_NL, IQ4_XS, TQ1_0, TQ2_0, MXFP4 or NVFP4
    """
  }
}

/// Files that belong to a model and are none, by their `general.type`.
public enum CompanionFile: String, CaseIterable, Sendable {
  /// LoRA.
  case adapter
  case importanceMatrix = "imatrix"
  case projector = "mmproj"

  /// Adapters and the like name their type, and may name the architecture of the model that they are for.
  package init?(_ metadata: Metadata) {
    let type = try? metadata.stringIfPresent("general.type")
    let kind = Self.allCases.first { type?.hasBytes(of: $0.rawValue) ?? false }
    guard let kind = kind ?? (metadata["adapter.type"] == nil ? nil : .adapter) else { return nil }
    self = kind
  }

  fileprivate var sentence: String {
    switch self {
    case .adapter:
      "the file is an adapter (LoRA), which changes a model and is none; merge it into its model and convert that"
    case .importanceMatrix:
      "the file is an importance matrix, which helps to quantize a model and is none; use the model's own file"
    case .projector:
      "the file is a projector for images or sound, which belongs to a model and is none; use the model's own file"
    }
  }
}
