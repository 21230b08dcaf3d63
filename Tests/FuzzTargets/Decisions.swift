/// Reads choices from bytes. A target makes its input from them, so that whoever changes the bytes, a
/// generator with a fixed seed or a fuzzer guided by coverage, changes the input in ways that mean something.
package struct Decisions {
  private var bytes: ArraySlice<UInt8>

  package init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes)[...] }

  /// Whether all bytes are used up. From then on, every choice is the first one.
  var isExhausted: Bool { bytes.isEmpty }

  mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

  /// A number in `0..<limit`.
  mutating func below(_ limit: Int) -> Int {
    guard limit > 1 else { return 0 }
    var number = Int(byte())
    if limit > 1 << 8 { number = number << 8 | Int(byte()) }
    if limit > 1 << 16 { number = number << 8 | Int(byte()) }
    return number % limit
  }

  mutating func chance(_ one: Int, in all: Int) -> Bool { below(all) < one }

  mutating func element<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

  mutating func index(in elements: some Collection) -> Int { below(elements.count) }

  /// Up to `limit` bytes of any value.
  mutating func bytes(atMost limit: Int) -> [UInt8] { (0..<below(limit + 1)).map { _ in byte() } }

  /// An integer at the edge of something, or a small one.
  mutating func integer() -> UInt64 {
    chance(1, in: 3) ? UInt64(byte()) : element(of: Self.edges)
  }

  mutating func float() -> Float { element(of: Self.floats) }

  private static let edges: [UInt64] = [
    0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 127, 128, 129, 192, 193, 255, 256, 257, 512, 578,
    581,
    582, 583, 1000, 65_535, 65_536, 1 << 20, 1 << 22, 1 << 24, 1 << 31 - 1, 1 << 31, 1 << 32 - 1, 1 << 32,
    1 << 40, 1 << 61, 1 << 62, 1 << 63 - 1, 1 << 63, .max,
  ]

  private static let floats: [Float] = [
    0, -0.0, 1, -1, 0.5, 1e-6, 1e-12, 1e-38, Float.leastNonzeroMagnitude, 1e4, 1e6, 1e18, 3e38, -3e38,
    .infinity, -.infinity, .nan,
  ]
}
