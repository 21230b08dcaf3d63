import ForeignText
import Foundation
import Knowledge

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// PostgreSQL's own client library, opened when a base on a server is: a program that uses none needs none.
struct PostgresLibrary: @unchecked Sendable {
  typealias Text = UnsafePointer<CChar>

  let connect: @convention(c) (Text) -> OpaquePointer?
  let status: @convention(c) (OpaquePointer?) -> Int32
  let errorMessage: @convention(c) (OpaquePointer?) -> Text?
  let finish: @convention(c) (OpaquePointer?) -> Void
  let execute:
    @convention(c) (
      OpaquePointer?, Text, Int32, UnsafePointer<UInt32>?, UnsafePointer<Text?>?, UnsafePointer<Int32>?,
      UnsafePointer<Int32>?, Int32
    ) -> OpaquePointer?
  let run: @convention(c) (OpaquePointer?, Text) -> OpaquePointer?
  let resultStatus: @convention(c) (OpaquePointer?) -> Int32
  let resultError: @convention(c) (OpaquePointer?) -> Text?
  let rowCount: @convention(c) (OpaquePointer?) -> Int32
  let columnCount: @convention(c) (OpaquePointer?) -> Int32
  let value: @convention(c) (OpaquePointer?, Int32, Int32) -> Text?
  let length: @convention(c) (OpaquePointer?, Int32, Int32) -> Int32
  let isNull: @convention(c) (OpaquePointer?, Int32, Int32) -> Int32
  let clear: @convention(c) (OpaquePointer?) -> Void

  static let shared: PostgresLibrary? = {
    let names = ["libpq.so.5", "libpq.so", "libpq.5.dylib", "/opt/homebrew/opt/libpq/lib/libpq.5.dylib"]
    guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else { return nil }
    return PostgresLibrary { dlsym(library, $0) }
  }()

  private init?(_ find: (String) -> UnsafeMutableRawPointer?) {
    guard let connect = find("PQconnectdb"), let status = find("PQstatus"),
      let errorMessage = find("PQerrorMessage"), let finish = find("PQfinish"),
      let execute = find("PQexecParams"), let run = find("PQexec"),
      let resultStatus = find("PQresultStatus"), let resultError = find("PQresultErrorMessage"),
      let rowCount = find("PQntuples"), let columnCount = find("PQnfields"), let value = find("PQgetvalue"),
      let length = find("PQgetlength"), let isNull = find("PQgetisnull"), let clear = find("PQclear")
    else { return nil }
    self.connect = unsafeBitCast(connect, to: (@convention(c) (Text) -> OpaquePointer?).self)
    self.status = unsafeBitCast(status, to: (@convention(c) (OpaquePointer?) -> Int32).self)
    self.errorMessage = unsafeBitCast(errorMessage, to: (@convention(c) (OpaquePointer?) -> Text?).self)
    self.finish = unsafeBitCast(finish, to: (@convention(c) (OpaquePointer?) -> Void).self)
    self.execute = unsafeBitCast(
      execute,
      to: (@convention(c) (
        OpaquePointer?, Text, Int32, UnsafePointer<UInt32>?, UnsafePointer<Text?>?, UnsafePointer<Int32>?,
        UnsafePointer<Int32>?, Int32
      ) -> OpaquePointer?).self)
    self.run = unsafeBitCast(run, to: (@convention(c) (OpaquePointer?, Text) -> OpaquePointer?).self)
    self.resultStatus = unsafeBitCast(resultStatus, to: (@convention(c) (OpaquePointer?) -> Int32).self)
    self.resultError = unsafeBitCast(resultError, to: (@convention(c) (OpaquePointer?) -> Text?).self)
    self.rowCount = unsafeBitCast(rowCount, to: (@convention(c) (OpaquePointer?) -> Int32).self)
    self.columnCount = unsafeBitCast(columnCount, to: (@convention(c) (OpaquePointer?) -> Int32).self)
    self.value = unsafeBitCast(value, to: (@convention(c) (OpaquePointer?, Int32, Int32) -> Text?).self)
    self.length = unsafeBitCast(length, to: (@convention(c) (OpaquePointer?, Int32, Int32) -> Int32).self)
    self.isNull = unsafeBitCast(isNull, to: (@convention(c) (OpaquePointer?, Int32, Int32) -> Int32).self)
    self.clear = unsafeBitCast(clear, to: (@convention(c) (OpaquePointer?) -> Void).self)
  }
}

