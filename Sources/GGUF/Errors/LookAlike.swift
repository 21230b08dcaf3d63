extension GGUFError {
  /// The likely kind of a file that is not GGUF, by its first bytes.
  ///
  /// Nearly all files that fail the magic number are one of these: a web page or an error message saved
  /// instead of the model, a git checkout without its large files, or weights in another format.
  public enum LookAlike: Hashable, Sendable {
    case html
    case xml
    case json
    case gitLFSPointer
    case safetensors
    case pyTorch
    case zip
    case gzip
    case zstandard
    case legacyGGML
    /// Only zero bytes at the start: space was reserved for a download that did not finish.
    case zeros
    /// Some other readable text.
    case text
    /// Up to four bytes as found.
    case unknown([UInt8])

    /// How many of the first bytes ``init(firstBytes:)`` wants to see.
    static let byteCount = 256

    init(firstBytes bytes: [UInt8]) {
      let magic = Array(bytes.prefix(4))
      let text = bytes.drop { $0 == 0xEF || $0 == 0xBB || $0 == 0xBF || isWhitespace($0) }
      if begins(bytes, with: "PK\u{3}\u{4}") {
        // A PyTorch checkpoint is a zip archive whose first member is the pickle with its tensor table.
        self = contains(bytes, "data.pkl") ? .pyTorch : .zip
      } else if bytes.count >= 2, bytes[0] == 0x80, (2...5).contains(bytes[1]) {
        self = .pyTorch
      } else if isSafetensors(bytes) {
        self = .safetensors
      } else if ["lmgg", "fmgg", "tjgg", "algg"].contains(where: { begins(bytes, with: $0) }) {
        self = .legacyGGML
      } else if magic.prefix(2) == [0x1F, 0x8B] {
        self = .gzip
      } else if magic == [0x28, 0xB5, 0x2F, 0xFD] {
        self = .zstandard
      } else if !bytes.isEmpty, bytes.allSatisfy({ $0 == 0 }) {
        self = .zeros
      } else if begins(text, with: "version https://git-lfs") {
        self = .gitLFSPointer
      } else if ["<!doctype html", "<html", "<head"].contains(where: { begins(text, with: $0) }) {
        self = .html
      } else if begins(text, with: "<?xml") || begins(text, with: "<error") {
        self = .xml
      } else if begins(text, with: "{") || begins(text, with: "[") {
        self = .json
      } else if !text.isEmpty, text.allSatisfy({ isWhitespace($0) || (0x20..<0x7F).contains($0) }) {
        self = .text
      } else {
        self = .unknown(magic)
      }
    }
  }
}

private func isWhitespace(_ byte: UInt8) -> Bool {
  byte == 0x20 || (0x09...0x0D).contains(byte)
}

/// Whether `bytes` begin with ASCII `text`, in either case.
private func begins(_ bytes: some Sequence<UInt8>, with text: String) -> Bool {
  bytes.lazy.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }.starts(with: text.lowercased().utf8)
}

private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
  bytes.indices.contains { bytes[$0...].starts(with: text.utf8) }
}

/// A safetensors file begins with the length of a JSON object, 8 bytes little-endian, and the object.
private func isSafetensors(_ bytes: [UInt8]) -> Bool {
  guard bytes.count > 9 else { return false }
  let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  // 100 MB is the format's own limit for the object.
  return bytes[8] == UInt8(ascii: "{") && (2...100_000_000).contains(length)
}
