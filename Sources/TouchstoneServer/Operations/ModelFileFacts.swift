import Synchronization
import Touchstone

/// What the files of the models say of themselves; each is read once.
final class ModelFileFacts: Sendable {
  struct Facts: Sendable {
    let parameterCount: Int
    let byteCount: Int
    /// The block formats of the weights, the most used first: `Q4_K, Q6_K, F32`.
    let formats: String
  }

  /// By path; nil where the file could not be read again.
  private let known = Mutex<[String: Facts?]>([:])

  func facts(of served: ServedModel) -> Facts? {
    let path = served.model.path
    return known.withLock { known in
      if let facts = known[path] { return facts }
      let facts = (try? ModelInspection(path: path)).map {
        Facts(
          parameterCount: $0.parameterCount, byteCount: $0.byteCount,
          formats: $0.blockFormats.map(\.name).joined(separator: ", "))
      }
      known[path] = facts
      return facts
    }
  }
}
