import JSON
import Touchstone

/// A verification in the three forms that it is printed in. None of them has a text in it.
package struct VerificationReport: Sendable {
  private let verification: Verification
  private let processor: String?

  /// - Parameter processor: its name, where it is known.
  package init(_ verification: Verification, processor: String?) {
    self.verification = verification
    self.processor = processor
  }

  private var fileName: String {
    verification.inspection.path.split(separator: "/").last.map(String.init) ?? verification.inspection.path
  }

  /// `Q4_K 216, Q6_K 37, F32 145`
  private var formats: String {
    verification.inspection.blockFormats.map { "\($0.name) \($0.tensorCount)" }.joined(separator: ", ")
  }

  /// For a terminal.
  package var text: String {
    let width = verification.figures.map(\.name.count).max() ?? 0
    let lines = verification.figures.map { figure in
      let padding = String(repeating: " ", count: width - figure.name.count)
      return
        "  \(figure.isWithin ? "ok     " : "differs") \(figure.name)\(padding)  \(measured(figure)), allowed \(short(figure.allowed))"
    }
    return (["\(fileName): \(verification.sentence)"] + lines + explanation).joined(separator: "\n") + "\n"
  }

  private var explanation: [String] {
    verification.figures.isEmpty
      ? []
      : [
        "  What is allowed follows from the block formats: docs/how-to/verify-a-file.md. Each figure's source: --json."
      ]
  }

  /// Markdown, to be pasted into an issue.
  package var markdown: String {
    let engine = EngineInformation.current
    let head = [
      "### touchstone verify: \(verification.outcome.rawValue)", "", verification.sentence, "",
      "| | |", "|---|---|",
      "| file | \(fileName), \(verification.inspection.byteCount) bytes |",
      "| name in the file | \(verification.inspection.name ?? "none") |",
      "| tensors | \(formats) |",
      "| taken for | \(verification.model?.rawValue ?? "no official model") |",
      "| touchstone | \(engine.version), arithmetic \(engine.arithmeticVersion), kernels \(engine.kernels ?? "none"), activations \(verification.activations.rawValue) |",
      "| processor | \(processor ?? "unknown") |", "",
    ]
    guard !verification.figures.isEmpty else { return head.joined(separator: "\n") + "\n" }
    let table =
      ["| figure | measured | allowed | |", "|---|---|---|---|"]
      + verification.figures.map {
        "| \($0.name) | \(measured($0)) | \(short($0.allowed)) | \($0.isWithin ? "ok" : "differs") |"
      }
    return (head + table).joined(separator: "\n") + "\n"
  }

  package var json: JSONValue {
    .object([
      .init("outcome", .string(verification.outcome.rawValue)),
      .init("sentence", .string(verification.sentence)),
      .init("file", .string(fileName)),
      .init("byteCount", .number(verification.inspection.byteCount)),
      .init("model", verification.model.map { .string($0.rawValue) } ?? .null),
      .init("activations", .string(verification.activations.rawValue)),
      .init(
        "figures",
        .array(
          verification.figures.map { figure in
            .object([
              .init("name", .string(figure.name)),
              .init("measured", figure.measured.map { .number($0) } ?? .null),
              .init("allowed", .number(figure.allowed)),
              .init("within", .bool(figure.isWithin)),
              .init("source", .string(figure.source)),
            ])
          })),
    ])
  }

  private func measured(_ figure: Verification.Figure) -> String {
    figure.measured.map(short) ?? "not comparable"
  }

  /// Two digits that count: `0.0012`, `3.4e-09`; whole numbers as they are.
  private func short(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    if value == value.rounded(), value.magnitude < 1e6 { return String(Int(value)) }
    var (digits, exponent) = (value, 0)
    while digits.magnitude < 1 { (digits, exponent) = (digits * 10, exponent - 1) }
    while digits.magnitude >= 10 { (digits, exponent) = (digits / 10, exponent + 1) }
    if exponent < -3 { return "\((digits * 10).rounded() / 10)e\(exponent)" }
    let decimals = (0..<max(0, 1 - exponent)).reduce(1.0) { power, _ in power * 10 }
    return "\((value * decimals).rounded() / decimals)"
  }
}
