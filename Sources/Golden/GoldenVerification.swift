import ForeignText
import Hashing
import Qwen3
import Touchstone
import Traces

/// Computes a golden set again, from its token ids, and compares bit by bit.
package struct GoldenVerification {
  private let header: GoldenHeader
  private let recorder: GoldenRecorder
  /// What of the fingerprint is another here; empty where it is the same.
  package let fingerprintDifferences: [String]

  package init(_ header: GoldenHeader, _ model: EmbeddingModel, _ source: FingerprintSource)
    throws(TouchstoneError)
  {
    self.header = header
    recorder = try GoldenRecorder(model, options: header.options, role: header.role)
    fingerprintDifferences = try Self.differences(header.fingerprint, source.fingerprint(header.role))
  }

  private static func differences(_ golden: Fingerprint, _ here: Fingerprint) -> [String] {
    var sentences: [String] = []
    if golden.weightsSHA256 != here.weightsSHA256 {
      sentences.append(
        "the weights are other ones: SHA-256 \(short(here.weightsSHA256)) here, "
          + "\(short(golden.weightsSHA256)) in the set")
    }
    if golden.arithmeticVersion != here.arithmeticVersion {
      sentences.append(
        "the arithmetic is version \(here.arithmeticVersion) here and \(golden.arithmeticVersion) in the set: this "
          + "program computes in another order, so the last digits differ")
    }
    if golden.endOfText != here.endOfText {
      sentences.append(
        "the end of text is \(text(here.endOfText)) here and \(text(golden.endOfText)) in the set")
    }
    return sentences
  }

  private static func short(_ hash: String) -> String { String(hash.prefix(16)).escaped + "…" }
  private static func text(_ id: Int32?) -> String { id.map(String.init) ?? "not appended" }

  /// What of an entry is not reproduced, the first thing on the way from text to vector; nil where all bits
  /// are the same.
  package func difference(in golden: GoldenEntry) throws(TouchstoneError) -> GoldenDifference? {
    if let text = golden.text {
      let ids = try recorder.tokenIDs(of: text, task: golden.task, index: golden.index)
      guard ids == golden.tokenIDs else {
        return .tokenIDs(position: zip(ids, golden.tokenIDs).prefix { $0 == $1 }.count)
      }
    }
    let here = try recorder.entry(ids: golden.tokenIDs, index: golden.index)
    let isEqual =
      here.vector.count == golden.vector.count
      && zip(here.vector, golden.vector).allSatisfy { $0.bitPattern == $1.bitPattern }
    let distance =
      isEqual
      ? 0 : here.vector.count == golden.vector.count ? cosineDistance(here.vector, golden.vector) : .nan
    if let point = here.checksums.firstDifference(from: golden.checksums) {
      return .state(point, cosineDistance: distance)
    }
    return isEqual ? nil : .vector(cosineDistance: distance)
  }
}

/// Where an entry of a golden set is not reproduced.
package enum GoldenDifference: Equatable, Sendable {
  /// The text has other ids than the set, from this position on.
  case tokenIDs(position: Int)
  /// The first states that differ, and how far the vector is.
  case state(TracePoint, cosineDistance: Double)
  /// All states are the same, the vector is not: pooling, cut or normalization.
  case vector(cosineDistance: Double)

  package var description: String {
    switch self {
    case .tokenIDs(let position): "the text has other token ids from position \(position) on"
    case .state(let point, let distance):
      "the first states that differ are \(Self.words(point)); \(Self.words(distance))"
    case .vector(let distance):
      "all states are the same, but the vector is not: pooling, cut or normalization; \(Self.words(distance))"
    }
  }

  private static func words(_ point: TracePoint) -> String {
    if let layer = point.layer { return "those after layer \(layer)" }
    return point == TracePoint(.embedding) ? "the rows of the embedding table" : "those after the final norm"
  }

  private static func words(_ distance: Double) -> String {
    if distance.isNaN { return "the vectors have other sizes, or no direction" }
    return distance == 0
      ? "the vector has the same bits all the same"
      : "the vector is \(Scientific.text(distance)) away in 1 − cosine"
  }
}
