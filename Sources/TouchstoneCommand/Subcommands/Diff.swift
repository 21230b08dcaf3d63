import ArgumentParser
import Touchstone
import Traces

struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two traces and name the first place where they part, and how.",
    discussion: """
      A is the reference, as touchstone trace wrote it with --activations f32; B is the trace to judge. diff compares \
      tensors in the order of computation, with tolerances that grow as rounding does. It makes known mistakes on purpose \
      with A's numbers, and names the one that gives B's: another rotation, no causal mask, a norm left out, …

        touchstone diff ours.safetensors theirs.safetensors
        touchstone diff --precision bf16 ours.safetensors theirs.safetensors
        touchstone diff --json ours.safetensors theirs.safetensors

      EXIT STATUS: 0 the traces agree; 1 they part; 2 they cannot be compared.
      """)

  @Argument(help: ArgumentHelp("The reference.", valueName: "A")) var reference: String
  @Argument(help: ArgumentHelp("The trace to judge.", valueName: "B")) var other: String

  @Option(
    help: ArgumentHelp(
      "The precision that B is allowed: \(TracePrecision.allCases.map(\.rawValue).joined(separator: ", ")). "
        + "(default: as its file says, else how its numbers are stored)"))
  var precision: TracePrecision?

  @Flag(help: "Print one JSON object.")
  var json = false

  mutating func run() throws {
    let file = try OutputFile(path: nil)
    let (a, b): (TraceFile, TraceFile)
    let comparison: TraceComparison
    do {
      a = try TraceFile(path: reference)
      b = try TraceFile(path: other)
      comparison = try TraceComparison(a, b, precision: precision)
    } catch {
      StandardError.say("\(error)")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    if json {
      try file.write(TraceComparisonJSON(comparison, a, b).bytes)
    } else {
      let text = TraceComparisonText(comparison, a, b, width: Terminal().width ?? 100).text
      try file.write(DisplayText.harmless(text).utf8)
    }
    try file.finish()
    if !comparison.agrees { throw ExitCode(1) }
  }
}

extension TracePrecision: ExpressibleByArgument {}
