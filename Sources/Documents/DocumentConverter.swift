import Chunking
import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program of the user's choice that makes Markdown or HTML of formats that are not read here:
/// `rtf=pandoc --sandbox -t gfm`.
package struct DocumentConverter: Sendable, Equatable {
  /// Of file names, in lower case, without the dot.
  package var endings: [String]
  /// `{}` stands where the file is; without it, the file is the last argument.
  package var command: [String]

  /// - Parameter text: `ENDING[,ENDING…]=PROGRAM [ARGUMENT…]`; quotes hold arguments with spaces together.
  package init(parsing text: String) throws(ConverterError) {
    func refuse(_ reason: String) -> ConverterError { ConverterError(text: text, reason: reason) }
    guard let equals = text.firstIndex(of: "=") else { throw refuse("is not ENDING=PROGRAM") }
    endings = text[..<equals].split(separator: ",").map {
      String($0.hasPrefix(".") ? $0.dropFirst() : $0).lowercased()
    }
    guard !endings.isEmpty, endings.allSatisfy({ !$0.isEmpty && !$0.contains("/") && !$0.contains(".") })
    else { throw refuse("names no ending of files") }
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in text[text.index(after: equals)...] {
      if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        (quote, word) = (character, word ?? "")
      } else if character == " " || character == "\t" {
        if let word { words.append(word) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let word { words.append(word) }
    guard quote == nil else { throw refuse("has a quote without an end") }
    guard let program = words.first, !program.isEmpty else { throw refuse("names no program") }
    command = words
  }

  func matches(_ path: String) -> Bool {
    let name = path.split(separator: "/").last.map(String.init)?.lowercased() ?? ""
    return endings.contains { name.hasSuffix("." + $0) && name.utf8.count > $0.utf8.count + 1 }
  }

  /// What a document's key names: another command means that it is read again.
  package var key: String { ", by " + command.joined(separator: " ") }

  func document(path: String, limits: DocumentLimits) throws(DocumentError) -> ExtractedDocument {
    let program = ForeignProgram(name: command[0], package: command[0], limits: limits)
    let hasPlace = command.contains("{}")
    let arguments =
      command.dropFirst().map { $0 == "{}" ? ForeignProgram.input : $0 }
      + (hasPlace ? [] : [ForeignProgram.input])
    let result = try program.run(arguments, file: path, isOnPath: true)
    guard result.status == 0 else {
      let said = result.complaints.split(separator: "\n").first.map { ": \(String($0).quoted)" } ?? ""
      throw .program(
        name: command[0],
        reason: result.status > 128
          ? "was ended by signal \(result.status - 128), perhaps at its limit of time or memory"
          : "failed with status \(result.status)\(said)")
    }
    let text = try DocumentReader.utf8(result.output, limits)
    guard !Lines.isBlank(text[...]) else { throw .program(name: command[0], reason: "wrote no text") }
    let start = String(decoding: text.drop(while: Lines.isSpace).prefix(15), as: UTF8.self).lowercased()
    if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") {
      return try HTMLReader(limits: limits).document(text)
    }
    return MarkdownScanner.document(text)
  }
}

/// A converter that says nothing.
package struct ConverterError: Error, Equatable, CustomStringConvertible {
  package let text: String
  package let reason: String

  package var description: String {
    "the converter \(text.quoted) \(reason); an example: rtf=pandoc --sandbox -t gfm"
  }
}
