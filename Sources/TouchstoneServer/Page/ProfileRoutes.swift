import ForeignText
import Profiling
import Touchstone
import Workbench

/// `GET /profile`: the passes of the next seconds, job by job, for `touchstone profile --service`. No text is
/// in it, nor a token id.
enum ProfileRoutes {
  static let seconds = 1...60

  static func add(to routes: Routes) {
    let service = routes.service
    routes.add(
      .get, "/profile", .plain,
      "A recording of the passes of the next seconds, for touchstone profile --service.",
      parameters: [
        .init(
          "seconds", .count,
          "How long, from 1 to 60; 10 by default. It ends earlier where its memory is full."),
        .init(
          "peaks", .words(["true", "false"]),
          "Whether the machine's peaks are measured afterwards: no pass runs for about two seconds."),
      ],
      gives: "Recording", statuses: [400, 409]
    ) { request in
      let (duration, measuresPeaks) = try wishes(request.query)
      let models = try service.registry.all()
      let workers = models.map(\.model.threadCount).max() ?? 1
      let recording = try await service.scheduler.record(for: duration, workerCount: workers)
      let roofs =
        measuresPeaks
        ? try await service.scheduler.betweenPasses { MachineRoofs.measured(threadCount: workers) } : nil
      let file = RecordingFile(
        recording, roofs: roofs, processor: processorName(), processorCount: availableProcessorCount())
      return Answer(bytes: file.json)
    }
  }

  private static func wishes(
    _ query: [(name: String, value: String)]
  ) throws(ServiceError) -> (Duration, measuresPeaks: Bool) {
    var duration = Duration.seconds(10)
    var measuresPeaks = false
    for (name, value) in query {
      if name.hasBytes(of: "seconds") {
        guard let number = Int(value), seconds.contains(number) else {
          throw .invalid(
            parameter: "seconds",
            "must be a whole number from \(seconds.lowerBound) to \(seconds.upperBound), found \(value.quoted)"
          )
        }
        duration = .seconds(number)
      } else if name.hasBytes(of: "peaks") {
        guard value.hasBytes(of: "true") || value.hasBytes(of: "false") else {
          throw .invalid(parameter: "peaks", "must be true or false, found \(value.quoted)")
        }
        measuresPeaks = value.hasBytes(of: "true")
      }
    }
    return (duration, measuresPeaks)
  }
}
