import Synchronization

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
