import ArgumentParser
import TouchstoneServer

/// Where a service listens.
struct AddressOptions: ParsableArguments {
  @Option(help: "The address to listen on; 0.0.0.0 for all networks.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 takes a free one and says which.")
  var port = 8080

  @Option(
    help: ArgumentHelp("Listen on a Unix socket instead.", valueName: "path"))
  var unixSocket: String?

  func validate() throws {
    try CountRange.check("port", port, 0...65535)
  }

  var address: ServiceConfiguration.Address {
    unixSocket.map { .unixSocket(path: $0) } ?? .tcp(host: host, port: port)
  }
}
