import Qwen3

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Another function than `silu(gate) · up`.
enum ActivationSuspects: SuspectSearch {
  static func suspects(at site: PartingSite) throws(SafetensorsError) -> [Suspect] {
    guard site.intermediate == .activated, let gate = try site.reference(.gate),
      let up = try site.reference(.up),
      gate.columnCount == up.columnCount, gate.columnCount == site.a.columnCount
    else { return [] }
    return functions.map { words, function in
      Suspect(
        .activation, "\(site.point) is \(words) instead of silu(gate) · up",
        expected: gate.map { row, column, value in
          function(Double(value), Double(up.values[row * up.columnCount + column]))
        }, at: site)
    }
  }

  private static let functions: [(String, @Sendable (_ gate: Double, _ up: Double) -> Double)] = [
    ("silu(up) · gate, the two swapped,", { $0 * silu($1) }),
    ("gate · up", { $0 * $1 }),
    ("silu(gate)", { gate, _ in silu(gate) }),
    ("silu(gate) + up", { silu($0) + $1 }),
    ("sigmoid(gate) · up", { $1 / (1 + exp(-$0)) }),
    ("relu(gate) · up", { max($0, 0) * $1 }),
    ("gelu(gate) · up", { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) * $1 }),
    (
      "gelu(gate) · up, with gelu by tanh,",
      { 0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) * $1 }
    ),
    ("gelu(gate) · up, with gelu by sigmoid(1.702 x),", { $0 / (1 + exp(-1.702 * $0)) * $1 }),
  ]

  private static func silu(_ x: Double) -> Double { x / (1 + exp(-x)) }
}
