import JSON
import Synchronization

/// The JSON of a request's body, and where its decoder notes what it did not read.
package struct RequestBody: Sendable {
  package let json: JSONValue
  package let ignored: IgnoredParameters

  package init(_ json: JSONValue, ignored: IgnoredParameters = IgnoredParameters()) {
    self.json = json
    self.ignored = ignored
  }
}

/// The members of a request's body that nobody reads.
///
/// Clients of the services whose words this one speaks send members of those services' own, which the others
/// ignore. So does this one, and says so in `x-ignored-parameters`, so that a misspelled name can be seen.
package final class IgnoredParameters: Sendable {
  /// Names that are told. Most clients bound the size of headers.
  package static let maximumNames = 16
  /// Characters of one name that are told.
  package static let maximumNameLength = 64

  private struct State {
    var names: [String] = []
    var isCut = false
  }

  private let state = Mutex(State())

  package init() {}

  /// How many are told, at most ``maximumNames``.
  package var count: Int { state.withLock(\.names.count) }

  /// - Parameter path: the member as a path: `parameters.normalize`. A stranger's text.
  package func add(_ path: String) {
    guard state.withLock({ !$0.isCut }) else { return }
    let name = Self.visible(path)
    state.withLock { state in
      // Names are ASCII by now, whose comparison is of bytes.
      guard !state.names.contains(name) else { return }
      guard state.names.count < Self.maximumNames else {
        state.isCut = true
        return
      }
      state.names.append(name)
    }
  }

  /// Whether ``add(_:)`` was told of the member.
  func contains(_ path: String) -> Bool {
    let name = Self.visible(path)
    return state.withLock { $0.names.contains(name) }
  }

  /// `a,b`; with `...` as the last where there are more. nil where nothing was ignored.
  package var headerValue: String? {
    state.withLock { state in
      guard !state.names.isEmpty else { return nil }
      return (state.names + (state.isCut ? ["..."] : [])).joined(separator: ",")
    }
  }

  /// What is not visible ASCII, and the comma between names, becomes a question mark.
  static func visible(_ path: String) -> String {
    let bytes = path.utf8.prefix(maximumNameLength).map { byte in
      (0x21...0x7E).contains(byte) && byte != UInt8(ascii: ",") ? byte : UInt8(ascii: "?")
    }
    return bytes.isEmpty ? "?" : String(decoding: bytes, as: UTF8.self)
  }
}
