import Kernels

/// A range of a batch's rows that goes through a layer at once. Attention is causal, so the chunks of a long text can
/// follow one another; what a token becomes does not depend on where a chunk ends.
struct Chunk {
  let rows: Range<Int>
  /// The rows by sequence, counted from the start of the chunk.
  let runs: [SequenceRun]
  /// [rows]: positions in their sequences
  let positions: [Int]
  let prefixes: [SharedPrefix]

  init(rows: Range<Int>, of batch: Batch) {
    self.rows = rows
    runs = batch.sequences.runs(in: rows)
    positions = Array(batch.positions[rows])
    prefixes = batch.prefixes
  }

  /// The chunks of a batch, of at most `length` rows.
  static func chunks(of batch: Batch, length: Int) -> [Chunk] {
    stride(from: 0, to: batch.sequences.rowCount, by: length).map { start in
      Chunk(rows: start..<min(start + length, batch.sequences.rowCount), of: batch)
    }
  }
}
