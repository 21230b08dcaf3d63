/// Why the service cannot begin. `description` is one sentence.
package enum ServiceStartError: Error, CustomStringConvertible {
  case cannotListen(ServiceConfiguration.Address, code: Int32)
  case wrongAddress(ServiceConfiguration.Address, String)
  /// Two models, or a model and an alias, have one name.
  case nameTwice(String)
  /// What an extension needs is not there. The sentence.
  case extensionFailed(String)

  /// Whether the command line is at fault, and not the machine.
  package var isUsage: Bool {
    switch self {
    case .nameTwice, .extensionFailed: true
    case .cannotListen, .wrongAddress: false
    }
  }

  package var description: String {
    switch self {
    case .cannotListen(let address, let code):
      "cannot listen on \(address): \(BoundedFile.Failure(code: code)); choose another address"
    case .wrongAddress(let address, let reason): "cannot listen on \(address): \(reason)"
    case .extensionFailed(let sentence): sentence
    case .nameTwice(let name):
      "two models are named '\(name)', counting aliases; name them apart with --model NAME=PATH and --alias NAME"
    }
  }
}

extension ServiceConfiguration.Address: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unixSocket(let path): path
    }
  }
}
