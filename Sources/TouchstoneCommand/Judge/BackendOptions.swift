import ArgumentParser
import Oracle

/// The address of a server, and the form of its requests.
struct BackendOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The API of the requests: \(ServerDialect.allCases.map(\.rawValue).joined(separator: ", ")). (default: detected)",
      valueName: "dialect"))
  var dialect: ServerDialect?

  @Option(
    help: ArgumentHelp(
      "The key that the server requires. (default: $\(Self.keyVariable), which other users of the machine do not see)",
      valueName: "key"))
  var apiKey: String?

  @Option(
    help: ArgumentHelp("The model's name on the server. (default: the one that it lists)", valueName: "name"))
  var remoteModel: String?

  @Option(help: ArgumentHelp("How long one request may take.", valueName: "seconds"))
  var timeout = 300

  @Option(
    help: ArgumentHelp(
      "A PEM file with the server's own certificate, or that of the authority that signed it.",
      valueName: "file"))
  var caFile: String?

  @Flag(
    help:
      "Accept any TLS certificate: anyone between here and the server can read and change everything, the API key included."
  )
  var insecure = false

  @Flag(help: "Judge the vectors alone: no batches, no bad requests, no limits.")
  var vectorsOnly = false

  static let keyVariable = "TOUCHSTONE_API_KEY"

  func validate() throws {
    try CountRange.check("timeout", timeout, 1...86400)
    if insecure, caFile != nil { throw ValidationError("Pass --ca-file or --insecure, not both.") }
  }

  func settings(address: String) -> BackendSettings {
    var settings = BackendSettings(address: address)
    settings.dialect = dialect
    settings.key = apiKey ?? Environment[Self.keyVariable].flatMap { $0.isEmpty ? nil : $0 }
    settings.model = remoteModel
    settings.timeoutSeconds = timeout
    settings.trust = insecure ? .anything : caFile.map(CertificateTrust.file) ?? .system
    return settings
  }
}

extension ServerDialect: ExpressibleByArgument {}
