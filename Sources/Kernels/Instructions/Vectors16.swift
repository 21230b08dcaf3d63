import CInstructions

/// Vectors of 16 lanes: everything except the dot product is the same source for each instruction set, and
/// becomes the instructions of the target that it is inlined into.
extension VectorInstructions where Floats == SIMD16<Float>, Words == SIMD16<Int32> {
  @inlinable @inline(__always)
  public static var laneCount: Int { 16 }

  @inlinable @inline(__always)
  public static func loadFloats(_ address: UnsafeRawPointer) -> Floats {
    loadFloat16(address)
  }
  @inlinable @inline(__always)
  public static func loadWords(_ address: UnsafeRawPointer) -> Words {
    loadWord16(address)
  }
  @inlinable @inline(__always)
  public static func store(_ floats: Floats, to address: UnsafeMutableRawPointer) {
    storeFloat16(floats, address)
  }
  @inlinable @inline(__always)
  public static func store(_ words: Words, to address: UnsafeMutableRawPointer) {
    storeWord16(words, address)
  }
  @inlinable @inline(__always)
  public static func splat(_ value: Float) -> Floats {
    splatFloat16(value)
  }
  @inlinable @inline(__always)
  public static func splat(_ value: Int32) -> Words {
    splatWord16(value)
  }

  @inlinable @inline(__always)
  public static func evenBytesAsHalves(_ words: Words) -> Words {
    evenBytesAsHalvesWord16(words)
  }
  @inlinable @inline(__always)
  public static func oddBytesAsHalves(_ words: Words) -> Words {
    oddBytesAsHalvesWord16(words)
  }

  @inlinable @inline(__always)
  public static func multiplyAdd(_ a: Floats, _ b: Floats, _ c: Floats) -> Floats {
    multiplyAddFloat16(a, b, c)
  }
  @inlinable @inline(__always)
  public static func multiply(_ a: Floats, _ b: Floats) -> Floats {
    multiplyFloat16(a, b)
  }
  @inlinable @inline(__always)
  public static func divide(_ a: Floats, _ b: Floats) -> Floats {
    divideFloat16(a, b)
  }
  @inlinable @inline(__always)
  public static func add(_ a: Floats, _ b: Floats) -> Floats {
    addFloat16(a, b)
  }
  @inlinable @inline(__always)
  public static func subtract(_ a: Floats, _ b: Floats) -> Floats {
    subtractFloat16(a, b)
  }
  @inlinable @inline(__always)
  public static func maximum(_ a: Floats, _ b: Floats) -> Floats {
    maximumFloat16(a, b)
  }
  @inlinable @inline(__always)
  public static func minimum(_ a: Floats, _ b: Floats) -> Floats {
    minimumFloat16(a, b)
  }
  @inlinable @inline(__always)
  public static func magnitude(_ a: Floats) -> Floats {
    magnitudeFloat16(a)
  }

  @inlinable @inline(__always)
  public static func add(_ a: Words, _ b: Words) -> Words {
    addWord16(a, b)
  }
  @inlinable @inline(__always)
  public static func subtract(_ a: Words, _ b: Words) -> Words {
    subtractWord16(a, b)
  }
  @inlinable @inline(__always)
  public static func multiply(_ a: Words, _ b: Words) -> Words {
    multiplyWord16(a, b)
  }
  @inlinable @inline(__always)
  public static func and(_ a: Words, _ b: Words) -> Words {
    andWord16(a, b)
  }
  @inlinable @inline(__always)
  public static func or(_ a: Words, _ b: Words) -> Words {
    orWord16(a, b)
  }
  @inlinable @inline(__always)
  public static func exclusiveOr(_ a: Words, _ b: Words) -> Words {
    exclusiveOrWord16(a, b)
  }
  @inlinable @inline(__always)
  public static func shiftLeft(_ a: Words, by count: Int32) -> Words {
    shiftLeftWord16(a, count)
  }
  @inlinable @inline(__always)
  public static func shiftRight(_ a: Words, by count: Int32) -> Words {
    shiftRightWord16(a, count)
  }

  @inlinable @inline(__always)
  public static func floats(_ words: Words) -> Floats {
    floatsFromWord16(words)
  }
  @inlinable @inline(__always)
  public static func rounded(_ floats: Floats) -> Words {
    roundedWord16(floats)
  }
  @inlinable @inline(__always)
  public static func bits(_ floats: Floats) -> Words {
    bitsOfFloat16(floats)
  }
  @inlinable @inline(__always)
  public static func floats(bits: Words) -> Floats {
    floatsOfBitsWord16(bits)
  }

  @inlinable @inline(__always)
  public static func largestLanes(_ vectors: UnsafeRawPointer) -> SIMD8<Int32> {
    largestOfRowsWord16(vectors)
  }
  @inlinable @inline(__always)
  public static func maximum(_ a: Words, _ b: Words) -> Words {
    maximumWord16(a, b)
  }

  @inlinable @inline(__always)
  public static func transpose(_ rows: UnsafeRawPointer, stride: Int) -> InlineArray<4, Words> {
    [
      transposeWord16(rows, stride, 0), transposeWord16(rows, stride, 1),
      transposeWord16(rows, stride, 2), transposeWord16(rows, stride, 3),
    ]
  }
  @inlinable @inline(__always)
  public static func subtractBytes(_ a: Words, _ b: Words) -> Words {
    subtractBytesWord16(a, b)
  }
  @inlinable @inline(__always)
  public static func gather(_ table: UnsafePointer<Int32>, _ indices: Words) -> Words {
    gatherWord16(table, indices)
  }
  @inlinable @inline(__always)
  public static func storeLowBytes(_ words: Words, to address: UnsafeMutableRawPointer) {
    storeLowBytesWord16(words, address)
  }
  @inlinable @inline(__always)
  public static func storeLowHalves(_ words: Words, to address: UnsafeMutableRawPointer) {
    storeLowHalvesWord16(words, address)
  }
  @inlinable @inline(__always)
  public static func lookup(_ table: UnsafePointer<Int8>, _ indices: Words) -> Words {
    lookupWord16(table, indices)
  }
  @inlinable @inline(__always)
  public static func floatsFromHalves(_ words: Words) -> Floats {
    floatsFromHalvesWord16(words)
  }
}
