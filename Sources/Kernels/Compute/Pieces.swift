// How operations are cut for the workers. No cut changes a bit: none goes through a sum.

/// The tokens of a multiply, cut into pieces where there are fewer panels than many workers need.
///
/// 32 panels (a matrix of 1,024 rows) keep 32 workers busy and no more, and 48 workers would wait for the
/// last 16 of 64. A piece costs one more unpacking of the panel, about 3 % of the multiply of 512 tokens: so
/// pieces are made only below three panels a worker, and have 96 tokens or more.
package struct TokenPieces {
  /// Items that each worker should have, so that the last ones end at about the same time.
  static let itemsPerWorker = 3
  static let tokensPerPiece = 96

  let count: Int
  private let tileCount: Int

  init(tokenCount: Int, tileCount: Int, panelCount: Int, workerCount: Int) {
    self.tileCount = tileCount
    count = Self.count(
      tokenCount: tokenCount, tileCount: tileCount, panelCount: panelCount, workerCount: workerCount)
  }

  /// How many pieces the tokens of each panel are cut into.
  package static func count(tokenCount: Int, tileCount: Int, panelCount: Int, workerCount: Int) -> Int {
    let wanted = (itemsPerWorker * workerCount + panelCount - 1) / max(1, panelCount)
    return max(1, min(wanted, tokenCount / tokensPerPiece, tileCount))
  }

  /// The tiles of piece `index`.
  func tiles(_ index: Int) -> Range<Int> { index * tileCount / count..<(index + 1) * tileCount / count }
}

/// The rows of an operation that takes each row by itself, cut into ranges of a few microseconds.
///
/// A range has about 10 µs of work, against a few µs to wake a worker. Where that leaves fewer than two
/// ranges a worker, ranges are smaller, down to a quarter.
package enum RowPieces {
  static let elementsPerPiece = 1 << 15
  static let fewestElements = 1 << 13
  static let piecesPerWorker = 2

  /// How many ranges the rows are cut into.
  package static func count(rowCount: Int, columnCount: Int, workerCount: Int) -> Int {
    let elements = rowCount * columnCount
    guard elements > elementsPerPiece else { return min(1, rowCount) }
    let wanted = max(piecesPerWorker * workerCount, elements / elementsPerPiece)
    return min(wanted, elements / fewestElements, rowCount)
  }

  /// The rows of range `index`.
  static func rows(_ index: Int, of count: Int, rowCount: Int) -> Range<Int> {
    index * rowCount / count..<(index + 1) * rowCount / count
  }
}

/// The queries of attention, cut into tiles.
///
/// A tile holds ``AttentionScratch/rowCapacity`` query rows: positions times the heads that share keys. Tiles
/// are smaller where there would be fewer than two a worker, down to a quarter: a smaller tile reads as many
/// keys and values for fewer rows.
package enum AttentionPieces {
  static let tilesPerWorker = 2

  /// How many times smaller than they could be the tiles are: 1, 2 or 4.
  ///
  /// - Parameter tileCount: of tiles as large as they can be.
  package static func division(tileCount: Int, workerCount: Int) -> Int {
    var division = 1
    while division < 4, tileCount * division < tilesPerWorker * workerCount { division *= 2 }
    return division
  }
}
