import Kernels

/// The beginning that several sequences of a batch share: computed once, by the first of them, or before this
/// batch.
final class SharedPrefix {
  let key: PrefixCache.Key
  /// Positions that are shared.
  let count: Int
  /// The sequence that computes them, or nil where the cache has them.
  let source: Int?
  /// The sequences that start after them.
  let readers: [Int]
  /// By layer. From the cache, or filled as the source goes through the layers.
  private(set) var layers: [KeyValuePrefix]

  /// Fewer tokens are not worth a copy.
  static let minimumCount = 4

  init(key: PrefixCache.Key, count: Int, source: Int?, readers: [Int], layers: [KeyValuePrefix]) {
    self.key = key
    self.count = count
    self.source = source
    self.readers = readers
    self.layers = layers
  }

  /// What the sequences of a batch share, by the instructions they begin with.
  static func find(
    in sequences: [TokenSequence], activations: ActivationPrecision, cache: PrefixCache
  ) -> [SharedPrefix] {
    let groups = Dictionary(grouping: sequences.indices.filter { !sequences[$0].instruction.isEmpty }) {
      sequences[$0].instruction
    }
    return groups.compactMap { instruction, members in
      let count = members.map { sequences[$0].sharedCount }.min() ?? 0
      guard count >= minimumCount else { return nil }
      let key = PrefixCache.Key(instruction: instruction, activations: activations)
      if let layers = cache.layers(key, count: count) {
        return SharedPrefix(key: key, count: count, source: nil, readers: members, layers: layers)
      }
      return SharedPrefix(
        key: key, count: count, source: members[0], readers: Array(members.dropFirst()), layers: [])
    }
  }

  /// Gives the readers the prefix's keys and values of layer `layer`: before its first chunk where the cache
  /// has them, else as soon as the source has computed its last shared position, which is before any reader
  /// needs them.
  func distribute(layer: Int, after chunk: Chunk?, in store: KeyValueStore) {
    if let source {
      guard let run = chunk?.runs.first(where: { $0.sequence == source }),
        run.firstPosition < count, run.firstPosition + run.count >= count
      else { return }
      layers.append(store.prefix(of: source, count: count))
    } else if chunk != nil {
      return
    }
    for reader in readers { store.setPrefix(layers[layer], count: count, of: reader) }
  }
}
