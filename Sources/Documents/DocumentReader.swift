import Chunking
import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a document of any format.
package struct DocumentReader: Sendable {
  /// Raised whenever a reader gives other text or places, so that documents are read again.
  package static let version = 1

  package var limits = DocumentLimits()
  /// They come before the readers here.
  package var converters: [DocumentConverter] = []

  package init() {}

  package func canRead(_ path: String) -> Bool {
    DocumentFormat(path: path) != nil || converter(path) != nil
  }

  package func converter(_ path: String) -> DocumentConverter? { converters.first { $0.matches(path) } }

  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - path: names the format by its ending. PDF is read from this file.
  package func read(_ bytes: [UInt8], path: String) throws(DocumentError) -> ExtractedDocument {
    if let converter = converter(path) { return try converter.document(path: path, limits: limits) }
    guard let format = DocumentFormat(path: path) else { throw .unknownFormat }
    return try read(bytes, path: path, format: format)
  }

  package func read(
    _ bytes: [UInt8], path: String, format: DocumentFormat
  ) throws(DocumentError) -> ExtractedDocument {
    guard bytes.count <= limits.fileBytes else { throw .tooLarge(limit: limits.fileBytes) }
    switch format {
    case .text: return PlainText.document(try Self.utf8(bytes, limits), format: .text)
    case .code: return PlainText.document(try Self.utf8(bytes, limits), format: .code)
    case .markdown: return MarkdownScanner.document(try Self.utf8(bytes, limits))
    case .html: return try HTMLReader(limits: limits).document(try Self.utf8(bytes, limits))
    case .pdf: return try PDFReader(limits: limits).document(path: path)
    case .docx:
      return try WordReader(archive: try ZIPArchive(bytes, limits: limits), limits: limits).document()
    case .odt:
      return try OpenDocumentReader(archive: try ZIPArchive(bytes, limits: limits), limits: limits).document()
    case .epub:
      return try EPUBReader(archive: try ZIPArchive(bytes, limits: limits), limits: limits).document()
    case .pptx:
      return try SlidesReader(archive: try ZIPArchive(bytes, limits: limits), limits: limits).document()
    case .xlsx:
      return try SheetsReader(archive: try ZIPArchive(bytes, limits: limits), limits: limits).document()
    }
  }

  /// The whole of a regular file. A link is followed: whoever walks a folder decides about links before.
  package static func bytes(path: String, limits: DocumentLimits) throws(DocumentError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotRead(reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotRead(reason: "it is not a regular file")
    }
    guard status.st_size <= limits.fileBytes else { throw .tooLarge(limit: limits.fileBytes) }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress! + count, $0.count - count)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw .cannotRead(reason: String(cString: strerror(errno))) }
      if got == 0 { break }
      count += got
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// UTF-8 without a mark, of UTF-8 or of UTF-16 that its mark names. A guess of another encoding would be
  /// silently wrong, so it is refused, with the guess.
  static func utf8(_ bytes: [UInt8], _ limits: DocumentLimits) throws(DocumentError) -> [UInt8] {
    guard bytes.count <= limits.textBytes else { throw .tooLarge(limit: limits.textBytes) }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      let isLittle = bytes[0] == 0xFF
      guard bytes.count.isMultiple(of: 2) else { throw .encoding(offset: bytes.count - 1, guess: nil) }
      let units = stride(from: 2, to: bytes.count, by: 2).map { index in
        let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
        return isLittle ? second << 8 | first : first << 8 | second
      }
      var result: [UInt8] = []
      let isRepaired = transcode(units.makeIterator(), from: UTF16.self, to: UTF8.self, stoppingOnError: true)
      {
        result.append($0)
      }
      if isRepaired { throw .encoding(offset: result.count, guess: "UTF-16 with half a pair") }
      return result
    }
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    if let zero = body.firstIndex(of: 0) { throw .binary(offset: zero) }
    if let offset = firstIllFormed(body) { throw .encoding(offset: offset, guess: guess(body)) }
    return body
  }

  private static func firstIllFormed(_ bytes: [UInt8]) -> Int? {
    var iterator = bytes.makeIterator()
    var decoder = UTF8()
    var offset = 0
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput: return nil
      case .error: return offset
      }
    }
  }

  /// A name for the reader of the sentence, never used to decode.
  private static func guess(_ bytes: [UInt8]) -> String? {
    var (pairs, shiftJIS, latin) = (0, 0, 0)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      if byte < 0x80 {
        index += 1
      } else if (0xA1...0xF7).contains(byte), (0xA1...0xFE).contains(next) {
        (pairs, index) = (pairs + 1, index + 2)
      } else if (0x81...0x9F).contains(byte), (0x40...0xFC).contains(next) {
        (shiftJIS, index) = (shiftJIS + 1, index + 2)
      } else {
        (latin, index) = (latin + 1, index + 1)
      }
    }
    if shiftJIS > pairs, shiftJIS > latin { return "SHIFT_JIS" }
    return pairs > 2 * latin ? "GB18030" : "WINDOWS-1252"
  }
}
