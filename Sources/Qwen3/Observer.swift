import Kernels

/// Hands the intermediates of one layer and chunk to an ``IntermediateObserver``, where there is one.
struct Observer {
  let observer: IntermediateObserver?
  let layer: Int?
  let rows: Range<Int>

  static var none: Observer { Observer(observer: nil, layer: nil, rows: 0..<0) }

  /// `values` has a row for each row of the chunk.
  func callAsFunction(_ name: Intermediate, _ values: Activations) {
    guard let observer else { return }
    observer(name, layer, rows, (0..<rows.count).map(values.row))
  }

  /// The rows `rows` of `values` are those of the chunk.
  func callAsFunction(_ name: Intermediate, _ values: Activations, rows: Range<Int>) {
    guard let observer else { return }
    observer(name, layer, self.rows, rows.map(values.row))
  }
}