/// A connection, for one caller at a time.
final class PostgresConnection {
  /// Without a password.
  let name: String
  private let library: PostgresLibrary
  private let connection: OpaquePointer?

  init(_ address: PostgresAddress) throws(KnowledgeError) {
    name = address.name
    guard let library = PostgresLibrary.shared else {
      throw .server(
        name: address.name, reason: "PostgreSQL's library libpq is missing; install the package libpq5")
    }
    self.library = library
    connection = library.connect(address.connection)
    guard library.status(connection) == 0 else {
      // All is assigned: `deinit` finishes the connection, also where this throws.
      let reason = library.errorMessage(connection).map { String(cString: $0) } ?? "it does not answer"
      throw .server(name: address.name, reason: Self.oneLine(reason))
    }
    try run("SET client_min_messages = warning; SET extra_float_digits = 1; SET client_encoding = 'UTF8'")
  }

  deinit { library.finish(connection) }

  /// Statements without values.
  func run(_ sql: String) throws(KnowledgeError) {
    let result = library.run(connection, sql)
    defer { library.clear(result) }
    try check(result)
  }

  /// - Parameter values: for `$1`, `$2`, …
  @discardableResult
  func rows(_ sql: String, _ values: [String?] = []) throws(KnowledgeError) -> [[String?]] {
    let copies = values.map { value in value.map { strdup($0) } }
    defer { for copy in copies { free(copy ?? nil) } }
    let pointers = copies.map { copy -> UnsafePointer<CChar>? in
      copy.flatMap { $0 }.map { UnsafePointer($0) }
    }
    let result = library.execute(connection, sql, Int32(values.count), nil, pointers, nil, nil, 0)
    defer { library.clear(result) }
    try check(result)
    let (rows, columns) = (library.rowCount(result), library.columnCount(result))
    return (0..<rows).map { row in
      (0..<columns).map { column in
        library.isNull(result, row, column) != 0
          ? nil : library.value(result, row, column).map { String(cString: $0) }
      }
    }
  }

  func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try run("BEGIN")
    do {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      try? run("ROLLBACK")
      throw error
    }
  }

  private func check(_ result: OpaquePointer?) throws(KnowledgeError) {
    // An empty query, a command, rows.
    guard (0...2).contains(library.resultStatus(result)) else {
      let reason =
        library.resultError(result).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        ?? library.errorMessage(connection).map { String(cString: $0) } ?? "it did not answer"
      throw .server(name: name, reason: Self.oneLine(reason))
    }
  }

  /// A server's words on one line, cut, without characters that steer a terminal.
  private static func oneLine(_ text: String) -> String {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    return String(String.UnicodeScalarView(lines.joined(separator: "; ").unicodeScalars.prefix(500))).escaped
  }
}

/// `postgresql://user@host/database#SCHEMA`. The schema is `touchstone` where none is named.
package struct PostgresAddress: Sendable, Equatable {
  package var connection: String
  package var schema: String
  /// For sentences: without a password.
  package var name: String

  package static func isOne(_ text: String) -> Bool {
    text.hasPrefix("postgresql://") || text.hasPrefix("postgres://")
  }

  package init(_ text: String) throws(KnowledgeError) {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    connection = String(parts[0])
    schema = parts.count > 1 ? String(parts[1]) : "touchstone"
    let isName = schema.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
    }
    guard !schema.isEmpty, schema.utf8.count < 60, isName else {
      throw .option("the schema behind # must be of small letters, digits and _, at most 59 of them")
    }
    let start = connection.range(of: "://")?.upperBound ?? connection.startIndex
    let end = connection[start...].firstIndex { $0 == "/" || $0 == "?" } ?? connection.endIndex
    let address =
      connection[start..<end].split(separator: "@", omittingEmptySubsequences: false).last.map(String.init)
      ?? ""
    let base = connection[end...].prefix { $0 != "?" }
    name = "postgresql://\(address)\(base)#\(schema)"
  }
}
