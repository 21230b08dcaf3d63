import ForeignText
import HTTPTypes
import TouchstoneServer

/// A form with files (RFC 7578), as clients upload documents.
struct MultipartForm {
  struct Part: Equatable {
    var name: String
    /// As the client wrote it. nil: no file.
    var filename: String?
    var bytes: ArraySlice<UInt8>
  }

  let parts: [Part]

  private static let partLimit = 256
  private static let headerBytes = 16 << 10

  /// - Throws: ``ServiceError/malformed(_:)`` where the body is no such form.
  init(_ body: [UInt8], contentType: String?) throws(ServiceError) {
    guard let contentType, let boundary = Self.boundary(contentType) else {
      throw .malformed(
        "the body must be a form with a file: Content-Type multipart/form-data with its boundary")
    }
    let mark = Array("--".utf8) + boundary
    guard let first = Self.find(mark, in: body[...]), Self.isLineStart(first, body) else {
      throw .malformed("the form's boundary is not in its body")
    }
    var parts: [Part] = []
    var position = first + mark.count
    while true {
      if body[position...].starts(with: "--".utf8) { break }
      // White space after a boundary is allowed.
      guard let line = Self.find([0x0D, 0x0A], in: body[position...].prefix(256)) else {
        throw .malformed("the form ends inside a part")
      }
      let start = line + 2
      guard parts.count < Self.partLimit else {
        throw .tooMany("the form has more than \(Self.partLimit) parts; send several")
      }
      // The next boundary stands behind a line end, which is part of it.
      guard let end = Self.find([0x0D, 0x0A] + mark, in: body[(start - 2)...]) else {
        throw .malformed("the form ends inside a part")
      }
      let part = end < start ? body[start..<start] : body[start..<end]
      parts.append(try Self.part(part))
      position = end + 2 + mark.count
    }
    self.parts = parts
  }

  /// The value of a part that is no file.
  func text(_ name: String) throws(ServiceError) -> String? {
    guard let part = parts.first(where: { $0.name.hasBytes(of: name) && $0.filename == nil }) else {
      return nil
    }
    guard let text = String(validating: part.bytes, as: UTF8.self) else {
      throw .invalid(parameter: name, "is not UTF-8")
    }
    return text
  }

  func count(_ name: String, _ range: ClosedRange<Int>) throws(ServiceError) -> Int? {
    guard let text = try text(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .invalid(
        parameter: name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// The parts that are files.
  var files: [Part] { parts.filter { $0.filename != nil } }

  private static func part(_ bytes: ArraySlice<UInt8>) throws(ServiceError) -> Part {
    guard let blank = find([0x0D, 0x0A, 0x0D, 0x0A], in: bytes.prefix(headerBytes)) else {
      throw .malformed("a part of the form has no end of its headers")
    }
    var part = Part(name: "", filename: nil, bytes: bytes[(blank + 4)...])
    for line in bytes[..<blank].split(separator: 0x0A) {
      let text = String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
      guard let colon = text.firstIndex(of: ":"), text[..<colon].lowercased() == "content-disposition" else {
        continue
      }
      for (name, value) in parameters(String(text[text.index(after: colon)...])) {
        switch name {
        case "name": part.name = value
        case "filename" where part.filename == nil: part.filename = value
        // RFC 8187: a name that is not ASCII.
        case "filename*":
          let pieces = value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
          if pieces.count == 3, pieces[0].lowercased() == "utf-8",
            let decoded = String(pieces[2]).percentDecoded
          {
            part.filename = decoded
          }
        default: break
        }
      }
    }
    guard !part.name.isEmpty else { throw .malformed("a part of the form has no name") }
    return part
  }

  /// `form-data; name="file"; filename="a \"b\".pdf"`.
  private static func parameters(_ text: String) -> [(String, String)] {
    var result: [(String, String)] = []
    var rest = text.unicodeScalars.drop { $0 != ";" }
    while rest.first == ";" {
      rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
      let name = rest.prefix { $0 != "=" && $0 != ";" }
      rest = rest.dropFirst(name.count)
      guard rest.first == "=" else { continue }
      rest = rest.dropFirst()
      var value = String.UnicodeScalarView()
      if rest.first == "\"" {
        rest = rest.dropFirst()
        while let scalar = rest.popFirst(), scalar != "\"" {
          // Browsers write %22; others a backslash before what it escapes.
          if scalar == "\\", let next = rest.first, next == "\"" || next == "\\" {
            value.append(next)
            rest = rest.dropFirst()
          } else {
            value.append(scalar)
          }
        }
        rest = rest.drop { $0 != ";" }
      } else {
        while let scalar = rest.first, scalar != ";" {
          value.append(scalar)
          rest = rest.dropFirst()
        }
      }
      result.append((String(String.UnicodeScalarView(name)).lowercased(), String(value)))
    }
    return result
  }

  private static func boundary(_ contentType: String) -> [UInt8]? {
    guard contentType.lowercased().hasPrefix("multipart/form-data") else { return nil }
    let value = parameters(contentType).first { $0.0 == "boundary" }?.1
    guard let value, (1...200).contains(value.utf8.count) else { return nil }
    return Array(value.utf8)
  }

  private static func isLineStart(_ index: Int, _ bytes: [UInt8]) -> Bool {
    index == 0 || bytes[index - 1] == 0x0A
  }

  /// The first place of `needle`: its last byte is looked for, which few others are.
  static func find(_ needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard !needle.isEmpty, bytes.count >= needle.count else { return nil }
    return bytes.withUnsafeBufferPointer { buffer in
      needle.withUnsafeBufferPointer { needle in
        let (length, last) = (needle.count, needle[needle.count - 1])
        // Horspool: how far the needle may move by the byte under its end.
        var shift = [Int](repeating: length, count: 256)
        for index in 0..<length - 1 { shift[Int(needle[index])] = length - 1 - index }
        var end = length - 1
        while end < buffer.count {
          if buffer[end] == last {
            var index = 0
            while index < length - 1, buffer[end - length + 1 + index] == needle[index] { index += 1 }
            if index == length - 1 { return bytes.startIndex + end - length + 1 }
          }
          end += shift[Int(buffer[end])]
        }
        return nil
      }
    }
  }
}
