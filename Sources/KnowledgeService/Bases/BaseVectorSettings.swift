import Golden
import Knowledge
import Touchstone

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the vectors of a base are made. A base remembers it.
package struct BaseVectorSettings: Equatable, Sendable {
  package var activations = EmbeddingOptions().activations
  package var dimensions: Int?

  package init(of store: EmbeddedStore?) throws {
    let parts = try store?.note("vectors")?.split(separator: " ").map(String.init) ?? []
    guard parts.count == 2 else { return }
    activations = ActivationPrecision(rawValue: parts[0]) ?? activations
    dimensions = Int(parts[1])
  }

  package var note: String { "\(activations.rawValue) \(dimensions.map(String.init) ?? "all")" }

  package var options: EmbeddingOptions {
    EmbeddingOptions(activations: activations, dimensions: dimensions)
  }
}

/// Fingerprints of served models for bases. A file of weights is hashed once, and not at all where a base
/// remembers this very file.
package struct BaseFingerprints {
  private var hashes: [String: String] = [:]

  package init() {}

  /// - Parameters:
  ///   - store: nil for a base that is still to be made.
  ///   - endsWithTask: whether a cancelled task ends the reading of the weights.
  ///   - progress: called with the part of the file that is read, 0 to 1.
  package mutating func identity(
    of model: EmbeddingModel, _ settings: BaseVectorSettings, store: EmbeddedStore?,
    endsWithTask: Bool = false,
    progress: (Double) -> Void = { _ in }
  ) throws -> (identity: ModelIdentity, weightsNote: String) {
    let file = Self.file(model.path)
    let weights: WeightsIdentity
    if let file, let note = try store?.note("weights"), note.hasPrefix(file + " ") {
      weights = Self.weights(String(note.dropFirst(file.count + 1)))
    } else if let known = hashes[model.path] {
      weights = Self.weights(known)
    } else {
      weights =
        try FingerprintSource(
          model, options: settings.options, endsWithTask: endsWithTask, progress: progress
        ).identity
    }
    hashes[model.path] = weights.sha256
    let fingerprint = try Fingerprint(model, weights: weights, options: settings.options, role: .document)
    let name = model.path.split(separator: "/").last.map(String.init) ?? model.path
    return (
      ModelIdentity(name: name, fingerprint: fingerprint.id, dimensions: fingerprint.dimensions),
      file.map { "\($0) \(weights.sha256)" } ?? ""
    )
  }

  private static func weights(_ sha256: String) -> WeightsIdentity {
    WeightsIdentity(fileName: "", byteCount: 0, sha256: sha256)
  }

  /// Device, number, size and time of a file. nil for a split one, of which this sees a part.
  private static func file(_ path: String) -> String? {
    var status = stat()
    guard !path.contains("-of-"), stat(path, &status) == 0 else { return nil }
    return
      "\(status.st_dev):\(status.st_ino):\(status.st_size):\(status.modificationTime.tv_sec).\(status.modificationTime.tv_nsec)"
  }
}
