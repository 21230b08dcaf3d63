import Synchronization
import Touchstone

/// Pooled states of texts that came before, within a bound of memory; the one that was asked for longest ago
/// goes first. Exact: the key is everything that the state depends on, so a kept state has the bits of a
/// computed one.
package final class VectorCache: Sendable {
  package struct Key: Hashable, Sendable {
    package let model: ObjectIdentifier
    package let pooling: Pooling
    package let activations: ActivationPrecision
    package let ids: [Int32]

    package init(model: ObjectIdentifier, pooling: Pooling, activations: ActivationPrecision, ids: [Int32]) {
      self.model = model
      self.pooling = pooling
      self.activations = activations
      self.ids = ids
    }
  }

  private struct Entry {
    let state: [Float]
    var lastUse: Int
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    /// Each use of a key, oldest first; those that are not the key's last use count for nothing.
    var uses: [(key: Key, use: Int)] = []
    var firstUse = 0
    var useCount = 0
    var bytes = 0
  }

  /// Beside ids and floats: two headers of arrays, an entry of a dictionary, a few uses.
  private static let overhead = 320

  private let byteLimit: Int
  private let state = Mutex(State())

  package init(byteLimit: Int) { self.byteLimit = byteLimit }

  package var bytes: Int { state.withLock(\.bytes) }
  package var count: Int { state.withLock(\.entries.count) }

  package subscript(key: Key) -> [Float]? {
    state.withLock { state in
      guard let entry = state.entries[key] else { return nil }
      Self.noteUse(of: key, &state)
      return entry.state
    }
  }

  package func insert(_ vector: [Float], for key: Key) {
    let size = Self.size(key, vector)
    guard size <= byteLimit else { return }
    state.withLock { state in
      if state.entries[key] == nil {
        state.entries[key] = Entry(state: vector, lastUse: 0)
        state.bytes += size
      }
      Self.noteUse(of: key, &state)
      while state.bytes > byteLimit { Self.dropOldest(&state) }
    }
  }

  private static func size(_ key: Key, _ vector: [Float]) -> Int {
    4 * (key.ids.count + vector.count) + overhead
  }

  private static func noteUse(of key: Key, _ state: inout State) {
    state.useCount += 1
    state.entries[key]?.lastUse = state.useCount
    state.uses.append((key, state.useCount))
    // The list holds each key a few times at most.
    if state.uses.count - state.firstUse > 2 * state.entries.count + 64 {
      state.uses = state.uses[state.firstUse...].filter { state.entries[$0.key]?.lastUse == $0.use }
      state.firstUse = 0
    }
  }

  private static func dropOldest(_ state: inout State) {
    while state.firstUse < state.uses.count {
      let (key, use) = state.uses[state.firstUse]
      state.firstUse += 1
      guard let entry = state.entries[key], entry.lastUse == use else { continue }
      state.entries[key] = nil
      state.bytes -= size(key, entry.state)
      return
    }
  }
}
