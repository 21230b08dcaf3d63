import Kernels

/// A range of a batch's rows that goes through a layer at once. Where attention is causal, the chunks of a
/// long text can follow one another; else all chunks give their keys and values first. The state of a token
/// does not depend on where a chunk ends.
struct Chunk {
  /// The rows of the batch whose keys and values the layer computes.
  let rows: Range<Int>
  /// ``rows`` by sequence, counted from the start of the chunk.
  let runs: [SequenceRun]
  /// [rows]: positions in their sequences
  let positions: [Int]
  /// The rows that go on to attention and feed-forward: all, or in the last layer those that are pooled.
  let queries: Queries
  let prefixes: [SharedPrefix]

  /// The rows of a chunk that have queries.
  struct Queries {
    /// Counted from the start of the chunk, ascending; nil: every row.
    let selected: [Int]?
    /// The queries by sequence, counted from the first of them.
    let runs: [SequenceRun]
    /// [queries]: positions in their sequences
    let positions: [Int]
    /// Where their states lie in the residual stream: gathered at the start of the chunk.
    let rows: Range<Int>
  }

  /// All rows of the chunk have queries.
  init(rows: Range<Int>, of batch: Batch) {
    self.rows = rows
    runs = batch.sequences.runs(in: rows)
    positions = Array(batch.positions[rows])
    queries = Queries(selected: nil, runs: runs, positions: positions, rows: rows)
    prefixes = batch.prefixes
  }

  /// The same rows with queries only for those of `pooledRows`, rows of the batch in ascending order.
  func pruned(to pooledRows: [Int], of batch: Batch) -> Chunk {
    let kept = pooledRows.filter(rows.contains)
    let runs = batch.sequences.runs(ofRows: kept)
    return Chunk(
      self,
      queries: Queries(
        selected: kept.map { $0 - rows.lowerBound }, runs: runs, positions: runs.map { $0.firstPosition },
        rows: rows.lowerBound..<rows.lowerBound + kept.count))
  }

  private init(_ chunk: Chunk, queries: Queries) {
    rows = chunk.rows
    runs = chunk.runs
    positions = chunk.positions
    self.queries = queries
    prefixes = chunk.prefixes
  }

  /// The chunks of a batch, of at most `length` rows.
  static func chunks(of batch: Batch, length: Int) -> [Chunk] {
    stride(from: 0, to: batch.sequences.rowCount, by: length).map { start in
      Chunk(rows: start..<min(start + length, batch.sequences.rowCount), of: batch)
    }
  }
}
