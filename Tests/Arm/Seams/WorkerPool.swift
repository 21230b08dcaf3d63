/// A pool without threads, where the standard library has none: the caller takes all items in order.
final class WorkerPool: Sendable {
  init(helperCount: Int) {}

  func forEach(_ itemCount: Int, _ body: (_ item: Int, _ worker: Int) -> Void) {
    for item in 0..<itemCount { body(item, 0) }
  }

  func stop() {}
}
