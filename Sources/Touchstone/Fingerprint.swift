import ForeignText
import GGUF
import Hashing
import JSON

/// Everything beside the text that decides the bits of a vector, and a short id of it.
///
/// Two vectors of one text with the same id have the same bits, whatever processor, batch and number of
/// threads they were computed with.
package struct Fingerprint: Equatable, Sendable {
  package var weightsSHA256: String
  /// ``EngineInformation/arithmeticVersion``
  package var arithmeticVersion: Int
  package var activations: ActivationPrecision
  package var pooling: Pooling
  /// The id appended to every text; nil: none.
  package var endOfText: Int32?
  /// The text in front of the input, empty for documents.
  package var prefix: String
  package var dimensions: Int
  package var normalization: Normalization
  /// How longer texts are cut; nil: they are refused.
  package var cut: Cut?

  package struct Cut: Equatable, Sendable {
    package var side: Truncation
    package var maximumTokens: Int

    package init(side: Truncation, maximumTokens: Int) {
      self.side = side
      self.maximumTokens = maximumTokens
    }
  }

  package init(
    weightsSHA256: String, arithmeticVersion: Int, activations: ActivationPrecision, pooling: Pooling,
    endOfText: Int32?, prefix: String, dimensions: Int, normalization: Normalization, cut: Cut?
  ) {
    self.weightsSHA256 = weightsSHA256
    self.arithmeticVersion = arithmeticVersion
    self.activations = activations
    self.pooling = pooling
    self.endOfText = endOfText
    self.prefix = prefix
    self.dimensions = dimensions
    self.normalization = normalization
    self.cut = cut
  }

  package static let digitCount = 12

  /// The hashed text: a line for each fact.
  package var canonicalText: String {
    var instruction: [UInt8] = []
    instruction.append(json: prefix)
    return """
      touchstone fingerprint 1
      weights sha256 \(weightsSHA256)
      arithmetic \(arithmeticVersion)
      activations \(activations.rawValue)
      pooling \(pooling.rawValue)
      end-of-text \(endOfText.map(String.init) ?? "none")
      instruction \(String(decoding: instruction, as: UTF8.self))
      dimensions \(dimensions)
      normalization \(normalization.rawValue)
      cut \(cut.map { "\($0.side.rawValue) \($0.maximumTokens)" } ?? "none")

      """
  }

  /// 60 bits of the hash, in twelve digits.
  package var id: String {
    var hash = SHA256()
    hash.update(Array(canonicalText.utf8))
    return Base32.text(hash.digest(), digitCount: Self.digitCount)
  }
}

extension Fingerprint {
  /// The fingerprint of `model` with `options`, for texts of one role.
  ///
  /// - Throws: where the options do not fit the model, or OpenBLAS multiplies, which promises no bits.
  package init(
    _ model: EmbeddingModel, weights: WeightsIdentity, options: EmbeddingOptions, role: EmbeddingRole
  ) throws(TouchstoneError) {
    guard !model.multipliesWithOpenBLAS else {
      throw .environment(
        "TOUCHSTONE_SGEMM has OpenBLAS multiply, whose bits are not the same everywhere, so there is no fingerprint; "
          + "unset it")
    }
    let plan = try EmbeddingPlan(options, model.configuration)
    self.init(
      weightsSHA256: weights.sha256, arithmeticVersion: EngineInformation.current.arithmeticVersion,
      activations: options.activations, pooling: plan.pooling, endOfText: model.tokenizer.endOfText,
      prefix: role.prefix, dimensions: plan.dimensions, normalization: plan.normalization,
      cut: plan.truncation == .error ? nil : Cut(side: plan.truncation, maximumTokens: plan.limits.maximum))
  }
}

/// The fingerprints of one model with one set of options, by role: the weights are hashed once.
package final class FingerprintSource {
  private let model: EmbeddingModel
  private let weights: WeightsIdentity
  private let options: EmbeddingOptions
  /// By prefix, which a file may give.
  private var ids: [ByteString: String] = [:]

  /// - Parameter endsWithTask: whether a canceled task ends the reading of the weights.
  package init(
    _ model: EmbeddingModel, options: EmbeddingOptions, endsWithTask: Bool = true,
    progress: (Double) -> Void = { _ in }
  ) throws(TouchstoneError) {
    // Without a fingerprint it fails before gigabytes are read.
    _ = try Fingerprint(
      model, weights: WeightsIdentity(fileName: "", byteCount: 0, sha256: ""), options: options,
      role: .document)
    self.model = model
    self.options = options
    weights = try model.weightsIdentity(endsWithTask: endsWithTask, progress: progress)
  }

  package func fingerprint(_ role: EmbeddingRole) throws(TouchstoneError) -> Fingerprint {
    try Fingerprint(model, weights: weights, options: options, role: role)
  }

  package func id(_ role: EmbeddingRole) throws(TouchstoneError) -> String {
    let prefix = ByteString(role.prefix)
    if let known = ids[prefix] { return known }
    let new = try fingerprint(role).id
    ids[prefix] = new
    return new
  }

  package var identity: WeightsIdentity { weights }
}

/// Crockford's base 32 in lower case: no i, l, o and u, which are easily misread.
enum Base32 {
  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz")

  /// The first bits of `bytes`, five to a digit.
  static func text(_ bytes: [UInt8], digitCount: Int) -> String {
    String(
      (0..<digitCount).map { index in
        digits[(0..<5).reduce(0) { $0 << 1 | bit(5 * index + $1, of: bytes) }]
      })
  }

  private static func bit(_ index: Int, of bytes: [UInt8]) -> Int {
    Int(bytes[index / 8] >> (7 - index % 8)) & 1
  }
}

/// Which file of weights: the SHA-256 of its bytes, as `sha256sum` prints it and as Hugging Face publishes
/// it.
///
/// Of the file and not of its tensors: vocabulary, theta and everything else that makes a vector is in it
/// too, and anyone can check the hash with common tools. The price: two files that differ in a comment have
/// different hashes. The parts of a split file are hashed one after another (`cat PARTS | sha256sum`).
package struct WeightsIdentity: Equatable, Sendable {
  /// Without its folder.
  package let fileName: String
  package let byteCount: Int
  package let sha256: String

  package init(fileName: String, byteCount: Int, sha256: String) {
    self.fileName = fileName
    self.byteCount = byteCount
    self.sha256 = sha256
  }

  /// Reads the whole mapped file, some 2 GB/s from memory, with the processor's instructions.
  ///
  /// - Parameters:
  ///   - endsWithTask: whether a canceled task ends the reading.
  ///   - progress: called with the part that is read, 0 to 1.
  package init(
    _ file: GGUFFile, endsWithTask: Bool = true, progress: (Double) -> Void = { _ in }
  ) throws(TouchstoneError) {
    var hash = SHA256()
    var done = 0
    for storage in file.storages {
      for start in stride(from: 0, to: storage.byteCount, by: Self.stepByteCount) {
        guard !endsWithTask || !Task.isCancelled else { throw .cancelled }
        let range = start..<min(start + Self.stepByteCount, storage.byteCount)
        storage.withUnsafeBytes(in: range) { hash.update(unsafeBytes: $0) }
        done += range.count
        progress(Double(done) / Double(file.byteCount))
      }
    }
    fileName = file.path.split(separator: "/").last.map(String.init) ?? file.path
    byteCount = file.byteCount
    sha256 = hash.hexadecimalDigest
  }

  /// 16 MiB.
  private static let stepByteCount = 1 << 24
}
