/// What all vectors together say before any mistake is emulated: rows that changed places, one vector for
/// all, one map or one offset for all components. Each is plain algebra on the references of the whole set,
/// so it is proved or not there.
struct WholeSet {
  /// Names of the probes that were answered with a whole vector, in the order of the set.
  private let names: [String]
  /// [names][components] of length 1: what was seen, and what is right. Cut vectors have references that are
  /// cut.
  private let seen: [[Double]]
  private let right: [[Double]]
  /// 1 − cos of each from its own reference.
  private let own: [Double]
  /// 1 − cos above which a vector is not the one that it should be.
  private let tolerance: Double

  struct Finding {
    let diagnosis: Verdict.Diagnosis
    /// The vectors with that undone, by probe; nil where it cannot be undone.
    let corrected: [String: [Float]]?
  }

  /// - Parameter noise: of the reference.
  init(
    _ emulator: Emulator, _ probes: [Probe], _ observed: [String: [Float]], _ noise: NoiseFloor
  ) throws(OracleError) {
    var names: [String] = []
    var (seen, right): ([[Double]], [[Double]]) = ([], [])
    let count = Self.commonCount(probes, observed)
    for probe in probes where probe.dimensions == nil {
      guard let vector = observed[probe.name], vector.count == count,
        let reference = try emulator.state(of: probe, .reference),
        let a = Self.normalized(vector), let b = Self.normalized(reference.prefix(count))
      else { continue }
      names.append(probe.name)
      seen.append(a)
      right.append(b)
    }
    (self.names, self.seen, self.right) = (names, seen, right)
    own = zip(seen, right).map(Self.distance)
    // Where two texts' references are nearer to each other than that, rows cannot be told apart.
    tolerance = min(0.02, max(1e-6, noise.levels.map(\.bound).max() ?? 0))
  }

  /// The first relation that holds; nil where none does, or all is right.
  func finding() -> Finding? {
    guard names.count >= 3, own.contains(where: { $0 > tolerance }) else { return nil }
    return oneForAll() ?? movedRows() ?? turned() ?? offset()
  }

  /// One score for all pairs, where the model's differ. Mistakes that bring all scores together would
  /// otherwise explain it: a sigmoid of probabilities near 0 is 0.5 for every pair.
  static func oneScoreForAll(
    _ emulator: Emulator, _ probes: [Probe], _ observed: [String: [Float]]
  ) throws(OracleError) -> Finding? {
    var (seen, right): ([Float], [Float]) = ([], [])
    for probe in probes {
      guard let score = observed[probe.name]?.first,
        let reference = try emulator.vector(of: probe, .reference)?.first
      else { continue }
      seen.append(score)
      right.append(reference)
    }
    // All 1 is a mistake with a name of its own: a softmax over one label.
    guard seen.count >= 3, let least = seen.min(), let most = seen.max(), most - least <= 1e-6 * abs(most),
      most != 1,
      let lowest = right.min(), let highest = right.max(), highest - lowest > 0.01
    else { return nil }
    return Finding(
      diagnosis: diagnosis(
        "one-score-for-all", "all pairs have one score",
        "the scores of all \(seen.count) pairs are \(Figures.short(Double(seen[0]))), those of the model go from "
          + "\(Figures.short(Double(lowest))) to \(Figures.short(Double(highest)))",
        "look whether the head's weights are loaded, and whether the scores are read before they are written"),
      corrected: nil)
  }

  private func isMost(_ count: Int) -> Bool { count * 10 >= names.count * 9 }

  // MARK: Rows

  private func oneForAll() -> Finding? {
    guard Self.spread(right) > tolerance, Self.spread(seen) < 1e-9 else { return nil }
    let owner = names.indices.first { Self.distance(seen[0], right[$0]) <= tolerance }
    return Finding(
      diagnosis: Self.diagnosis(
        "one-vector-for-all", "all texts have one vector",
        "the vectors of all \(names.count) texts are the same"
          + (owner.map { ", that of '\(names[$0])'" } ?? ", and that of none of them"),
        "look for a buffer that is used again, or a result that is read before it is written"),
      corrected: nil)
  }

  /// Rows that have the vector of another text.
  private func movedRows() -> Finding? {
    let wrong = names.indices.filter { own[$0] > tolerance }
    var source: [Int: Int] = [:]
    for row in wrong {
      let matches = names.indices.map { Self.distance(seen[row], right[$0]) }
      guard let nearest = matches.indices.min(by: { matches[$0] < matches[$1] }),
        matches[nearest] <= tolerance, matches[nearest] < own[row] / 8
      else { continue }
      source[row] = nearest
    }
    guard source.count >= 2 else { return nil }
    return shifted(wrong) ?? swapped(wrong, source)
  }

