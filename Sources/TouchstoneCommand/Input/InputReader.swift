/// A sequence of texts that may be longer than memory.
package protocol InputReader: AnyObject {
  /// The next text, or nil at the end.
  func next() throws(CommandError) -> InputItem?
  /// Whether ``next()`` would have to wait for another process or a person.
  var wouldBlock: Bool { get }
  /// The part of the input that has been read, 0 to 1, or nil where its size is unknown.
  var fractionRead: Double? { get }
}

/// Texts given on the command line.
package final class ArgumentReader: InputReader {
  private let texts: [String]
  private var index = 0

  package init(_ texts: [String]) { self.texts = texts }

  package func next() -> InputItem? {
    guard index < texts.count else { return nil }
    defer { index += 1 }
    return InputItem(
      location: InputLocation(source: .argument, number: index + 1), index: index, text: texts[index])
  }

  package var wouldBlock: Bool { false }
  package var fractionRead: Double? { nil }
}

/// Texts that were read before.
package final class ItemReader: InputReader {
  private var items: ArraySlice<InputItem>

  package init(_ items: [InputItem]) { self.items = items[...] }

  package func next() -> InputItem? { items.popFirst() }

  package var wouldBlock: Bool { false }
  package var fractionRead: Double? { nil }
}

/// A file of texts, one a line: every line is a text, empty ones too.
package final class PlainTextReader: InputReader {
  private let lines: LineReader
  private var index = 0

  package init(_ lines: LineReader) { self.lines = lines }

  package func next() throws(CommandError) -> InputItem? {
    guard let line = try lines.next() else { return nil }
    defer { index += 1 }
    let location = InputLocation(source: .file(lines.name), number: line.number)
    return InputItem(location: location, index: index, text: try line.text(at: location))
  }

  package var wouldBlock: Bool { lines.wouldBlock }
  package var fractionRead: Double? { lines.fractionRead }
}

extension LineReader.Line {
  /// The line as text. Bytes that are not UTF-8 are an error: replacing them would embed another text.
  func text(at location: InputLocation) throws(CommandError) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    throw .input(
      location, reason: "byte \(firstInvalidOffset + 1) of the line is not UTF-8; convert the file to UTF-8")
  }

  private var firstInvalidOffset: Int {
    do {
      _ = try UTF8Span(validating: bytes.span)
      return bytes.count
    } catch {
      return error.byteOffsets.lowerBound
    }
  }
}
