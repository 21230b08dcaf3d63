/// The components of the heads in another order: pairs interleaved instead of half-split, heads permuted,
/// heads and components transposed.
enum HeadLayoutSuspects: SuspectSearch {
  static func suspects(at site: PartingSite) throws(SafetensorsError) -> [Suspect] {
    guard let dimension = site.headDimension else { return [] }
    let half = dimension / 2
    let headCount = site.a.columnCount / dimension
    // Where each component of B's head is in A's.
    let layouts: [(String, [Int])] = [
      (
        "the pairs of each head are interleaved: B's components 2i and 2i + 1 are A's i and i + \(half), as after a "
          + "conversion for the other kind of rotation",
        (0..<dimension).map { $0 / 2 + $0 % 2 * half }
      ),
      (
        "the pairs of each head are split from interleaved ones: B's components i and i + \(half) are A's 2i and 2i + 1",
        (0..<dimension).map { $0 % half * 2 + $0 / half }
      ),
      ("the halves of each head are swapped", (0..<dimension).map { ($0 + half) % dimension }),
    ]
    var found = layouts.map { words, order in
      Suspect(
        .pairPermutation, "in \(site.point) \(words)",
        expected: site.a.columns { $0 / dimension * dimension + order[$0 % dimension] }, at: site)
    }
    guard headCount > 1 else { return found }
    found.append(
      Suspect(
        .headOrder, "\(site.point) is transposed: B has the first component of all heads, then the second, …",
        expected: site.a.columns { $0 % headCount * dimension + $0 / headCount }, at: site))
    let order = nearestHeads(site, dimension, headCount)
    if order != Array(0..<headCount) {
      found.append(
        Suspect(
          .headOrder,
          "the heads of \(site.point) are in another order: B's are A's \(order.map(String.init).joined(separator: ", "))",
          expected: site.a.columns { order[$0 / dimension] * dimension + $0 % dimension }, at: site))
    }
    return found
  }

  /// For each head of B the nearest of A.
  private static func nearestHeads(_ site: PartingSite, _ dimension: Int, _ headCount: Int) -> [Int] {
    let rowCount = min(site.a.rowCount, 8)
    func distance(_ ours: Int, _ theirs: Int) -> Float {
      (0..<rowCount).reduce(0) { sum, row in
        let start = row * site.a.columnCount
        return (0..<dimension).reduce(sum) { sum, index in
          let difference =
            site.a.values[start + ours * dimension + index]
            - site.b.values[start + theirs * dimension + index]
          return sum + difference * difference
        }
      }
    }
    return (0..<headCount).map { theirs in
      (0..<headCount).min { distance($0, theirs) < distance($1, theirs) } ?? theirs
    }
  }
}

extension TraceMatrix {
  /// Columns in another order: where each of the result's columns is in this matrix.
  func columns(_ source: (Int) -> Int) -> TraceMatrix {
    let order = (0..<columnCount).map(source)
    var result = self
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        result.values[row * columnCount + column] = values[row * columnCount + order[column]]
      }
    }
    return result
  }
}
