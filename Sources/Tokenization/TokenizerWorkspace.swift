import Synchronization

/// The memory in which one worker encodes: buffers, and a cache of frequent pieces (1 MB).
///
/// Hand the same workspace to many calls, one at a time. What it remembers makes the next call faster and
/// never changes a result.
package final class TokenizerWorkspace {
  let vocabulary: Vocabulary
  var pieces: PieceEncoder
  var tokens = TokenBuffer()
  var normalizer = NFC()
  var normalized: [UInt8] = []
  /// Changes between the original text and the text that the tokens spell.
  var changes: [PositionChange] = []
  private var segmentChanges: [PositionChange] = []

  /// A workspace for every tokenizer that was made from this vocabulary.
  init(_ vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    pieces = PieceEncoder(vocabulary)
  }

  func reset() {
    tokens.removeAll()
    changes.removeAll(keepingCapacity: true)
  }

  /// Appends the tokens of a stretch of text between added tokens, and notes the changes of NFC.
  ///
  /// - Parameter start: where the stretch begins in the original text.
  func encodeSegment(_ text: UnsafeBufferPointer<UInt8>, at start: Int) {
    normalized.removeAll(keepingCapacity: true)
    segmentChanges.removeAll(keepingCapacity: true)
    guard normalizer.normalize(text, into: &normalized, changes: &segmentChanges) else {
      pieces.encode(text, into: &tokens)
      return
    }
    normalized.withUnsafeBufferPointer { pieces.encode($0, into: &tokens) }
    let shift = changes.last.map { $0.changed.upperBound - $0.original.upperBound } ?? 0
    for change in segmentChanges {
      changes.append(
        PositionChange(
          original: change.original.shifted(by: start), changed: change.changed.shifted(by: start + shift)))
    }
    let keptCapacity = 1 << 20
    if normalized.capacity > keptCapacity { normalized = [] }
  }
}

extension Range<Int> {
  fileprivate func shifted(by distance: Int) -> Range<Int> {
    lowerBound + distance..<upperBound + distance
  }
}

/// Workspaces for callers that bring none. Taking or returning one holds a lock for some nanoseconds;
/// nothing is encoded under it.
final class WorkspacePool: Sendable {
  private static let limit = 32

  /// Sendable: the only value with workspaces that outlives a call is the one behind the lock. A workspace is
  /// taken out of it under the lock, and put back under the lock when its only user is done: two threads
  /// never share one.
  private struct Idle: @unchecked Sendable {
    var workspaces: [TokenizerWorkspace] = []
  }

  private let idle = Mutex(Idle())
  private let vocabulary: Vocabulary

  init(_ vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
  }

  func withWorkspace<Result>(_ body: (TokenizerWorkspace) -> Result) -> Result {
    let pooled = idle.withLock { Idle(workspaces: $0.workspaces.popLast().map { [$0] } ?? []) }
    let workspace = pooled.workspaces.first ?? TokenizerWorkspace(vocabulary)
    defer {
      let returned = Idle(workspaces: [workspace])
      idle.withLock { if $0.workspaces.count < Self.limit { $0.workspaces += returned.workspaces } }
    }
    return body(workspace)
  }
}
