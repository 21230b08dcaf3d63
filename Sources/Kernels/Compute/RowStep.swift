/// An operation that takes each row by itself, ready to run: several such steps can go over the same rows one
/// after the other, in one job, while the rows are in the cache.
///
/// ``Compute/run(_:)`` runs steps, ``Compute/multiply(_:by:into:after:)`` those that make its input.
package struct RowStep {
  let stage: Stage
  let operation: TimelineOperation
  let rowCount: Int
  /// Of the rows, for the timeline and for the size of a job.
  let columnCount: Int
  /// Takes a part of `0..<rowCount`.
  let body: (Range<Int>) -> Void
  /// Called when all rows are done; such a step has a job of its own.
  private(set) var whenDone: (() -> Void)?

  init(
    _ stage: Stage, _ operation: TimelineOperation, rowCount: Int, columnCount: Int,
    body: @escaping (Range<Int>) -> Void
  ) {
    self.stage = stage
    self.operation = operation
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.body = body
  }

  /// The same step, and `body` behind it: to look at what it has made, before the next one changes it.
  package func whenDone(_ body: @escaping () -> Void) -> RowStep {
    var step = self
    step.whenDone = body
    return step
  }
}

extension Compute {
  /// Runs steps of the same number of rows one after the other. Ranges of rows go through all of them in one
  /// job, unless somebody watches.
  package func run(_ steps: [RowStep]) {
    guard let first = steps.first else { return }
    precondition(steps.allSatisfy { $0.rowCount == first.rowCount })
    guard joins(steps) else { return runAlone(steps, joinsNext: false) }
    let columnCount = steps.reduce(1) { max($0, $1.columnCount) }
    forEachRowRange(first.rowCount, columnCount: columnCount) { range in
      for step in steps { step.body(range) }
    }
  }

  /// Whether the steps may share a job. On a clock each stage has its own time, so each step has a job.
  func joins(_ steps: [RowStep]) -> Bool { clock == nil && steps.allSatisfy { $0.whenDone == nil } }

  /// Runs each step in a job of its own.
  ///
  /// - Parameter joinsNext: whether the last shares its job with the stage that follows where no clock runs.
  func runAlone(_ steps: [RowStep], joinsNext: Bool) {
    for (index, step) in steps.enumerated() {
      let timing = begin(
        step.stage, step.operation, rows: step.rowCount, columns: step.columnCount,
        joinsNext: joinsNext || index + 1 < steps.count)
      forEachRowRange(step.rowCount, columnCount: step.columnCount, step.body)
      timing.end()
      step.whenDone?()
    }
  }
}
