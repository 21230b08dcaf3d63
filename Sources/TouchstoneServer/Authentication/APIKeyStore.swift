import Synchronization

/// The keys in force. A reload replaces them between two requests.
package final class APIKeyStore: Sendable {
  private let source: APIKeySource
  private let keys: Mutex<APIKeys>

  package init(_ source: APIKeySource) throws(APIKeyError) {
    self.source = source
    keys = Mutex(try source.load())
  }

  /// Whether there is a file that may change.
  var hasFile: Bool { source.file != nil }

  package var current: APIKeys { keys.withLock(\.self) }

  /// Reads the key file again. Where it cannot be used, the keys stay as they were.
  ///
  /// - Returns: the number of keys now in force.
  package func reload() throws(APIKeyError) -> Int {
    let fresh = try source.load()
    keys.withLock { $0 = fresh }
    return fresh.count
  }
}
