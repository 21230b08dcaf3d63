import Kernels

/// The keys and values of instructions, layer by layer, kept from batch to batch within a bound of memory;
/// the one that was used longest ago goes first.
///
/// A query is mostly instruction: 20 to 30 tokens before a handful of its own.
package final class PrefixCache {
  struct Key: Hashable {
    let instruction: [Int32]
    let activations: ActivationPrecision
  }

  private struct Entry {
    let layers: [KeyValuePrefix]
    var lastUse: Int

    var byteCount: Int { layers.reduce(0) { $0 + $1.byteCount } }
  }

  /// 64 MiB: eleven instructions of 25 tokens for the 0.6B model, seven for the 8B.
  package static let byteLimit = 64 << 20

  private let byteLimit: Int
  private var entries: [Key: Entry] = [:]
  private var uses = 0

  init(byteLimit: Int) { self.byteLimit = byteLimit }

  /// The layers of an instruction's first tokens, at least `count` of them.
  func layers(_ key: Key, count: Int) -> [KeyValuePrefix]? {
    guard let entry = entries[key], let first = entry.layers.first, first.count >= count else { return nil }
    uses += 1
    entries[key]?.lastUse = uses
    return entry.layers
  }

  func insert(_ layers: [KeyValuePrefix], for key: Key) {
    uses += 1
    let entry = Entry(layers: layers, lastUse: uses)
    guard entry.byteCount <= byteLimit else { return }
    entries[key] = entry
    while entries.values.reduce(0, { $0 + $1.byteCount }) > byteLimit,
      let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })
    {
      entries[oldest.key] = nil
    }
  }
}
