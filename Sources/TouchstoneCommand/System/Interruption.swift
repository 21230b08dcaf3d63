import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ends the command on SIGINT (Ctrl-C) and SIGTERM: the first lets the work at hand stop between batches, the
/// second ends the process at once. Either way no unfinished file is left.
enum Interruption {
  private struct State {
    /// The signal that arrived.
    var received: Int32?
    var cancel: (@Sendable () -> Void)?
    /// Whether SIGHUP has arrived before anybody wanted to know.
    var hangupIsDue = false
    var hangUp: (@Sendable () -> Void)?
  }

  private static let state = Mutex(State())

  /// Begins to wait for signals, on a thread of its own. To be called first of all: the threads that are made
  /// later inherit that these signals do not interrupt them.
  ///
  /// - Parameter withHangup: SIGHUP does not end the process either; see ``onHangup(_:)``.
  static func install(withHangup: Bool) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] where !isIgnored(number) { sigaddset(&signals, number) }
    // Also under nohup, which ignores it: a signal that is blocked can be waited for all the same.
    if withHangup { sigaddset(&signals, SIGHUP) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    waiting.withLock { $0 = signals }
    var thread = pthread_t()
    let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { _ in
      var signals = Interruption.waiting.withLock(\.self)
      var number: Int32 = 0
      while sigwait(&signals, &number) == 0 { Interruption.receive(number) }
      return nil
    }
    pthread_create(&thread, nil, body, nil)
  }

  private static let waiting = Mutex(sigset_t())

  /// Calls `cancel` when the first signal arrives, or now if it has.
  static func onFirst(_ cancel: @escaping @Sendable () -> Void) {
    let isDue = state.withLock { state in
      state.cancel = cancel
      return state.received != nil
    }
    if isDue { cancel() }
  }

  /// Calls `body` whenever SIGHUP arrives, and now if one has arrived.
  static func onHangup(_ body: @escaping @Sendable () -> Void) {
    let isDue = state.withLock { state in
      state.hangUp = body
      return state.hangupIsDue
    }
    if isDue { body() }
  }

  private static func receive(_ number: Int32) {
    guard number != SIGHUP else { return receiveHangup() }
    let (isFirst, cancel) = state.withLock { state in
      defer { state.received = state.received ?? number }
      return (state.received == nil, state.cancel)
    }
    guard !isFirst else {
      cancel?()
      return
    }
    TemporaryFiles.removeAll()
    die(of: number)
  }

  private static func receiveHangup() {
    let hangUp = state.withLock { state in
      state.hangupIsDue = state.hangUp == nil
      return state.hangUp
    }
    hangUp?()
  }

  /// A command that a shell started in the background is told to ignore Ctrl-C; it stays so.
  private static func isIgnored(_ number: Int32) -> Bool {
    var current = sigaction()
    sigaction(number, nil, &current)
    #if canImport(Glibc)
      let handler = current.__sigaction_handler.sa_handler
    #elseif canImport(Musl)
      let handler = current.__sa_handler.sa_handler
    #else
      let handler = current.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Ends the process by the signal that was received: shells see 130 after Ctrl-C and stop their loops.
  static func finish() -> Never {
    TemporaryFiles.removeAll()
    die(of: state.withLock(\.received) ?? SIGINT)
  }

  /// Ends the process as `number` would have ended it.
  static func die(of number: Int32) -> Never {
    signal(number, SIG_DFL)
    var mask = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, number)
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    // To this thread: another one may be waiting for the same signal.
    raise(number)
    exit(128 + number)
  }
}
