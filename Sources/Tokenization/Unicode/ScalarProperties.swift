/// What the split pattern asks of a scalar: `\p{L}`, `\p{N}`, `\s`, or none of them.
enum ScalarClass {
  static let other: UInt8 = 0
  static let letter: UInt8 = 1
  static let number: UInt8 = 2
  static let space: UInt8 = 3
}

/// Class and normalization behavior of every scalar, one byte each.
///
/// Made from the generated runs on first use, in about 0.1 ms.
enum ScalarProperties {
  /// The bits that hold the ``ScalarClass``.
  static let classMask: UInt8 = 0x03
  /// The scalar has a combining class and is otherwise stable: it disturbs NFC only by its order.
  static let ordered: UInt8 = 0x04
  /// The scalar may change in NFC, or join what precedes it.
  static let unstable: UInt8 = 0x08
  /// Without these bits a scalar is inert: it stays as it is, and NFC never looks across its front.
  static let activeMask: UInt8 = ordered | unstable

  static let table: ScalarTable = {
    var table = ScalarTable()
    var runs = PackedIntegers(UnicodeTables.classRuns)
    var start = 0
    while let length = runs.next(), let scalarClass = runs.next() {
      table.set(start..<start + length, to: UInt8(scalarClass))
      start += length
    }
    let canonical = CanonicalData.shared
    for range in canonical.combiningRanges {
      for scalar in range { table.add(ordered, to: scalar) }
    }
    for scalar in canonical.unstableScalars {
      table.add(unstable, to: Int(scalar))
    }
    return table
  }()
}

extension ScalarTable {
  fileprivate mutating func add(_ bits: UInt8, to scalar: Int) {
    set(scalar..<scalar + 1, to: self[UInt32(scalar)] | bits)
  }
}
