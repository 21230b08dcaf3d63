import Synchronization

/// A family of sums that only grow, one for each combination of labels seen.
///
/// Values of labels come from small fixed sets (routes, statuses, reasons), never from a request: the memory
/// of a family is bounded by them.
package final class Counter: Sendable {
  let name: String
  private let help: String
  private let labelNames: [String]
  private let sums: Mutex<[[String]: Double]>

  /// A family without labels is there from the start, with the value 0.
  package init(_ name: String, _ help: String, labels: [String] = []) {
    self.name = name
    self.help = help
    labelNames = labels
    sums = Mutex(labels.isEmpty ? [[]: 0] : [:])
  }

  /// - Parameter labels: a value for each name, in the same order.
  package func add(_ amount: Double = 1, _ labels: String...) {
    precondition(labels.count == labelNames.count)
    sums.withLock { $0[labels, default: 0] += amount }
  }

  /// The sum over all labels.
  package var total: Double { sums.withLock { $0.values.reduce(0, +) } }

  package func write(to text: inout PrometheusText) {
    text.begin(name, .counter, help)
    for (labels, value) in sums.withLock(\.self).sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      text.sample(name, Array(zip(labelNames, labels)).map { (name: $0, value: $1) }, value)
    }
  }
}

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
