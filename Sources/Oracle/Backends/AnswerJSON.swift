import ForeignText
import JSON

/// Reads the JSON of an answer. `NaN` and `Infinity`, which Python's json writes and JSON does not have,
/// become null: what they say of a vector is worth knowing.
enum AnswerJSON {
  /// The values that are read of one answer: four times the components of the largest batch that is asked
  /// for. A value takes some thirty times the memory of its text.
  static let valueLimit = 1 << 20

  static func parse(_ bytes: [UInt8]) throws(BackendError) -> JSONValue {
    guard !bytes.isEmpty else { throw .malformed("the answer is empty") }
    do {
      return try JSONParser.parse(bytes, maximumValues: valueLimit)
    } catch {
      guard !error.isTooManyValues else {
        throw .malformed("the answer has more than \(valueLimit) JSON values, which no answer here needs")
      }
      if bytes.starts(with: [0x1F, 0x8B]) {
        throw .malformed("the answer is compressed with gzip, which was not asked for; turn compression off")
      }
      let replaced = replacingNonFinite(bytes)
      if replaced != bytes, let value = try? JSONParser.parse(replaced, maximumValues: valueLimit) {
        return value
      }
      let isPage = bytes.prefix(256).contains(UInt8(ascii: "<")) && bytes.first != UInt8(ascii: "{")
      throw .malformed(
        "the answer is not JSON" + (isPage ? ", but looks like a web page" : "")
          + ": at byte \(error.offset), \(error.reason)")
    }
  }

  private static let literals = ["-Infinity", "Infinity", "NaN", "-nan", "nan", "-inf", "inf"].map {
    Array($0.utf8)
  }

  /// The same with `null` for what is written outside of strings as NaN or infinity in any of the usual
  /// spellings.
  static func replacingNonFinite(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var isInString = false
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if isInString {
        if byte == UInt8(ascii: "\\"), position + 1 < bytes.count {
          result.append(byte)
          position += 1
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
      } else if byte == UInt8(ascii: "\"") {
        isInString = true
      } else if let literal = literals.first(where: { bytes[position...].starts(with: $0) }) {
        result.append("null")
        position += literal.count
        continue
      }
      result.append(bytes[position])
      position += 1
    }
    return result
  }
}

extension String {
  /// The beginning of what a stranger's server says, on one line and fit to be shown.
  func printable(limit: Int = 200) -> String {
    let line = unicodeScalars.prefix(limit).map { ["\n", "\r", "\t"].contains($0) ? " " : $0 }
    var text = UnicodeScalarView()
    text.append(contentsOf: line)
    return String(text).escaped + (unicodeScalars.dropFirst(limit).isEmpty ? "" : "…")
  }
}
