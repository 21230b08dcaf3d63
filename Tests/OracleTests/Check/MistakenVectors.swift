import Foundation
import JSON
import Oracle
import Testing

/// The vectors of every mistake on one model, made with transformers: `testdata/mistakes`,
/// `tools/make_mistakes.py`.
struct MistakenVectors {
  struct Case: Sendable, CustomTestStringConvertible {
    let mistakes: [String]
    let observations: Observations

    var testDescription: String { mistakes.joined(separator: " + ") }
  }

  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "testdata")

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  static let cases: [Case] = {
    do { return try read("f32") } catch { preconditionFailure("testdata/mistakes: \(error)") }
  }()

  static let correct = "(correct)"

  /// A case has the vectors that differ from those of the first, which is the correct one.
  static func read(_ name: String) throws -> [Case] {
    let json = try JSONParser.parse(Array(Data(contentsOf: folder.appending(path: "mistakes/\(name).json"))))
    let data = try Data(contentsOf: folder.appending(path: "mistakes/\(name).f32"))
    let floats = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    guard case .array(let rows)? = json["cases"] else { throw CocoaError(.fileReadCorruptFile) }
    var right: Observations = [:]
    return rows.map { row in
      var observations = right
      if case .object(let spans)? = row["vectors"] {
        for span in spans {
          let start = integer(span.value["offset"])
          let values = Array(floats[start..<start + integer(span.value["count"])])
          let broken = values.count { !$0.isFinite }
          observations[span.key] = broken > 0 ? .notFinite(count: broken) : .vector(values)
        }
      }
      for name in strings(row["missing"]) { observations[name] = nil }
      if right.isEmpty { right = observations }
      return Case(mistakes: strings(row["mistakes"]), observations: observations)
    }
  }

  private static func integer(_ value: JSONValue?) -> Int {
    if case .number(let digits)? = value { Int(digits) ?? -1 } else { -1 }
  }

  private static func strings(_ value: JSONValue?) -> [String] {
    guard case .array(let elements)? = value else { return [] }
    return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }
}

extension Emulator {
  static func test(_ name: String) throws -> Emulator {
    try Emulator(path: MistakenVectors.path(name), threads: 1)
  }

  func probes() -> [Probe] {
    ProbeSet.probes(
      contextLength: configuration.contextLength, hiddenSize: configuration.hiddenSize, includesLong: false,
      count: tokenCount)
  }

  /// What a correct engine answers, with every result rounded as `rounding` says.
  func answers(_ probes: [Probe], _ change: (inout Recipe) -> Void = { _ in }) throws -> Observations {
    var recipe = Recipe.reference
    change(&recipe)
    var observations: Observations = [:]
    for probe in probes where probe.kind != .length {
      guard let vector = try vector(of: probe, recipe) else { continue }
      let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      observations[probe.name] = .vector(vector.map { Float(Double($0) / length) })
    }
    return observations
  }
}
