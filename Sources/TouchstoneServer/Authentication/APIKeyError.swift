/// Why keys cannot be used. `description` is one sentence, and never has the key in it.
package enum APIKeyError: Error, Equatable, CustomStringConvertible {
  case empty(source: String)
  case tooLong(source: String, length: Int)
  case unusableCharacter(source: String)
  case cannotRead(path: String, reason: String)
  /// A file without keys would leave the service open to everybody.
  case noKeys(path: String)

  package var description: String {
    switch self {
    case .empty(let source):
      "the API key from \(source) is empty; give one of 1 to \(APIKeys.maximumLength) characters"
    case .tooLong(let source, let length):
      "the API key from \(source) has \(length) characters, but at most \(APIKeys.maximumLength) are allowed"
    case .unusableCharacter(let source):
      "the API key from \(source) has a space or a character outside printable ASCII, which cannot be sent in a "
        + "header; use the characters from '!' to '~'"
    case .cannotRead(let path, let reason): "cannot read the API keys in \(path): \(reason)"
    case .noKeys(let path):
      "\(path) has no API key, and the service would be open to everybody; write one key a line, or leave out "
        + "--api-key-file"
    }
  }
}
