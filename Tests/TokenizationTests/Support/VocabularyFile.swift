import GGUF
import Tokenization

/// The lists of strings and types of a GGUF file's vocabulary.
struct VocabularyFile {
  var tokens: [String]
  var types: [Int32]
  var merges: [String]

  init(_ name: String) throws {
    let metadata = try GGUFFile.open(path: TestData.folder.appending(path: name).path).metadata
    tokens = try metadata.array("tokenizer.ggml.tokens").strings()
    types = try metadata.array("tokenizer.ggml.token_type").integers(as: Int32.self)
    merges = try metadata.array("tokenizer.ggml.merges").strings()
  }
}
