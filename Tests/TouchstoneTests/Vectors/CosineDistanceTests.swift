import Testing
import Touchstone

struct CosineDistanceTests {
  @Test func directionsCountAndLengthsDoNot() {
    #expect(cosineDistance([3, 4], [6, 8]) == 0)
    #expect(abs(cosineDistance([1, 0], [0, 5]) - 1) < 1e-15)
    #expect(abs(cosineDistance([1, 0], [-2, 0]) - 2) < 1e-15)
  }

  /// A small angle ε is ε²/2, far below what `1 − a·b` can hold.
  @Test func tinyDistancesKeepTheirDigits() {
    let distance = cosineDistance([1, 0], [1, 0x1p-30])
    #expect(abs(distance / 0x1p-61 - 1) < 1e-6)
  }

  @Test func zerosHaveNoDirection() {
    #expect(cosineDistance([0, 0], [1, 0]).isNaN)
  }
}
