/// The compression function of SHA-256 in the words of FIPS 180-4, 6.2.2.
enum PortableSHA256 {
  /// - Parameters:
  ///   - state: the eight words a to h.
  ///   - constants: the 64 round constants.
  ///   - blocks: `blockCount` blocks of 64 bytes.
  static func compress(
    _ state: UnsafeMutablePointer<UInt32>, _ constants: UnsafePointer<UInt32>, _ blocks: UnsafeRawPointer,
    blockCount: Int
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
      let w = schedule.baseAddress.unsafelyUnwrapped
      for block in 0..<blockCount {
        let bytes = blocks + block * SHA256.blockByteCount
        for t in 0..<16 {
          w[t] = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4 * t, as: UInt32.self))
        }
        for t in 16..<64 {
          let s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ (w[t - 15] >> 3)
          let s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ (w[t - 2] >> 10)
          w[t] = w[t - 16] &+ s0 &+ w[t - 7] &+ s1
        }
        rounds(state, constants, w)
      }
    }
  }

  @inline(__always)
  private static func rounds(
    _ state: UnsafeMutablePointer<UInt32>, _ k: UnsafePointer<UInt32>, _ w: UnsafePointer<UInt32>
  ) {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for t in 0..<64 {
      let choice = (e & f) ^ (~e & g)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      let first = h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ choice &+ k[t] &+ w[t]
      let second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ majority
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ second)
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
    state[5] &+= f
    state[6] &+= g
    state[7] &+= h
  }

  @inline(__always)
  private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }
}
