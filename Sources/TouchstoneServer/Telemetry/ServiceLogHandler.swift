import Logging

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

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

/// The time of day as RFC 3339 has it, in UTC, to the millisecond.
enum Timestamp {
  static var now: String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return text(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
  }

  static func text(seconds: Int, milliseconds: Int) -> String {
    var seconds = seconds
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func digits(_ value: some BinaryInteger, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))"
      + "T\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2))"
      + ".\(digits(milliseconds, 3))Z"
  }
}