  /// Every text has the vector of the one some rows before or after it.
  private func shifted(_ wrong: [Int]) -> Finding? {
    for step in [1, -1, 2, -2, 3, -3] {
      let rows = names.indices.filter { row in
        names.indices.contains(row + step) && Self.distance(seen[row], right[row + step]) <= tolerance
      }
      guard rows.count >= 3, rows.count * 5 >= wrong.count * 4 else { continue }
      var corrected: [String: [Float]] = [:]
      for row in rows { corrected[names[row + step]] = seen[row].map { Float($0) } }
      let places = abs(step) == 1 ? "one row" : "\(abs(step)) rows"
      return Finding(
        diagnosis: Self.diagnosis(
          "rows-shifted", "the vectors are shifted by \(places)",
          "\(rows.count) of \(names.count) texts have the vector of the text \(places) \(step > 0 ? "after" : "before") "
            + "them: '\(names[rows[0]])' has that of '\(names[rows[0] + step])'",
          "look for a header line, a lost first answer, or an answer that goes to the next request"),
        corrected: corrected)
    }
    return nil
  }

  /// The wrong rows have changed places among themselves.
  private func swapped(_ wrong: [Int], _ source: [Int: Int]) -> Finding? {
    guard source.count == wrong.count, Set(source.values) == Set(wrong) else { return nil }
    var corrected: [String: [Float]] = [:]
    for (row, name) in names.enumerated() {
      corrected[names[source[row] ?? row]] = seen[row].map { Float($0) }
      if source[row] == nil { corrected[name] = seen[row].map { Float($0) } }
    }
    let pairs = wrong.prefix(4).map { "'\(names[$0])' has that of '\(names[source[$0] ?? $0])'" }
    return Finding(
      diagnosis: Self.diagnosis(
        "rows-swapped",
        wrong.count == 2
          ? "two texts have each other's vectors" : "\(wrong.count) texts have each other's vectors",
        pairs.joined(separator: ", ") + (wrong.count > 4 ? ", …" : ""),
        "put the vectors back into the order of the texts after sorting them, or after answers from several workers"
      ),
      corrected: corrected)
  }

  // MARK: Maps

  /// One orthogonal map of the components: the cosines between the texts are all right.
  private func turned() -> Finding? {
    guard names.count >= 8, Self.median(own) > 0.1 else { return nil }
    for a in names.indices {
      for b in names.indices[..<a] {
        guard abs(Self.dot(seen[a], seen[b]) - Self.dot(right[a], right[b])) < 0.01 else { return nil }
      }
    }
    let rightCosines = "the cosines between the texts are right"
    if isMost(zip(seen, right).count { Self.distance($0.map(-), $1) <= tolerance }) {
      return Finding(
        diagnosis: Self.diagnosis(
          "components-turned", "all vectors have the sign turned",
          "every vector is −1 times its reference; \(rightCosines)",
          "look for a sign that is lost where vectors are read or written"),
        corrected: mapped { vector in vector.map(-) })
    }
    if let places = permutation() {
      let corrected = mapped { vector in places.map { vector[$0] } }
      let count = places.count
      let step = places[0]
      let isRotation = places.indices.allSatisfy { places[$0] == ($0 + step) % count }
      let title =
        isRotation
        ? "the components are rotated by \(min(step, count - step) == 1 ? "one place" : "\(min(step, count - step)) places")"
        : places == Array((0..<count).reversed())
          ? "the components are in reverse order" : "the components are in another order"
      let moved = places.indices.first { places[$0] != $0 } ?? 0
      return Finding(
        diagnosis: Self.diagnosis(
          "components-turned", title,
          "component \(moved) of the reference is component \(places[moved]) of the answers, in every vector; "
            + rightCosines,
          "look at the offset and the stride with which vectors are copied"),
        corrected: corrected)
    }
    return Finding(
      diagnosis: Self.diagnosis(
        "components-turned", "all vectors are turned by one orthogonal map",
        "the cosines between all \(names.count) texts are those of the references, the vectors are not",
        "look for a rotation or a change of basis after pooling; such vectors cannot be mixed with others"),
      corrected: nil)
  }

