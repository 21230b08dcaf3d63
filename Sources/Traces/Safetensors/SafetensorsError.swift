import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a file of tensors cannot be read, or holds no trace. `description` is one sentence for a person.
package struct SafetensorsError: Error, Equatable, CustomStringConvertible {
  package let path: String
  package let reason: Reason

  package enum Reason: Equatable, Sendable {
    case cannotOpen(code: Int32)
    case notAFile
    case tooShort(byteCount: Int)
    case headerTooLong(claimed: UInt64, limit: Int)
    case headerBeyondEnd(claimed: UInt64, remaining: Int)
    case headerSyntax(offset: Int, reason: String)
    /// The header is JSON, but not a safetensors header.
    case header(String)
    case tensor(String, String)
    case metadata(String, String)
    case noTrace
  }

  package init(_ path: String, _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  package var description: String { "\(path): \(sentence)" }

  private var sentence: String {
    switch reason {
    case .cannotOpen(let code): "cannot be opened: \(String(cString: strerror(code)))"
    case .notAFile: "is not a regular file; name the .safetensors file itself"
    case .tooShort(let byteCount):
      "has \(byteCount) bytes, but a safetensors file begins with 8 that say how long its header is"
    case .headerTooLong(let claimed, let limit):
      "says that its header has \(claimed) bytes, and at most \(limit) are read; it is no safetensors file, or damaged"
    case .headerBeyondEnd(let claimed, let remaining):
      "says that its header has \(claimed) bytes, but \(remaining) remain; it is no safetensors file, or cut off"
    case .headerSyntax(let offset, let reason): "the header is not JSON: at byte \(offset), \(reason)"
    case .header(let reason): "the header \(reason)"
    case .tensor(let name, let reason): "tensor \(name.quoted) \(reason)"
    case .metadata(let key, let reason): "\(key.quoted) of the metadata \(reason)"
    case .noTrace:
      "holds no tensor with a name of a trace, as 'embedding' or 'layers.0.query'; write one with touchstone trace, "
        + "or with the scripts in tools/trace"
    }
  }
}
