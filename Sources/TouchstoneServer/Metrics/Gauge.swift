import Synchronization

/// A family of values that go up and down, one for each combination of labels.
final class Gauge: Sendable {
  let name: String
  private let help: String
  private let labelNames: [String]
  private let values = Mutex<[[String]: Double]>([:])

  init(_ name: String, _ help: String, labels: [String] = []) {
    self.name = name
    self.help = help
    labelNames = labels
  }

  /// - Parameter labels: a value for each name, in the same order.
  func set(_ value: Double, _ labels: String...) {
    precondition(labels.count == labelNames.count)
    values.withLock { $0[labels] = value }
  }

  func write(to text: inout PrometheusText) {
    text.begin(name, .gauge, help)
    for (labels, value) in values.withLock(\.self).sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      text.sample(name, zip(labelNames, labels).map { (name: $0, value: $1) }, value)
    }
  }
}
