import Dispatch
import Synchronization
import Touchstone
import TouchstoneServer

/// A stand-in for a model, whose passes wait until the test lets them go on. The state of a sequence is its
/// ids' sum.
final class StubModel: PassRunner {
  let threadCount = 1
  /// The sequences of each pass, by their first ids, in the order in which passes began.
  private let log = Mutex<[[Int32]]>([])
  private let began = DispatchSemaphore(value: 0)
  private let steps = DispatchSemaphore(value: 0)
  /// How many pauses a pass has; before each it waits for ``step()``. 0: passes do not wait.
  private let pauses: Int

  init(pauses: Int = 0) { self.pauses = pauses }

  var passes: [[Int32]] { log.withLock(\.self) }

  func run(_ pass: Pass, pause: ((Pass) -> [[Float]]?) -> Bool) -> [[Float]]? {
    note(pass)
    for _ in 0..<pauses {
      steps.wait()
      guard pause({ self.note($0) }) else { return nil }
    }
    return Self.states(of: pass)
  }

  /// Lets the pass at hand go on to its next pause.
  func step() { steps.signal() }

  /// Waits until `count` passes have begun.
  func waitForPasses(_ count: Int) async {
    while passes.count < count { try? await Task.sleep(for: .milliseconds(1)) }
  }

  @discardableResult private func note(_ pass: Pass) -> [[Float]]? {
    log.withLock { $0.append(pass.sequences.map { $0.ids[0] }) }
    return Self.states(of: pass)
  }

  static func states(of pass: Pass) -> [[Float]] {
    pass.sequences.map { [Float($0.ids.reduce(0) { $0 + Int($1) })] }
  }
}

extension Job {
  /// Sequences of the lengths given, each of one id again and again: the number of the job's first, and so
  /// on.
  init(_ model: StubModel, client: String = "a", first: Int32, lengths: [Int]) {
    self.init(
      model: model, client: ClientID(client), pooling: .last, activations: .i16,
      sequences: lengths.enumerated().map { index, length in
        TokenSequence(Array(repeating: first + Int32(index), count: length))
      })
  }
}

extension Scheduler {
  /// Waits until so many jobs are there.
  func waitForJobs(_ count: Int) async {
    while load.jobs < count { try? await Task.sleep(for: .milliseconds(1)) }
  }
}
