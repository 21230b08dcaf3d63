import GRDB

/// A catalogue may come from elsewhere, and a disk may damage it: SQLite keeps any type in any column, and no
/// value is used before it is looked at. Every error names the base.
extension EmbeddedStore {
  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Self.naming(path) { try database.read(body) }
  }

  func read<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result
  {
    do { return try await database.read(body) } catch { throw Self.named(error, path) }
  }

  func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Self.naming(path) { try database.write(body) }
  }

  static func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw named(error, path) }
  }

  private static func named(_ error: any Error, _ path: String) -> any Error {
    let catalogue = path + "/catalogue.sqlite"
    switch error {
    case let error as DatabaseError:
      let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
      switch error.resultCode {
      case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_MISMATCH, .SQLITE_CONSTRAINT, .SQLITE_ERROR:
        return KnowledgeError.damaged(path: catalogue, reason: reason)
      default: return KnowledgeError.io(path: catalogue, reason: reason)
      }
    case is RowDecodingError:
      return KnowledgeError.damaged(path: catalogue, reason: "a value has another type than its column")
    default: return error
    }
  }

  /// The bytes of a passage.
  ///
  /// - Parameter row: with the columns `start` and `end`.
  func range(_ row: Row, in text: [UInt8]) throws -> Range<Int> {
    let (start, end): (Int, Int) = (try row.value("start"), try row.value("end"))
    guard 0 <= start, start <= end, end <= text.count else {
      throw KnowledgeError.damaged(path: path, reason: "a passage leaves its text")
    }
    return start..<end
  }

  func string(_ row: Row, in text: [UInt8]) throws -> String {
    String(decoding: text[try range(row, in: text)], as: UTF8.self)
  }

  /// The pages and lines of a row of `chunks`.
  static func place(_ row: Row) throws -> (pages: ClosedRange<Int>?, lines: ClosedRange<Int>) {
    let (firstPage, lastPage): (Int?, Int?) = (try row.value("first_page"), try row.value("last_page"))
    let (firstLine, lastLine): (Int, Int) = (try row.value("first_line"), try row.value("last_line"))
    return (
      firstPage.flatMap { first in lastPage.map { first...max(first, $0) } },
      firstLine...max(firstLine, lastLine)
    )
  }
}

extension Row {
  /// - Throws: `RowDecodingError` where the value has another type.
  func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(_ column: String) throws -> Value {
    try decode(Value.self, forColumn: column)
  }

  func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(at index: Int) throws -> Value {
    try decode(Value.self, atIndex: index)
  }
}
