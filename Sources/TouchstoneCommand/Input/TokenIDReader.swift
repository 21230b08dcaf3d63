/// A JSON Lines file of token ids: a line is an array of ids, or an object with "ids".
package final class TokenIDReader {
  private let lines: LineReader

  package init(_ lines: LineReader) { self.lines = lines }

  package var wouldBlock: Bool { lines.wouldBlock }

  package func next() throws(CommandError) -> (ids: [Int32], location: InputLocation)? {
    while let line = try lines.next() {
      guard let value = try line.json(in: lines.name) else { continue }
      let location = InputLocation(source: .file(lines.name), number: line.number)
      guard case .array(let elements) = value["ids"] ?? value else {
        throw .input(
          location, reason: "expected an array of token ids or an object with \"ids\", found \(value.kind)")
      }
      var ids: [Int32] = []
      for element in elements {
        guard case .number(let digits) = element, let id = Int32(digits) else {
          throw .input(location, reason: "a token id must be a whole number from 0 to \(Int32.max)")
        }
        ids.append(id)
      }
      return (ids, location)
    }
    return nil
  }

  /// Ids given on the command line, separated by spaces or commas.
  package static func ids(
    arguments: [String], option: String = "--decode"
  ) throws(CommandError) -> [Int32] {
    var ids: [Int32] = []
    for argument in arguments {
      for word in argument.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
        guard let id = Int32(word) else {
          throw .usage("\(option) takes token ids, whole numbers from 0 to \(Int32.max)")
        }
        ids.append(id)
      }
    }
    return ids
  }
}
