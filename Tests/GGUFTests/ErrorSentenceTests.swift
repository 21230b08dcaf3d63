import Foundation
import GGUF
import Testing

/// The sentences that no test can provoke from a file; all others are pinned where they are provoked.
@Suite struct ErrorSentenceTests {
  @Test func failuresOfTheSystem() {
    func sentence(_ call: GGUFError.SystemCall, _ code: Int32) -> String {
      GGUFError.Reason.systemCall(call, code: code).description
    }
    #expect(
      sentence(.open, EACCES)
        == "the file cannot be opened: permission denied; "
        + "check the permissions of the file and its directories")
    #expect(
      sentence(.write, ENOSPC) == "the file cannot be written: no space is left on the device; free some")
    #expect(
      sentence(.create, ENOENT)
        == "the file cannot be created: there is no such file or directory; check the path")
    #expect(sentence(.readStatus, EIO) == "the file's size cannot be read: Input/output error")
    #expect(sentence(.map, ENOMEM) == "the file cannot be mapped into memory: Cannot allocate memory")
    #expect(sentence(.rename, EISDIR) == "the file cannot be given its name: Is a directory")
  }

  @Test func numbersAreGroupedAndCounted() {
    func sentence(_ written: Int, _ needed: Int) -> String {
      GGUFError.Reason.tensorByteCount(tensor: "t", written: written, needed: needed).description
    }
    #expect(sentence(1, 999).hasPrefix("tensor 't' was given 1 byte, but its shape and type need 999;"))
    #expect(sentence(0, 1_000).hasPrefix("tensor 't' was given 0 bytes, but its shape and type need 1,000;"))
    #expect(
      sentence(12_345, 1_234_567).contains("given 12,345 bytes, but its shape and type need 1,234,567;"))
  }
}
