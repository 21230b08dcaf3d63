import ArgumentParser
import Logging
import TouchstoneServer

/// Who may ask a service, over what, and what it logs.
struct OperationsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A key that clients must present; others see it in the list of processes. Repeat it for several. TOUCHSTONE_API_KEY adds one.",
      valueName: "key"))
  var apiKey: [String] = []

  @Option(
    help: ArgumentHelp("A file of keys, one a line, read again on SIGHUP.", valueName: "file"))
  var apiKeyFile: String?

  @Option(
    help: ArgumentHelp(
      "Speak TLS with this certificate, a PEM file with those of the issuers after it; read again on SIGHUP.",
      valueName: "file"))
  var tlsCertificate: String?

  @Option(help: ArgumentHelp("The private key of the certificate, a PEM file.", valueName: "file"))
  var tlsKey: String?

  @Option(
    help: ArgumentHelp(
      "An origin whose pages may use the service from a browser, or '*' for all. Repeat it for several. Without keys, pages of other origins may not post.",
      valueName: "origin"))
  var corsOrigin: [String] = []

  @Option(
    help: ArgumentHelp(
      "A further name that requests may have as their Host, or '*' for any. Repeat it for several. Without it, a service on a loopback address without keys answers to localhost, 127.0.0.1, [::1] and --host only. So no web page can reach it by a name of its own. Any other service answers to every name.",
      valueName: "name"))
  var allowedHost: [String] = []

  @Option(
    help: ArgumentHelp(
      "The header in which a proxy in front of the service names the client, such as X-Forwarded-For; clients take turns. Its last value counts. (default: the address of the peer)",
      valueName: "name"))
  var clientHeader: String?

  @Option(
    help: ArgumentHelp(
      "The least severe level to log on standard error: trace, debug, info, notice, warning, error or critical.",
      valueName: "level"), transform: Self.level)
  var logLevel = Logger.Level.info

  @Option(help: "The form of a log line: text or json.")
  var logFormat = LogFormat.text

  var logger: Logger { .service(level: logLevel, format: logFormat) }

  private static func level(_ name: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: name) else {
      throw ValidationError(
        "--log-level is '\(name)', but must be trace, debug, info, notice, warning, error or critical.")
    }
    return level
  }

  /// Reads the files of keys and certificates.
  func operations(at address: ServiceConfiguration.Address) throws -> Operations {
    var operations = Operations()
    var source = APIKeySource()
    source.arguments = apiKey
    source.environment = Environment["TOUCHSTONE_API_KEY"]
    source.file = apiKeyFile
    do {
      operations.keys = try APIKeyStore(source)
      operations.tls = try TLSFiles(certificate: tlsCertificate, key: tlsKey).map { try TLSContextStore($0) }
      operations.origins = try AllowedOrigins(corsOrigin)
      operations.hosts = AllowedHosts(
        allowedHost, listeningOn: address.host, hasKeys: operations.keys.map { !$0.current.isEmpty } ?? false)
      operations.clientHeader = try clientHeader.map { name throws(ClientHeaderError) in
        try ClientHeader(name)
      }
    } catch {
      throw CommandError.usage("\(error)")
    }
    return operations
  }
}

extension LogFormat: ExpressibleByArgument {}
