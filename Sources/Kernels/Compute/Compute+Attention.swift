extension Compute {
  /// Stores the rows of `keys` and `values` as those of the positions that `runs` says.
  package func storing(
    keys: Activations, values: Activations, runs: [SequenceRun], in store: KeyValueStore
  ) -> RowStep {
    precondition(keys.columnCount == store.headCount * store.headDimension)
    precondition(values.columnCount == keys.columnCount)
    return RowStep(.elementwise, .store, rowCount: keys.rowCount, columnCount: keys.columnCount) { range in
      for run in runs {
        guard let part = run.part(rows: range) else { continue }
        store.store(keys: keys, values: values, run: part)
      }
    }
  }

  package func store(keys: Activations, values: Activations, runs: [SequenceRun], in store: KeyValueStore) {
    run([storing(keys: keys, values: values, runs: runs, in: store)])
  }

  /// Grouped-query attention; see ``AttentionTile``.
  ///
  /// `output[row] = softmax(scale · q · kᵀ) v` over the positions of the row's sequence, for the rows of the
  /// runs: up to its own where attention is causal, else all. Keys and values of these positions are in
  /// `store`. `output` becomes as many rows as `queries`.
  ///
  /// With 8-bit activations it is ``IntegerAttentionTile`` that computes, where the head dimension is a
  /// multiple of 16.
  package func attend(
    _ queries: Activations, runs: [SequenceRun], keysAndValues store: KeyValueStore, scale: Float,
    isCausal: Bool = true, into output: Activations
  ) {
    let timing = begin(.attention, .attend, rows: queries.rowCount, columns: queries.columnCount)
    defer {
      timing.end { record in
        let pairs = runs.reduce(0) {
          $0 + (isCausal ? $1.keyCount : $1.count * store.positionCount(of: $1.sequence))
        }
        record.floatOperations += 4 * queries.columnCount * pairs
      }
    }
    precondition(output.columnCount == queries.columnCount)
    precondition(queries.columnCount % (store.headCount * store.headDimension) == 0)
    output.resize(rowCount: queries.rowCount)
    let groupSize = queries.columnCount / (store.headCount * store.headDimension)
    let tiles = attentionTiles(runs, groupSize: groupSize, headCount: store.headCount)
    let usesIntegers = integerPrecision == .i8 && store.headDimension % 16 == 0
    let scratchSize =
      usesIntegers
      ? IntegerAttentionScratch.byteCount(headDimension: store.headDimension)
      : AttentionScratch.byteCount(headDimension: store.headDimension)
    clock.forEach(tiles.count, on: workers) { index, worker in
      let (run, head) = tiles[index]
      let column = head * groupSize * store.headDimension
      let tile = AttentionTileArguments(
        queries: queries.unsafeRow(run.row) + column, queryStride: queries.columnCount,
        keys: store.keys(of: run.sequence, head: head), values: store.values(of: run.sequence, head: head),
        valueBlockStride: store.valueBlockStride(of: run.sequence),
        output: output.unsafeRow(run.row) + column, outputStride: output.columnCount,
        firstPosition: isCausal ? run.firstPosition : store.positionCount(of: run.sequence) - 1,
        positionCount: run.count,
        keyCount: isCausal ? run.firstPosition + run.count : store.positionCount(of: run.sequence),
        groupSize: groupSize,
        headDimension: store.headDimension, scale: scale,
        scratch: scratch.bytes(of: worker, count: scratchSize))
      if usesIntegers { kernels.attendIntegers(tile) } else { kernels.attend(tile) }
    }
  }

  /// The runs cut to tiles, for each key-value head, the longest work first.
  private func attentionTiles(
    _ runs: [SequenceRun], groupSize: Int, headCount: Int
  ) -> [(run: SequenceRun, head: Int)] {
    precondition(groupSize <= AttentionScratch.rowCapacity)
    let most = AttentionScratch.rowCapacity / groupSize
    let tileCount = runs.reduce(0) { $0 + ($1.count + most - 1) / most } * headCount
    let division = AttentionPieces.division(tileCount: tileCount, workerCount: workers.count)
    let positions = max(1, most / division)
    return runs.flatMap { $0.pieces(ofAtMost: positions) }
      .sorted { $0.firstPosition > $1.firstPosition }
      .flatMap { piece in (0..<headCount).map { (piece, $0) } }
  }
}
