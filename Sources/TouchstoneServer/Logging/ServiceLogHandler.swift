import Logging

/// The log of the service: one line an event, to a ``LogWriter``.
package struct ServiceLogHandler: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?
  package var logLevel: Logger.Level

  private let format: LogFormat
  private let writer: LogWriter

  package init(level: Logger.Level, format: LogFormat, writer: LogWriter = .standardError) {
    logLevel = level
    self.format = format
    self.writer = writer
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var merged = metadata
    if let provided = metadataProvider?.get() { merged.merge(provided) { _, new in new } }
    if let own = event.metadata { merged.merge(own) { _, new in new } }
    if let error = event.error { merged["error"] = .string("\(error)") }
    writer.write(
      format.line(
        time: Timestamp.now, level: event.level, message: event.message.description,
        metadata: merged.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
  }
}

extension Logger {
  /// The logger of a service.
  package static func service(level: Logger.Level, format: LogFormat, writer: LogWriter = .standardError)
    -> Logger
  {
    Logger(label: "touchstone") { _ in ServiceLogHandler(level: level, format: format, writer: writer) }
  }
}
