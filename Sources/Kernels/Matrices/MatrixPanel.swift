/// A panel of rows of one of several weight matrices with the same input: what a worker multiplies at a time.
struct MatrixPanel {
  let weight: WeightMatrix
  /// Where all products of `weight` go.
  let output: Activations
  /// The rows of `weight`, which are columns of `output`.
  let rows: Range<Int>

  /// The weights of the panel, as the file has them.
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: weight.unsafeRow(rows.lowerBound), count: rows.count * weight.rowByteCount)
  }

  /// All panels of all matrices, of `rowCount` rows each but for the last of a matrix, in their order.
  static func all(of products: [(WeightMatrix, Activations)], rowCount: Int) -> [MatrixPanel] {
    products.flatMap { weight, output in
      stride(from: 0, to: weight.rowCount, by: rowCount).map { first in
        MatrixPanel(
          weight: weight, output: output, rows: first..<min(first + rowCount, weight.rowCount))
      }
    }
  }
}

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
