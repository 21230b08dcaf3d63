import Dispatch
import Synchronization

/// Compares a query with every row, in parallel. Cosines are exact functions of integers, so neither the
/// division of the work nor the processor changes a result.
enum VectorScan {
  struct Match: Sendable {
    var reference: EmbeddedStore.RowReference
    var cosine: Double

    var chunk: Int64 { reference.chunk }

    /// Equal cosines keep the order of the chunks.
    func isBetter(than other: Match) -> Bool {
      cosine != other.cosine ? cosine > other.cosine : chunk < other.chunk
    }
  }

  private static let rowsInTask = 8_192

  /// - Parameter rows: each in a segment of `segments`, with a row that it has.
  static func best(
    _ rows: [EmbeddedStore.RowReference], _ segments: [Int64: SegmentReader], _ query: QueryVector, limit: Int
  ) -> [Match] {
    guard limit > 0, !rows.isEmpty else { return [] }
    let taskCount = (rows.count + rowsInTask - 1) / rowsInTask
    let gathered = Mutex<[Match]>([])
    DispatchQueue.concurrentPerform(iterations: taskCount) { task in
      let range = task * rowsInTask..<min((task + 1) * rowsInTask, rows.count)
      var best = BestMatches(limit: limit)
      query.values.withUnsafeBufferPointer { values in
        var current: (id: Int64, reader: SegmentReader)?
        var last: (row: Int, cosine: Double)?
        for index in range {
          let row = rows[index]
          if current?.id != row.segment {
            current = (row.segment, segments[row.segment]!)
            last = nil
          }
          // Equal pieces share a row.
          let cosine =
            last?.row == row.row
            ? last!.cosine : current!.reader.cosine(row.row, values.baseAddress!, scale: query.scale)
          last = (row.row, cosine)
          best.offer(Match(reference: row, cosine: cosine))
        }
      }
      let found = best.matches
      gathered.withLock { $0 += found }
    }
    return Array(gathered.withLock(\.self).sorted { $0.isBetter(than: $1) }.prefix(limit))
  }

  /// The best by the float32 components, among the best by bytes. A sum of float64 in the order of the
  /// components, so the same everywhere.
  static func refined(
    _ matches: [Match], _ segments: [Int64: SegmentReader], _ query: [Float], limit: Int
  ) -> [Match] {
    let refined = matches.map { match in
      guard let cosine = segments[match.reference.segment]?.exactCosine(match.reference.row, query) else {
        return match
      }
      return Match(reference: match.reference, cosine: cosine)
    }
    return Array(refined.sorted { $0.isBetter(than: $1) }.prefix(limit))
  }

  /// How many times more rows than wanted are found by bytes where floats order them.
  static let refinedDepth = 4

  /// A heap with the worst of the best in front.
  private struct BestMatches {
    let limit: Int
    private(set) var matches: [Match] = []

    init(limit: Int) { self.limit = limit }

    mutating func offer(_ match: Match) {
      if matches.count < limit {
        matches.append(match)
        var index = matches.count - 1
        while index > 0, matches[(index - 1) / 2].isBetter(than: matches[index]) {
          matches.swapAt(index, (index - 1) / 2)
          index = (index - 1) / 2
        }
      } else if match.isBetter(than: matches[0]) {
        matches[0] = match
        var index = 0
        while true {
          var worst = index
          for child in [2 * index + 1, 2 * index + 2]
          where child < matches.count && matches[worst].isBetter(than: matches[child]) { worst = child }
          if worst == index { return }
          matches.swapAt(index, worst)
          index = worst
        }
      }
    }
  }
}
