import CInstructions

/// SHA-256 (FIPS 180-4) of bytes that come in pieces.
///
/// About 2 GB/s where the processor has instructions for it, and several times slower elsewhere. Own code:
/// the one other way to have it in Swift on Linux is a package that brings all of BoringSSL.
package struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
  ]
  /// Bytes that do not fill a block yet.
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0
  private let usesInstructions: Bool

  static let blockByteCount = 64
  private static let hasInstructions = cpuHasSHA()

  /// - Parameter portable: does without the processor's instructions, to test the code for those that have
  ///   none.
  package init(portable: Bool = false) { usesInstructions = Self.hasInstructions && !portable }

  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update(unsafeBytes: $0) }
  }

  /// The same for memory that stays valid during the call.
  package mutating func update(unsafeBytes bytes: UnsafeRawBufferPointer) {
    byteCount += UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let taken = min(Self.blockByteCount - pending.count, rest.count)
      pending.append(contentsOf: rest.prefix(taken))
      rest = rest.dropFirst(taken)
      guard pending.count == Self.blockByteCount else { return }
      let block = pending
      block.withUnsafeBytes { compress($0) }
      pending.removeAll(keepingCapacity: true)
    }
    let whole = rest.count / Self.blockByteCount * Self.blockByteCount
    compress(UnsafeRawBufferPointer(rebasing: rest.prefix(whole)))
    pending.append(contentsOf: rest.dropFirst(whole))
  }

  /// The 32 bytes of the hash of everything so far.
  package func digest() -> [UInt8] {
    var end = self
    var padding: [UInt8] = [0x80]
    let filled = (pending.count + 1) % Self.blockByteCount
    padding += [UInt8](repeating: 0, count: (56 - filled + Self.blockByteCount) % Self.blockByteCount)
    padding += (0..<8).map { UInt8(truncatingIfNeeded: (byteCount * 8) >> (56 - 8 * $0)) }
    end.update(padding)
    return end.state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
  }

  /// The digest as 64 hexadecimal digits, as `sha256sum` prints it.
  package var hexadecimalDigest: String { Self.hexadecimal(digest()) }

  package static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// - Requires: whole blocks.
  private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
    guard let base = blocks.baseAddress, !blocks.isEmpty else { return }
    let count = blocks.count / Self.blockByteCount
    let usesInstructions = usesInstructions
    state.withUnsafeMutableBufferPointer { state in
      Self.roundConstants.withUnsafeBufferPointer { constants in
        let state = state.baseAddress.unsafelyUnwrapped
        let constants = constants.baseAddress.unsafelyUnwrapped
        if usesInstructions {
          sha256Blocks(state, constants, base.assumingMemoryBound(to: UInt8.self), count)
        } else {
          PortableSHA256.compress(state, constants, base, blockCount: count)
        }
      }
    }
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  static let roundConstants: [UInt32] = [
    0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4, 0xAB1C_5ED5,
    0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174,
    0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
    0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967,
    0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85,
    0xA2BF_E8A1, 0xA81A_664B, 0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
    0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
    0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
  ]
}
