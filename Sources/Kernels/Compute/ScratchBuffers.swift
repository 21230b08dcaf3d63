/// Memory that a worker may write while it computes one tile: one buffer a worker, grown when a tile needs
/// more.
///
/// Sendable: `Workers.forEach` gives a worker's number to one running call at a time, and a call uses the
/// buffer of its own number only. What a buffer holds means nothing to the next call.
package final class ScratchBuffers: @unchecked Sendable {
  private let workerCount: Int
  private let buffers: UnsafeMutablePointer<UnsafeMutableRawBufferPointer>

  package init(workers: Workers) {
    workerCount = workers.count
    buffers = .allocate(capacity: workers.count)
    for worker in 0..<workers.count { (buffers + worker).initialize(to: Self.allocate(64)) }
  }

  deinit {
    for worker in 0..<workerCount { buffers[worker].deallocate() }
    buffers.deallocate()
  }

  /// At least `byteCount` bytes, aligned to 64, that belong to `worker` until it asks again.
  func bytes(of worker: Int, count byteCount: Int) -> UnsafeMutableRawPointer {
    precondition(worker >= 0 && worker < workerCount)
    if buffers[worker].count < byteCount {
      buffers[worker].deallocate()
      buffers[worker] = Self.allocate(byteCount)
    }
    return buffers[worker].baseAddress!
  }

  func floats(of worker: Int, count: Int) -> UnsafeMutablePointer<Float> {
    bytes(of: worker, count: count * MemoryLayout<Float>.stride).assumingMemoryBound(to: Float.self)
  }

  private static func allocate(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    .allocate(byteCount: byteCount, alignment: 64)
  }
}
