import Dispatch
import Glibc
import Synchronization

/// Ends the command on SIGINT (Ctrl-C) and SIGTERM: the first lets the work at hand stop between batches, the
/// second ends the process at once. Either way no unfinished file is left.
enum Interruption {
  /// The signal that arrived, or 0.
  private static let received = Atomic<Int32>(0)
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// Calls `cancel` when the first signal arrives. To be called once, before work begins.
  static func install(_ cancel: @escaping @Sendable () -> Void) {
    for number in [SIGINT, SIGTERM] {
      // A command started in the background by a shell is told to ignore Ctrl-C; it stays so.
      var current = sigaction()
      sigaction(number, nil, &current)
      if unsafeBitCast(current.__sigaction_handler.sa_handler, to: Int.self)
        == unsafeBitCast(SIG_IGN, to: Int.self)
      {
        continue
      }
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        let (isFirst, _) = received.compareExchange(
          expected: 0, desired: number, ordering: .sequentiallyConsistent)
        guard !isFirst else { return cancel() }
        TemporaryFiles.removeAll()
        die(of: number)
      }
      source.resume()
      sources.append(source)
    }
  }

  /// Ends the process by the signal that was received: shells see 130 after Ctrl-C and stop their loops.
  static func finish() -> Never {
    let number = received.load(ordering: .sequentiallyConsistent)
    die(of: number == 0 ? SIGINT : number)
  }

  /// Ends the process as `number` would have ended it.
  static func die(of number: Int32) -> Never {
    signal(number, SIG_DFL)
    var mask = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, number)
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    kill(getpid(), number)
    exit(128 + number)
  }
}
