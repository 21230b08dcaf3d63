/// A few texts to rank by: what a change of a vector does to an order says more than a cosine.
package enum BuiltInCorpus {
  /// Everyday subjects in several languages, some of them near to each other.
  package static let texts = [
    "The file was not found.",
    "Die Datei wurde nicht gefunden.",
    "The disk is full: no space left on the device.",
    "You do not have permission to open this document.",
    "The connection to the server was refused.",
    "Le serveur ne répond pas.",
    "Enter the new password again.",
    "The printer is out of paper.",
    "Rain is expected in the north tomorrow.",
    "Mañana lloverá en el norte.",
    "The train to the coast leaves at nine.",
    "How do I bake bread without yeast?",
    "Bread rises because yeast makes gas.",
    "The mayor opened the new bridge on Sunday.",
    "Water boils at a lower temperature in the mountains.",
    "The patient takes one tablet after each meal.",
    "猫が窓のそばで眠っている。",
    "The cat sleeps beside the window.",
    "The price of wheat fell for the third week.",
    "A prime number has exactly two divisors.",
    "Наша команда выиграла матч.",
    "Our team won the match in the last minute.",
    "The contract ends on the last day of March.",
    "He learned to play the violin as a child.",
  ]
}

/// The order in which texts are near to one, as cosines.
struct Ranking {
  let cosines: [Double]

  init(of vector: [Float], among corpus: [[Float]], dimensions: Int) {
    cosines = corpus.map { cosine(vector.prefix(dimensions), $0.prefix(dimensions)) }
  }

  /// The share of pairs of texts that both rankings put in the same order: 1 for the same order, about a half
  /// for unrelated ones.
  func agreement(with other: Ranking) -> Double {
    var same = 0
    var count = 0
    for first in cosines.indices {
      for second in cosines.indices where second > first {
        let (a, b) = (cosines[first] - cosines[second], other.cosines[first] - other.cosines[second])
        count += 1
        if a * b > 0 || a == 0 && b == 0 { same += 1 }
      }
    }
    return count == 0 ? 1 : Double(same) / Double(count)
  }

  /// How many of the nearest five are among the other's nearest five.
  func commonNearest(with other: Ranking) -> Int {
    Set(nearest(5)).intersection(other.nearest(5)).count
  }

  /// The largest difference of a cosine.
  func largestDifference(from other: Ranking) -> Double {
    zip(cosines, other.cosines).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
  }

  func nearest(_ count: Int) -> ArraySlice<Int> {
    cosines.indices.sorted { (-cosines[$0], $0) < (-cosines[$1], $1) }.prefix(count)
  }
}
