import Kernels
import Testing

/// How operations are cut for few workers and for many.
@Suite struct PiecesTests {
  @Test(arguments: [
    // A token, and 16: one range, which no second worker is woken for.
    (1, 1024, 2, 1), (16, 1024, 2, 1), (0, 1024, 2, 0),
    // 512 tokens: 16 ranges of 10 µs for few workers, 64 of a quarter for many.
    (512, 1024, 1, 16), (512, 1024, 2, 16), (512, 1024, 16, 32), (512, 1024, 64, 64), (512, 1024, 128, 64),
    (512, 3072, 2, 48), (8192, 1024, 64, 256), (2, 1 << 20, 64, 2),
  ])
  func rows(_ rowCount: Int, _ columnCount: Int, _ workerCount: Int, _ expected: Int) {
    let count = RowPieces.count(rowCount: rowCount, columnCount: columnCount, workerCount: workerCount)
    #expect(count == expected)
  }

  /// 512 tokens of the 0.6B shape are 48 tiles: six of 96 positions for each of eight heads.
  @Test(arguments: [(48, 1, 1), (48, 2, 1), (48, 24, 1), (48, 25, 2), (48, 64, 4), (48, 1024, 4), (8, 2, 1)])
  func attention(_ tileCount: Int, _ workerCount: Int, _ expected: Int) {
    #expect(AttentionPieces.division(tileCount: tileCount, workerCount: workerCount) == expected)
  }
}
