import Synchronization

/// How often which values occurred, in buckets, for each combination of labels seen.
package final class Histogram: Sendable {
  private struct Record {
    /// Values up to and including each bound that are above the bound before it; the last has those above
    /// all.
    var counts: [Int]
    var sum = 0.0
  }

  let name: String
  private let help: String
  private let labelNames: [String]
  private let bounds: [Double]
  private let records: Mutex<[[String]: Record]>

  /// - Parameter bounds: the upper bounds of the buckets, ascending.
  package init(_ name: String, _ help: String, bounds: [Double], labels: [String] = []) {
    self.name = name
    self.help = help
    self.bounds = bounds
    labelNames = labels
    records = Mutex(labels.isEmpty ? [[]: Record(counts: Array(repeating: 0, count: bounds.count + 1))] : [:])
  }

  /// - Parameter labels: a value for each name, in the same order.
  package func record(_ value: Double, _ labels: String...) {
    precondition(labels.count == labelNames.count)
    let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
    records.withLock { records in
      records[labels, default: Record(counts: Array(repeating: 0, count: bounds.count + 1))].counts[bucket] +=
        1
      records[labels]!.sum += value
    }
  }

  /// Prometheus's buckets are cumulative: each counts all values up to its bound.
  package func write(to text: inout PrometheusText) {
    text.begin(name, .histogram, help)
    for (labels, record) in records.withLock(\.self).sorted(by: { $0.key.lexicographicallyPrecedes($1.key) })
    {
      let pairs = zip(labelNames, labels).map { (name: $0, value: $1) }
      var count = 0
      for (bound, bucket) in zip(bounds + [.infinity], record.counts) {
        count += bucket
        text.sample(
          name + "_bucket", pairs + [(name: "le", value: PrometheusText.number(bound))], Double(count))
      }
      text.sample(name + "_sum", pairs, record.sum)
      text.sample(name + "_count", pairs, Double(count))
    }
  }
}

extension Histogram {
  /// From a millisecond, a short query on an idle machine, to a minute, a queue of long documents.
  static let secondsBounds = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
  ]
  /// Powers of two: how much goes together.
  static let countBounds: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256]
  static let tokenBounds: [Double] = [8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768]
}
