import ForeignText

/// How much of the machine one document may cost. A document beyond a limit fails; the others go on.
package struct DocumentLimits: Sendable, Equatable {
  /// Of the file.
  package var fileBytes = 512 << 20
  /// Of the text.
  package var textBytes = 100 << 20
  /// Members of a ZIP archive.
  package var archiveEntries = 20_000
  /// Of one member, unpacked.
  package var archiveEntryBytes = 128 << 20
  /// Of all members that are read, unpacked.
  package var archiveTotalBytes = 256 << 20
  /// Unpacked bytes for each packed byte, of members of more than 1 MiB.
  package var archiveRatio = 200
  /// Elements inside elements.
  package var markupDepth = 256
  /// Of a program that reads PDF.
  package var seconds = 60
  /// Of its address space.
  package var programBytes = 1 << 30

  package init() {}
}

/// Why a document cannot be read. The sentence goes after its path.
package enum DocumentError: Error, Equatable, CustomStringConvertible {
  case cannotRead(reason: String)
  case unknownFormat
  case encoding(offset: Int, guess: String?)
  case binary(offset: Int)
  case tooLarge(limit: Int)
  case archive(reason: String)
  case markup(part: String, reason: String)
  case encrypted
  case noText(pages: Int)
  case program(name: String, reason: String)
  case missingProgram(name: String, package: String)

  package var description: String {
    switch self {
    case .cannotRead(let reason): "cannot be read: \(reason)"
    case .unknownFormat:
      "its ending names no format that is read; convert it, or name a program that does with --converter"
    case .encoding(let offset, let guess):
      "is not UTF-8 at byte \(offset)\(guess.map { ", perhaps \($0)" } ?? ""); convert it: "
        + "iconv -f \(guess ?? "ENCODING") -t UTF-8"
    case .binary(let offset): "has a zero byte at byte \(offset), so it is not text"
    case .tooLarge(let limit): "is larger than the limit of \(limit) bytes; divide it"
    case .archive(let reason): "is not a sound ZIP archive: \(reason)"
    case .markup(let part, let reason): "has a part \(part.quoted) that cannot be read: \(reason)"
    case .encrypted: "is encrypted; remove the password"
    case .noText(let pages):
      "has \(pages) page\(pages == 1 ? "" : "s") without text, probably scanned; recognize its text first, with "
        + "ocrmypdf for example"
    case .program(let name, let reason): "was given to \(name), which \(reason)"
    case .missingProgram(let name, let package): "needs the program \(name); install the package \(package)"
    }
  }
}
