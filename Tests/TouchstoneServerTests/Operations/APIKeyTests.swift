import Foundation
import Testing
import TouchstoneServer

@Suite struct APIKeyTests {
  private func keys(_ texts: String...) throws -> APIKeys {
    var keys = APIKeys()
    for text in texts { try keys.insert(text.utf8, from: "a test") }
    return keys
  }

  @Test func aKeyIsFoundWholeOrNotAtAll() throws {
    let keys = try keys("first", "second", "first")
    #expect(keys.count == 2)
    #expect(keys.position(of: "first".utf8) == 0)
    #expect(keys.position(of: "second".utf8) == 1)
    for wrong in ["", "f", "firs", "first\0", "firsT", "first second", String(repeating: "a", count: 513)] {
      #expect(keys.position(of: wrong.utf8) == nil, "\(wrong.count)")
    }
    #expect(APIKeys().position(of: "".utf8) == nil)
  }

  @Test func theLongestKeyCounts() throws {
    let long = String(repeating: "k", count: 512)
    let keys = try keys(long)
    #expect(keys.position(of: long.utf8) == 0)
    #expect(keys.position(of: long.dropLast().utf8) == nil)
    #expect(throws: APIKeyError.tooLong(source: "a test", length: 513)) { try self.keys(long + "k") }
  }

  @Test func unusableKeysAreNamedByTheirPlaceOnly() {
    #expect(throws: APIKeyError.empty(source: "a test")) { try keys("") }
    for key in ["two words", "tab\t", "Schlüssel", "\u{7F}"] {
      #expect(throws: APIKeyError.unusableCharacter(source: "a test")) { try keys(key) }
    }
    let sentence = APIKeyError.unusableCharacter(source: "line 3 of keys.txt").description
    #expect(
      sentence
        == "the API key from line 3 of keys.txt has a space or a character outside printable ASCII, which "
        + "cannot be sent in a header; use the characters from '!' to '~'")
  }

  @Test func aFileHasOneKeyALine() throws {
    let path = try temporaryFile("# the team\r\nalpha\r\n\n  beta \t\n#gamma\ndelta")
    defer { try? FileManager.default.removeItem(atPath: path) }
    var source = APIKeySource()
    source.file = path
    source.arguments = ["one"]
    source.environment = "two"
    let keys = try source.load()
    #expect(keys.count == 5)
    for key in ["one", "two", "alpha", "beta", "delta"] {
      #expect(keys.position(of: key.utf8) != nil, "\(key)")
    }
    #expect(keys.position(of: "#gamma".utf8) == nil)
  }

  @Test func aReloadTakesTheFileAsItIsNow() throws {
    let path = try temporaryFile("old\n")
    defer { try? FileManager.default.removeItem(atPath: path) }
    var source = APIKeySource()
    source.file = path
    let store = try APIKeyStore(source)
    try "new\nnewer\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(store.current.position(of: "old".utf8) == 0)
    #expect(try store.reload() == 2)
    #expect(store.current.position(of: "old".utf8) == nil)
    #expect(store.current.position(of: "newer".utf8) == 1)
    // A file that was emptied by mistake must not open the service.
    try "# nothing\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: APIKeyError.noKeys(path: path)) { try store.reload() }
    #expect(store.current.count == 2)
  }

  @Test func filesThatCannotBeReadAreErrors() throws {
    var source = APIKeySource()
    source.file = "/nonexistent/keys"
    #expect(throws: APIKeyError.cannotRead(path: "/nonexistent/keys", reason: "No such file or directory")) {
      try source.load()
    }
    source.file = "/dev/zero"
    #expect(throws: APIKeyError.cannotRead(path: "/dev/zero", reason: "it has more than 1048576 bytes")) {
      try source.load()
    }
  }

  private func temporaryFile(_ text: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "touchstone-keys-\(UUID().uuidString)")
      .path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }
}