  /// For each component of the reference the component of what came that has its values; nil where they are
  /// no permutation. Each is told by its values in some texts.
  private func permutation() -> [Int]? {
    let texts = names.indices.prefix(12)
    let count = seen[0].count
    let columns = (0..<count).map { component in texts.map { seen[$0][component] } }
    var places: [Int] = []
    var taken = [Bool](repeating: false, count: count)
    for component in 0..<count {
      let wanted = texts.map { right[$0][component] }
      var best = (place: 0, distance: Double.infinity)
      for (place, column) in columns.enumerated() where !taken[place] {
        var distance = 0.0
        for (a, b) in zip(wanted, column) {
          distance += (a - b) * (a - b)
          if distance >= best.distance { break }
        }
        if distance < best.distance { best = (place, distance) }
      }
      taken[best.place] = true
      places.append(best.place)
    }
    let explained = zip(seen, right).count { seen, right in
      Self.distance(places.map { seen[$0] }, right) <= tolerance
    }
    return isMost(explained) ? places : nil
  }

  // MARK: Offsets

  /// One vector that is added to all, or taken from all: right = λ · seen + m with one m and a λ for each
  /// text, found by least squares in turns.
  private func offset() -> Finding? {
    guard names.count >= 8, isMost(own.count { $0 > tolerance }) else { return nil }
    let size = seen[0].count
    var scales = [Double](repeating: 1, count: names.count)
    var offset = [Double](repeating: 0, count: size)
    for _ in 0..<100 {
      offset = [Double](repeating: 0, count: size)
      for (row, scale) in scales.enumerated() {
        for component in 0..<size {
          offset[component] += right[row][component] - scale * seen[row][component]
        }
      }
      for component in 0..<size { offset[component] /= Double(names.count) }
      for row in names.indices {
        var product = 0.0
        for component in 0..<size {
          product += (right[row][component] - offset[component]) * seen[row][component]
        }
        scales[row] = product
      }
    }
    guard scales.allSatisfy({ $0 > 0.05 }), Self.dot(offset, offset) > 0.02 * 0.02 else { return nil }
    let restored = names.indices.map { row in
      zip(seen[row], offset).map { scales[row] * $0 + $1 }
    }
    // Far nearer than before: a mistake that moves all texts alike is nearly an offset, and none.
    let limit = min(tolerance, Self.median(own) / 400)
    guard isMost(zip(restored, right).count { Self.distance($0, $1) <= limit }) else { return nil }
    var corrected: [String: [Float]] = [:]
    for (name, vector) in zip(names, restored) { corrected[name] = vector.map { Float($0) } }
    var mean = [Double](repeating: 0, count: size)
    for vector in right { for component in 0..<size { mean[component] += vector[component] } }
    let isMean = Self.normalized(mean).flatMap { mean in
      Self.normalized(offset).map { Self.distance(mean, $0) < 0.05 }
    }
    return Finding(
      diagnosis: Self.diagnosis(
        "vectors-shifted",
        isMean == true
          ? "the mean of the vectors is subtracted from each" : "one vector is added to all vectors",
        "with one vector of length \(Figures.short(Self.dot(offset, offset).squareRoot())) added to each, the vectors are "
          + "their references'",
        "embed each text by itself: centering and whitening belong to the program that compares vectors"),
      corrected: corrected)
  }

  // MARK: Arithmetic

  private func mapped(_ map: ([Double]) -> [Double]) -> [String: [Float]] {
    var corrected: [String: [Float]] = [:]
    for (name, vector) in zip(names, seen) { corrected[name] = map(vector).map { Float($0) } }
    return corrected
  }

  private static func diagnosis(
    _ id: String, _ title: String, _ evidence: String, _ remedy: String
  ) -> Verdict.Diagnosis {
    Verdict.Diagnosis(
      id: id, number: nil, title: title, evidence: evidence, remedy: remedy, confidence: nil)
  }

  /// The components of most of the whole vectors.
  private static func commonCount(_ probes: [Probe], _ observed: [String: [Float]]) -> Int {
    let counts = probes.filter { $0.dimensions == nil }.compactMap { observed[$0.name]?.count }
    return Dictionary(grouping: counts) { $0 }.max { $0.value.count < $1.value.count }?.key ?? 0
  }

  private static func normalized(_ values: some Collection<Float>) -> [Double]? {
    normalized(values.map(Double.init))
  }

  private static func normalized(_ values: [Double]) -> [Double]? {
    let length = dot(values, values).squareRoot()
    return length > 0 && length.isFinite ? values.map { $0 / length } : nil
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for (x, y) in zip(a, b) { sum += x * y }
    return sum
  }

  /// 1 − cos of vectors, of which the second has length 1.
  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    let length = dot(a, a).squareRoot()
    guard length > 0 else { return .infinity }
    var sum = 0.0
    for (x, y) in zip(a, b) { sum += (x / length - y) * (x / length - y) }
    return sum / 2
  }

  private static func spread(_ vectors: [[Double]]) -> Double {
    vectors.dropFirst().reduce(0) { max($0, distance($1, vectors[0])) }
  }

  private static func median(_ values: [Double]) -> Double { Statistics.median(values) }
}
