import Hashing
import Testing

struct SHA256Tests {
  private static func digest(_ bytes: [UInt8], portable: Bool) -> String {
    var hash = SHA256(portable: portable)
    hash.update(bytes)
    return hash.hexadecimalDigest
  }

  /// The examples of FIPS 180-4.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func knownHashes(text: String, hash: String) {
    for portable in [true, false] { #expect(Self.digest(Array(text.utf8), portable: portable) == hash) }
  }

  @Test func aMillionLetters() {
    let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    for portable in [true, false] {
      #expect(
        Self.digest(letters, portable: portable)
          == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }
  }

  /// The processor's instructions, where there are any, against the portable code; pieces against the whole.
  @Test func everyLengthAndCut() {
    let bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 * 73 + 11) }
    for length in 0...200 {
      let expected = Self.digest(Array(bytes.prefix(length)), portable: true)
      #expect(Self.digest(Array(bytes.prefix(length)), portable: false) == expected)
      for cut in [1, 63, 64, 65, 130] where cut < length {
        var hash = SHA256()
        hash.update(Array(bytes[..<cut]))
        hash.update(Array(bytes[cut..<length]))
        #expect(hash.hexadecimalDigest == expected, "\(length) bytes, cut at \(cut)")
      }
    }
  }
}
