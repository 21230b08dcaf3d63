import Profiling
import Touchstone

extension Scheduler {
  /// Records the passes that begin within `duration`; ends earlier when the memory for it is full.
  ///
  /// - Parameter workerCount: the most threads that a pass uses.
  /// - Throws: ``ServiceError/conflict(_:)`` while another recording is made; `CancellationError`.
  package func record(for duration: Duration, workerCount: Int) async throws -> Recording {
    let recording = PassRecording(workerCount: workerCount)
    guard begin(recording) else {
      throw ServiceError.conflict("a profile is being recorded; ask again when it is done")
    }
    defer { endRecording() }
    let end = ContinuousClock.now + duration
    while !recording.isClosed, ContinuousClock.now < end {
      try await Task.sleep(for: min(.milliseconds(20), max(end - .now, .zero)))
    }
    recording.close()
    // A pass under way may take as long as a request.
    while !recording.isIdle { try await Task.sleep(for: .milliseconds(5)) }
    return recording.recording(kernels: EngineInformation.current.kernels ?? "unknown")
  }
}
