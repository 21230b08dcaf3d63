import Kernels
import Testing

/// From how many tokens on a multiply goes to matrix tiles. The times are made up: a tile takes as long for
/// one token as for sixteen.
@Suite struct MatrixTileCrossoverTests {
  @Test(arguments: [
    // A vector's time for each token, in those of a tile: tiles are for those that take longer.
    (0.2, 6), (0.15, 7), (0.1, 11), (0.0626, 16), (0.05, 17), (5, 2),
  ])
  func tilesAreForThoseThatVectorsTakeLongerFor(_ secondsPerToken: Double, _ expected: Int) {
    let count = MatrixTileCrossover.fewestTokens { tokens, onTiles in
      onTiles ? 1 : Double(tokens) * secondsPerToken
    }
    #expect(count == expected)
  }

  @Test func theLayoutFollows() {
    let kernels = TiledKernels(
      name: "made", vectors: PortableKernels(), tiles: EmulatedMatrixTileKernels(), fewestTokens: 7)
    #expect(kernels.activationLayout(tokenCount: 6, precision: .i8) == .sixTokens)
    #expect(kernels.activationLayout(tokenCount: 7, precision: .i8) == .sixteenTokens)
  }

  /// With functions in the place of tiles nobody knows how long they take, but they give an answer.
  @Test func aMeasurementEnds() {
    let fewest = MatrixTileCrossover.measured(PortableKernels(), EmulatedMatrixTileKernels())
    #expect((2...17).contains(fewest))
  }
}
