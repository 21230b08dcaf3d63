import Golden
import JSON
import Touchstone

/// A golden set, read line by line and computed again.
struct GoldenReport {
  private let header: GoldenHeader
  private let fingerprintDifferences: [String]
  private var textCount = 0
  /// The entries that differ, at most ``shownLimit`` of them with what differs.
  private var differences: [(index: Int, difference: GoldenDifference)] = []
  private var differingCount = 0

  private static let shownLimit = 5

  /// - Parameter source: hashes the weights.
  init(
    path: String, model: EmbeddingModel,
    source: (EmbeddingModel, EmbeddingOptions) throws -> FingerprintSource
  ) throws {
    let lines = try LineReader(path: path)
    guard let (first, location) = try Self.next(lines) else {
      throw CommandError.failure("\(lines.name): the file is empty; write a golden set with golden --texts")
    }
    do { header = try GoldenHeader(first) } catch { throw CommandError.input(location, reason: "\(error)") }
    let verification = try GoldenVerification(header, model, try source(model, header.options))
    fingerprintDifferences = verification.fingerprintDifferences
    while let (value, location) = try Self.next(lines) {
      let entry: GoldenEntry
      do { entry = try GoldenEntry(value) } catch { throw CommandError.input(location, reason: "\(error)") }
      textCount += 1
      do {
        guard let difference = try verification.difference(in: entry) else { continue }
        differingCount += 1
        if differences.count < Self.shownLimit { differences.append((entry.index, difference)) }
      } catch TouchstoneError.tokenIDOutOfRange, TouchstoneError.noTokens, TouchstoneError.inputTooLong {
        throw CommandError.input(location, reason: "\"ids\" are not ids of this model")
      }
    }
  }

  private static func next(_ lines: LineReader) throws -> (JSONValue, InputLocation)? {
    while let line = try lines.next() {
      if let value = try line.json(in: lines.name) {
        return (value, InputLocation(source: .file(lines.name), number: line.number))
      }
    }
    return nil
  }

  var isVerified: Bool { fingerprintDifferences.isEmpty && differingCount == 0 && textCount > 0 }

  var text: String {
    var lines = fingerprintDifferences.map { "fingerprint: \($0)" }
    if textCount == 0 { lines.append("the set has no texts: nothing was verified") }
    for (index, difference) in differences { lines.append("text \(index): \(difference.description)") }
    if differingCount > differences.count {
      lines.append("… and \(differingCount - differences.count) more texts")
    }
    let texts = textCount == 1 ? "1 text" : "\(textCount) texts"
    let verdict =
      differingCount > 0
      ? "\(texts), \(differingCount) of them with other bits"
      : fingerprintDifferences.isEmpty
        ? "\(texts), the same bits, fingerprint \(header.fingerprintID)"
        : "\(texts), the same bits all the same"
    if textCount > 0 { lines.append(verdict) }
    return lines.map { "\($0)\n" }.joined()
  }
}
