/// The class of the scalar at a position, and the bytes that the scalar takes.
struct ClassifiedScalar: BitwiseCopyable {
  var scalarClass: UInt8
  var length: Int
}

/// Unmanaged view of ``ScalarProperties``, which lives as long as the process.
///
/// Sendable: the pointers are those of two `static let` buffers, which are never written again and never
/// freed.
struct ScalarClassLookup: BitwiseCopyable, @unchecked Sendable {
  static let shared = ScalarClassLookup()

  private static let blocks = FrozenBuffer(ScalarProperties.table.blocks)
  private static let classes = FrozenBuffer(
    ScalarProperties.table.values.map { $0 & ScalarProperties.classMask })

  private let blocks: UnsafePointer<UInt16>
  private let classes: UnsafePointer<UInt8>
  private let asciiClasses: UnsafePointer<UInt8>

  private init() {
    blocks = Self.blocks.elements.baseAddress!
    classes = Self.classes.elements.baseAddress!
    asciiClasses = classes + Int(blocks[0]) * ScalarTable.blockSize
  }

  @inline(__always)
  func classified(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> ClassifiedScalar {
    let byte = text[position]
    if byte < 0x80 { return ClassifiedScalar(scalarClass: asciiClasses[Int(byte)], length: 1) }
    let scalar = text.scalar(at: position)
    let block = Int(blocks[Int(scalar.value >> 7)])
    return ClassifiedScalar(
      scalarClass: classes[block &<< 7 | Int(scalar.value & 127)], length: scalar.length)
  }
}
