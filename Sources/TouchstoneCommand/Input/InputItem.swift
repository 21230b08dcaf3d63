import JSON

/// Where a text came from: `texts.jsonl:12`, `texts.jsonl:12:5`, `argument 2`.
package struct InputLocation: Equatable, Sendable, CustomStringConvertible {
  package enum Source: Equatable, Sendable {
    case argument
    case file(String)
  }

  package let source: Source
  /// Which line or argument, counted from 1.
  package let number: Int
  /// Which character of the line, counted from 1.
  package let column: Int?

  package init(source: Source, number: Int, column: Int? = nil) {
    self.source = source
    self.number = number
    self.column = column
  }

  package var description: String {
    switch source {
    case .argument: "argument \(number)"
    case .file(let name): column.map { "\(name):\(number):\($0)" } ?? "\(name):\(number)"
    }
  }
}

/// One text to work on, and what its line said about it.
package struct InputItem: Equatable, Sendable {
  package let location: InputLocation
  /// The texts before this one.
  package let index: Int
  /// A string or a number, as given.
  package let id: JSONValue?
  package let text: String
  /// The task instruction of this text alone; it outranks the command's.
  package let task: String?

  package init(
    location: InputLocation, index: Int, id: JSONValue? = nil, text: String, task: String? = nil
  ) {
    self.location = location
    self.index = index
    self.id = id
    self.text = text
    self.task = task
  }
}
