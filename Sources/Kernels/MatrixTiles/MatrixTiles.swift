import CInstructions

/// Matrix registers: tiles of 16 rows of 64 bytes, and the product of two of them.
///
/// `MatrixTiles.h` names the roles: A has the activations of 16 tokens, B the weights of 16 rows of the
/// matrix, C their sums; C exists twice, so that one set of sums is finished in vectors while the next is
/// summed. All sums are exact, in 32 bits.
///
/// `registers` is the memory in which processors without tiles keep them; the others ignore it.
public protocol MatrixTiles {
  /// Whether the multiply may use tiles at all; a constant.
  static var exist: Bool { get }

  /// Tiles for products over `depth` columns: 16 or 32. Belongs to the thread, until ``release(_:)``.
  static func configure(depth: Int, _ registers: UnsafeMutableRawPointer)
  static func release(_ registers: UnsafeMutableRawPointer)

  /// Loads A, or the high bytes of A: 16 rows.
  static func loadA(_ source: UnsafeRawPointer, stride: Int, _ registers: UnsafeMutableRawPointer)
  static func loadAHigh(_ source: UnsafeRawPointer, stride: Int, _ registers: UnsafeMutableRawPointer)
  /// Loads B: a row for each four columns.
  static func loadB(_ source: UnsafeRawPointer, stride: Int, _ registers: UnsafeMutableRawPointer)

  /// `C[set] = A · B`
  static func dot(set: Int, _ registers: UnsafeMutableRawPointer)
  /// `CHigh[set] = AHigh · B`
  static func dotHigh(set: Int, _ registers: UnsafeMutableRawPointer)

  /// Stores C or CHigh: [16 tokens][16 rows of the matrix] int32.
  static func store(set: Int, to target: UnsafeMutableRawPointer, _ registers: UnsafeMutableRawPointer)
  static func storeHigh(set: Int, to target: UnsafeMutableRawPointer, _ registers: UnsafeMutableRawPointer)
}

/// The memory that ``MatrixTiles`` without tiles keep them in.
public enum MatrixTileMemory {
  public static var byteCount: Int { (MemoryLayout<TileRegisters>.size + 63) / 64 * 64 }
}

/// No tiles: vectors multiply.
public enum NoMatrixTiles: MatrixTiles {
  @inlinable @inline(__always)
  public static var exist: Bool { false }
  @inlinable @inline(__always)
  public static func configure(depth: Int, _ registers: UnsafeMutableRawPointer) {}
  @inlinable @inline(__always)
  public static func release(_ registers: UnsafeMutableRawPointer) {}
  @inlinable @inline(__always)
  public static func loadA(_ source: UnsafeRawPointer, stride: Int, _ registers: UnsafeMutableRawPointer) {}
  @inlinable @inline(__always)
  public static func loadAHigh(_ source: UnsafeRawPointer, stride: Int, _ registers: UnsafeMutableRawPointer)
  {}
  @inlinable @inline(__always)
  public static func loadB(_ source: UnsafeRawPointer, stride: Int, _ registers: UnsafeMutableRawPointer) {}
  @inlinable @inline(__always)
  public static func dot(set: Int, _ registers: UnsafeMutableRawPointer) {}
  @inlinable @inline(__always)
  public static func dotHigh(set: Int, _ registers: UnsafeMutableRawPointer) {}
  @inlinable @inline(__always)
  public static func store(
    set: Int, to target: UnsafeMutableRawPointer, _ registers: UnsafeMutableRawPointer
  ) {}
  @inlinable @inline(__always)
  public static func storeHigh(
    set: Int, to target: UnsafeMutableRawPointer, _ registers: UnsafeMutableRawPointer
  ) {}
}

/// The instructions as plain functions, for tests on processors without tiles.
public enum EmulatedMatrixTiles: MatrixTiles {
  @inlinable @inline(__always)
  public static var exist: Bool { true }
  @inlinable
  public static func configure(depth: Int, _ registers: UnsafeMutableRawPointer) {
    emulatedTileConfigure(registers, Int32(depth))
  }
  @inlinable
  public static func release(_ registers: UnsafeMutableRawPointer) { emulatedTileRelease(registers) }
  @inlinable
  public static func loadA(_ source: UnsafeRawPointer, stride: Int, _ registers: UnsafeMutableRawPointer) {
    emulatedTileLoad(registers, TILE_A, source, Int64(stride))
  }
  @inlinable
  public static func loadAHigh(_ source: UnsafeRawPointer, stride: Int, _ registers: UnsafeMutableRawPointer)
  {
    emulatedTileLoad(registers, TILE_A_HIGH, source, Int64(stride))
  }
  @inlinable
  public static func loadB(_ source: UnsafeRawPointer, stride: Int, _ registers: UnsafeMutableRawPointer) {
    emulatedTileLoad(registers, TILE_B, source, Int64(stride))
  }
  @inlinable
  public static func dot(set: Int, _ registers: UnsafeMutableRawPointer) {
    emulatedTileZero(registers, sums(set))
    emulatedTileDot(registers, sums(set), TILE_A, TILE_B)
  }
  @inlinable
  public static func dotHigh(set: Int, _ registers: UnsafeMutableRawPointer) {
    emulatedTileZero(registers, highSums(set))
    emulatedTileDot(registers, highSums(set), TILE_A_HIGH, TILE_B)
  }
  @inlinable
  public static func store(
    set: Int, to target: UnsafeMutableRawPointer, _ registers: UnsafeMutableRawPointer
  ) {
    emulatedTileStore(registers, sums(set), target, 64)
  }
  @inlinable
  public static func storeHigh(
    set: Int, to target: UnsafeMutableRawPointer, _ registers: UnsafeMutableRawPointer
  ) {
    emulatedTileStore(registers, highSums(set), target, 64)
  }

  @inlinable
  static func sums(_ set: Int) -> Int32 { set == 0 ? TILE_C0 : TILE_C1 }
  @inlinable
  static func highSums(_ set: Int) -> Int32 { set == 0 ? TILE_C_HIGH0 : TILE_C_HIGH1 }
}
