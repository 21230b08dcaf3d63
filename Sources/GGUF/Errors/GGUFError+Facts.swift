import ForeignText

// The words for the facts that errors carry.

extension GGUFError.Item {
  /// The item as the subject of a sentence.
  var subject: String {
    switch self {
    case .header: "the header"
    case .metadataCount: "the number of metadata keys"
    case .metadataKey(let number): "the name of metadata key \(Wording.grouped(number))"
    case .metadataValue(let key): "the value of metadata key \(key.quoted)"
    case .tensorCount: "the number of tensors"
    case .tensorName(let number): "the name of tensor \(Wording.grouped(number))"
    case .tensorDescription(let name): "the description of tensor \(name.quoted)"
    }
  }
}

extension GGUFError.SystemCall {
  var failure: String {
    switch self {
    case .open: "the file cannot be opened"
    case .readStatus: "the file's size cannot be read"
    case .map: "the file cannot be mapped into memory"
    case .create: "the file cannot be created"
    case .write: "the file cannot be written"
    case .rename: "the file cannot be given its name"
    }
  }
}

extension GGUFError.FileKind {
  var name: String {
    switch self {
    case .directory: "directory"
    case .device: "device or pipe"
    }
  }
}

extension GGUFError.LookAlike {
  var sentence: String {
    switch self {
    case .html: looksLike("a web page", "download the file itself, not the page about it")
    case .xml: looksLike("an XML document, perhaps a server's error message", Self.again)
    case .json: looksLike("JSON, perhaps a server's error message", Self.again)
    case .text: looksLike("plain text, perhaps a server's error message", Self.again)
    case .gitLFSPointer: looksLike("a git-lfs pointer, which only names the real file", "run git lfs pull")
    case .safetensors: looksLike("a safetensors file", Self.convert)
    case .pyTorch: looksLike("a PyTorch checkpoint", Self.convert)
    case .zip: looksLike("a zip archive", "unpack it")
    case .gzip: looksLike("a gzip archive", "unpack it")
    case .zstandard: looksLike("a Zstandard archive", "unpack it")
    case .legacyGGML: looksLike("a GGML file from before GGUF", Self.convert)
    case .zeros: "the file begins with zeros, as an unfinished download does; download it again"
    case .unknown(let bytes):
      "the file begins with the bytes \(Self.hexadecimal(bytes)), "
        + "but a GGUF file begins with 47 47 55 46 ('GGUF'); check that this is the right file"
    }
  }

  private static let again = "download the model again"
  private static let convert = "download or convert a GGUF version of the model"

  private func looksLike(_ what: String, _ remedy: String) -> String {
    "the file is not GGUF but looks like \(what); \(remedy)"
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
  }
}
