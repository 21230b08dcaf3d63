import CInstructions

/// Vectors of 8 lanes: everything except the dot product is the same source for each instruction set, and
/// becomes the instructions of the target that it is inlined into.
extension VectorInstructions where Floats == SIMD8<Float>, Words == SIMD8<Int32> {
  @inlinable @inline(__always)
  public static var laneCount: Int { 8 }

  @inlinable @inline(__always)
  public static func loadFloats(_ address: UnsafeRawPointer) -> Floats {
    loadFloat8(address)
  }
  @inlinable @inline(__always)
  public static func loadWords(_ address: UnsafeRawPointer) -> Words {
    loadWord8(address)
  }
  @inlinable @inline(__always)
  public static func store(_ floats: Floats, to address: UnsafeMutableRawPointer) {
    storeFloat8(floats, address)
  }
  @inlinable @inline(__always)
  public static func store(_ words: Words, to address: UnsafeMutableRawPointer) {
    storeWord8(words, address)
  }
  @inlinable @inline(__always)
  public static func splat(_ value: Float) -> Floats {
    splatFloat8(value)
  }
  @inlinable @inline(__always)
  public static func splat(_ value: Int32) -> Words {
    splatWord8(value)
  }

  @inlinable @inline(__always)
  public static func evenBytesAsHalves(_ words: Words) -> Words {
    evenBytesAsHalvesWord8(words)
  }
  @inlinable @inline(__always)
  public static func oddBytesAsHalves(_ words: Words) -> Words {
    oddBytesAsHalvesWord8(words)
  }

  @inlinable @inline(__always)
  public static func multiplyAdd(_ a: Floats, _ b: Floats, _ c: Floats) -> Floats {
    multiplyAddFloat8(a, b, c)
  }
  @inlinable @inline(__always)
  public static func multiply(_ a: Floats, _ b: Floats) -> Floats {
    multiplyFloat8(a, b)
  }
  @inlinable @inline(__always)
  public static func divide(_ a: Floats, _ b: Floats) -> Floats {
    divideFloat8(a, b)
  }
  @inlinable @inline(__always)
  public static func add(_ a: Floats, _ b: Floats) -> Floats {
    addFloat8(a, b)
  }
  @inlinable @inline(__always)
  public static func subtract(_ a: Floats, _ b: Floats) -> Floats {
    subtractFloat8(a, b)
  }
  @inlinable @inline(__always)
  public static func maximum(_ a: Floats, _ b: Floats) -> Floats {
    maximumFloat8(a, b)
  }
  @inlinable @inline(__always)
  public static func minimum(_ a: Floats, _ b: Floats) -> Floats {
    minimumFloat8(a, b)
  }
  @inlinable @inline(__always)
  public static func magnitude(_ a: Floats) -> Floats {
    magnitudeFloat8(a)
  }

  @inlinable @inline(__always)
  public static func add(_ a: Words, _ b: Words) -> Words {
    addWord8(a, b)
  }
  @inlinable @inline(__always)
  public static func subtract(_ a: Words, _ b: Words) -> Words {
    subtractWord8(a, b)
  }
  @inlinable @inline(__always)
  public static func multiply(_ a: Words, _ b: Words) -> Words {
    multiplyWord8(a, b)
  }
  @inlinable @inline(__always)
  public static func and(_ a: Words, _ b: Words) -> Words {
    andWord8(a, b)
  }
  @inlinable @inline(__always)
  public static func or(_ a: Words, _ b: Words) -> Words {
    orWord8(a, b)
  }
  @inlinable @inline(__always)
  public static func exclusiveOr(_ a: Words, _ b: Words) -> Words {
    exclusiveOrWord8(a, b)
  }
  @inlinable @inline(__always)
  public static func shiftLeft(_ a: Words, by count: Int32) -> Words {
    shiftLeftWord8(a, count)
  }
  @inlinable @inline(__always)
  public static func shiftRight(_ a: Words, by count: Int32) -> Words {
    shiftRightWord8(a, count)
  }

  @inlinable @inline(__always)
  public static func floats(_ words: Words) -> Floats {
    floatsFromWord8(words)
  }
  @inlinable @inline(__always)
  public static func rounded(_ floats: Floats) -> Words {
    roundedWord8(floats)
  }
  @inlinable @inline(__always)
  public static func bits(_ floats: Floats) -> Words {
    bitsOfFloat8(floats)
  }
  @inlinable @inline(__always)
  public static func floats(bits: Words) -> Floats {
    floatsOfBitsWord8(bits)
  }

  @inlinable @inline(__always)
  public static func largestLanes(_ vectors: UnsafeRawPointer) -> SIMD8<Int32> {
    largestOfRowsWord8(vectors)
  }
  @inlinable @inline(__always)
  public static func maximum(_ a: Words, _ b: Words) -> Words {
    maximumWord8(a, b)
  }

  @inlinable @inline(__always)
  public static func transpose(_ rows: UnsafeRawPointer, stride: Int) -> InlineArray<4, Words> {
    [
      transposeWord8(rows, stride, 0), transposeWord8(rows, stride, 1),
      transposeWord8(rows, stride, 2), transposeWord8(rows, stride, 3),
    ]
  }
  @inlinable @inline(__always)
  public static func subtractBytes(_ a: Words, _ b: Words) -> Words {
    subtractBytesWord8(a, b)
  }
  @inlinable @inline(__always)
  public static func storeLowHalves(_ words: Words, to address: UnsafeMutableRawPointer) {
    storeLowHalvesWord8(words, address)
  }
  @inlinable @inline(__always)
  public static func storeLowBytes(_ words: Words, to address: UnsafeMutableRawPointer) {
    storeLowBytesWord8(words, address)
  }
}
