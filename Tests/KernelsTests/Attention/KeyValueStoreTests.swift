import Kernels
import Testing

@Suite struct KeyValueStoreTests {
  /// Rows of the batch go to their sequence, head and position, whatever the order in which the chunks are
  /// stored.
  @Test func rowsGoToTheirPlace() {
    let sequences = PackedSequences(lengths: [3, 1, 5])
    let store = KeyValueStore(headCount: 2, headDimension: 35)
    store.resize(for: sequences)
    let compute = everyCompute()[0].compute
    for rows in [4..<9, 0..<2, 2..<4] {
      // Every component says which row and column it comes from.
      let keys = rows.flatMap { row in (0..<70).map { Float(100 * row + $0) } }
      compute.store(
        keys: Activations(columnCount: 70, values: keys),
        values: Activations(columnCount: 70, values: keys.map { -$0 }), runs: sequences.runs(in: rows),
        in: store)
    }
    for sequence in 0..<3 {
      let rows = sequences.rows(of: sequence)
      for head in 0..<2 {
        let keys = UnsafeBufferPointer(start: store.keys(of: sequence, head: head), count: rows.count * 35)
        let values = UnsafeBufferPointer(
          start: store.values(of: sequence, head: head), count: rows.count * 64)
        for (position, row) in rows.enumerated() {
          for column in 0..<35 {
            let expected = Float(100 * row + 35 * head + column)
            #expect(keys[position * 35 + column] == expected)
            // The first 32 columns of all positions, then the last 3.
            #expect(values[column / 32 * 32 * rows.count + position * 32 + column % 32] == -expected)
          }
        }
      }
    }
  }

  @Test func runsOfRowsAndOfRanges() {
    let sequences = PackedSequences(lengths: [3, 1, 5])
    #expect(sequences.starts == [0, 3, 4, 9])
    #expect(sequences.longest == 5)
    #expect(
      sequences.runs(in: 2..<6) == [
        SequenceRun(sequence: 0, firstPosition: 2, count: 1, row: 0),
        SequenceRun(sequence: 1, firstPosition: 0, count: 1, row: 1),
        SequenceRun(sequence: 2, firstPosition: 0, count: 2, row: 2),
      ])
    #expect(
      sequences.runs(ofRows: [2, 3, 8]) == [
        SequenceRun(sequence: 0, firstPosition: 2, count: 1, row: 0),
        SequenceRun(sequence: 1, firstPosition: 0, count: 1, row: 1),
        SequenceRun(sequence: 2, firstPosition: 4, count: 1, row: 2),
      ])
  }
}
