import CInstructions

/// A panel of 32 rows by one tile of activations: as many ``IntegerTile``s as the registers demand.
@usableFromInline
enum IntegerPanelMultiply<Instructions: VectorInstructions, Shape: PanelShape, Encoding: ActivationEncoding> {
  @usableFromInline typealias Tile<let tokenCount: Int> = IntegerTile<
    Instructions, Shape, Encoding, tokenCount
  >

  /// - Parameter tokenCount: 1…6; the first slots of the tile.
  @inlinable @inline(__always)
  static func run(tokenCount: Int, _ operands: IntegerTileOperands) {
    // Outputs lie far apart and are written once: by then, they are at hand. Stores that wait for memory
    // would hold up the stores of partial sums behind them.
    for slot in 0..<tokenCount {
      prefetchForWriting(operands.output + slot &* operands.outputStride)
      prefetchForWriting(operands.output + (slot &* operands.outputStride &+ 16))
    }
    var slot = 0
    while slot < tokenCount {
      let tokens = min(Instructions.tileTokenCount, tokenCount &- slot)
      var row = 0
      while row < 32 {
        runTile(tokens, operands.advanced(slot: slot, row: row))
        row &+= Instructions.tileVectorCount &* Instructions.laneCount
      }
      slot &+= tokens
    }
  }

  /// One tile, of a number of tokens that the registers allow.
  @inlinable @inline(__always)
  static func runTile(_ tokenCount: Int, _ operands: IntegerTileOperands) {
    let limit = Instructions.tileTokenCount
    if limit >= 6, tokenCount == 6 {
      Tile<6>.run(operands)
    } else if limit >= 5, tokenCount == 5 {
      Tile<5>.run(operands)
    } else if limit >= 4, tokenCount == 4 {
      Tile<4>.run(operands)
    } else if limit >= 3, tokenCount == 3 {
      Tile<3>.run(operands)
    } else if limit >= 2, tokenCount == 2 {
      Tile<2>.run(operands)
    } else {
      Tile<1>.run(operands)
    }
  }
}
