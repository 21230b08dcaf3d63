import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension WorkerPool {
  /// Starts a thread that helps until the pool ends. Where the system has no thread left, there is a helper
  /// less: no job waits for one that has not come.
  ///
  /// A plain thread and no dispatch queue, since queues do not survive a fork. It blocks all signals, so that
  /// those of the process reach its own threads only.
  func startHelper() {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

    let pool = Unmanaged.passRetained(self)
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let status = pthread_create(&thread, nil, helperMain, pool.toOpaque())
    guard status == 0 else {
      pool.release()
      return
    }
    #if canImport(Glibc)
      pthread_detach(thread)
    #else
      if let thread { pthread_detach(thread) }
    #endif
  }
}

#if canImport(Darwin)
  private func helperMain(_ pool: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<WorkerPool>.fromOpaque(pool).takeRetainedValue().help()
    return nil
  }
#else
  private func helperMain(_ pool: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let pool { Unmanaged<WorkerPool>.fromOpaque(pool).takeRetainedValue().help() }
    return nil
  }
#endif

/// How many forks lie between this process and the one that loaded the program. Threads do not survive a
/// fork, so whoever owns some compares the count with that of their start.
enum ForkCount {
  private static let count = Atomic(0)
  private static let isWatching: Bool = pthread_atfork(nil, nil, { ForkCount.noteFork() }) == 0

  /// Costs no system call.
  static var current: Int {
    _ = isWatching
    return count.load(ordering: .relaxed)
  }

  private static func noteFork() { count.wrappingAdd(1, ordering: .relaxed) }
}
