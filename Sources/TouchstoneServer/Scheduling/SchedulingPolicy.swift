/// How waiting sequences become passes.
package struct SchedulingPolicy: Sendable, Equatable {
  /// A sequence of at most as many tokens is short: a query, which does not wait for long documents.
  package var shortTokens = 128
  /// The most tokens of a pass of short sequences. It is not interrupted, so a query waits no longer than for
  /// this.
  package var shortPassTokens = 512
  /// The most tokens of a pass of long sequences, but for one that is longer by itself.
  package var longPassTokens = 1024
  /// Tokens of a long pass that go through a layer between two pauses, in which short sequences have their
  /// pass.
  package var chunkTokens = 256

  package init() {}
}
