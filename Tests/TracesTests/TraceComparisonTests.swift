import Foundation
import TestModels
import TestSupport
import Testing
import Touchstone
import Traces

/// Mistakes made on purpose in a real trace, and what the comparison calls them.
struct TraceComparisonTests {
  private static let ids: [Int32] = [5, 99, 3, 200, 7, 41, 12, 250, 77]

  private static func compare(
    _ name: String = "f32", precision: TracePrecision? = nil, _ change: (inout TraceBytes) throws -> Void
  ) throws -> TraceComparison {
    let a = try TraceBytes(TestModels.load(name), ids)
    var b = a
    try change(&b)
    return try TraceComparison(a.file(), b.file(), precision: precision)
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let kind: TraceFinding.Kind
    let point: String
    let change: @Sendable (inout TraceMatrix, TraceBytes) -> Void

    init(
      _ kind: TraceFinding.Kind, _ point: String,
      _ change: @escaping @Sendable (inout TraceMatrix, TraceBytes) -> Void
    ) {
      (self.kind, self.point, self.change) = (kind, point, change)
    }

    var testDescription: String { "\(kind) at \(point)" }
  }

  /// A head of `f32.gguf` has so many components.
  private static func columns(_ matrix: TraceMatrix, _ source: (Int) -> Int) -> TraceMatrix {
    var result = matrix
    for row in 0..<matrix.rowCount {
      for column in 0..<matrix.columnCount {
        result.values[row * matrix.columnCount + column] =
          matrix.values[row * matrix.columnCount + source(column)]
      }
    }
    return result
  }

  private static func dimension(_ trace: TraceBytes) -> Int { Int(trace.metadata["head_dimension"]!)! }

  static let faults: [Fault] = [
    Fault(.zeros, "layers.1.value") { m, _ in m.values = m.values.map { _ in 0 } },
    Fault(.sign, "layers.0.up") { m, _ in m.values = m.values.map { -$0 } },
    Fault(.scale, "layers.1.query") { m, _ in m.values = m.values.map { $0 * 3 } },
    Fault(.notFinite, "layers.0.down") { m, _ in m.values[7] = .nan },
    Fault(.tokenScale, "layers.1.feed_forward_norm") { m, _ in
      for index in m.values.indices { m.values[index] *= 1 + Float(index / m.columnCount) / 8 }
    },
    Fault(.componentScale, "layers.0.attention_output") { m, _ in
      for index in m.values.indices { m.values[index] *= 1 + Float(index % m.columnCount % 5) / 8 }
    },
    Fault(.otherTensor, "layers.1.query_norm") { m, trace in m = trace[TracePoint(.query, layer: 1)] },
    Fault(.otherTensor, "layers.0.gate") { m, trace in m = trace[TracePoint(.up, layer: 0)] },
    Fault(.otherTensor, "layers.1.attention_residual") { m, trace in
      m = trace[TracePoint(.attentionOutput, layer: 1)]
    },
    Fault(.tokenOrder, "embedding") { m, _ in
      m.values = Array(m.values.dropFirst(m.columnCount) + m.values.prefix(m.columnCount))
    },
    Fault(.tokenOrder, "layers.0.attention_norm") { m, _ in
      m.values = (0..<m.rowCount).reversed().flatMap { Array(m.row($0)) }
    },
    Fault(.pairPermutation, "layers.0.key") { m, trace in
      let d = dimension(trace)
      m = columns(m) { $0 / d * d + $0 % d / 2 + $0 % 2 * d / 2 }
    },
    Fault(.pairPermutation, "layers.1.query") { m, trace in
      let d = dimension(trace)
      m = columns(m) { $0 / d * d + $0 % d % (d / 2) * 2 + $0 % d / (d / 2) }
    },
    Fault(.headOrder, "layers.0.query") { m, trace in
      let (d, count) = (dimension(trace), m.columnCount)
      m = columns(m) { ($0 + d) % count }
    },
    Fault(.unexplained, "layers.1.gate") { m, _ in
      for index in m.values.indices where index % 3 == 0 { m.values[index] += Float(index % 11) - 5 }
    },
  ]

  @Test(arguments: faults)
  func aFaultIsNamed(_ fault: Fault) throws {
    let point = try #require(TracePoint(fault.point))
    let comparison = try Self.compare { trace in
      var matrix = trace[point]
      fault.change(&matrix, trace)
      trace[point] = matrix
    }
    #expect(!comparison.agrees)
    #expect(comparison.firstParted?.point == point)
    let finding = try #require(comparison.findings.first)
    #expect(finding.kind == fault.kind, "\(finding.sentence)")
    #expect(finding.point == point)
  }

  /// A change of one part in ten thousand of one number of one token is seen, though float32 is all that is
  /// allowed.
  @Test func aSmallFaultOfOneTokenIsSeen() throws {
    let comparison = try Self.compare { trace in
      let point = TracePoint(.value, layer: 1)
      let columnCount = trace[point].columnCount
      trace[point].values[4 * columnCount] *= 1.01
    }
    #expect(comparison.firstParted?.point == TracePoint(.value, layer: 1))
    #expect(comparison.findings[0].evidence.contains { $0.contains("token 4") })
  }

  @Test func equalTracesAgree() throws {
    let comparison = try Self.compare { _ in }
    #expect(comparison.agrees)
    #expect(comparison.tokens == .same)
    #expect(comparison.entries.allSatisfy { $0.error == 0 })
  }

  /// Right computations in other precisions are not accused, and are not taken for float32 either.
  @Test(arguments: ["f32", "q4_k_m", "q8_0", "q2_k"], [ActivationPrecision.i16, .i8])
  func otherPrecisionsAreTold(_ name: String, _ activations: ActivationPrecision) throws {
    let model = try TestModels.load(name)
    let a = try TraceBytes(model, Self.ids).file()
    var b = try TraceBytes(model, Self.ids, activations: activations)
    let declared = try TraceComparison(a, b.file())
    #expect(declared.agrees, "\(declared.findings)")
    guard name != "f32" else { return }  // whose weights meet float32 activations always
    b.metadata["precision"] = "f32"
    let hidden = try TraceComparison(a, b.file())
    #expect(hidden.findings.map(\.kind) == [.precision])
    #expect(try TraceComparison(a, b.file(), precision: TracePrecision(activations)).agrees)
  }

  /// One token sees itself alone: its attention is its value, rounded.
  @Test func aCacheInHalfPrecisionIsNamed() throws {
    let a = try TraceBytes(TestModels.load("f32"), [5])
    var b = a
    let point = TracePoint(.attention, layer: 0)
    b[point].values = b[point].values.map { Float(Float16($0)) }
    let findings = try TraceComparison(a.file(), b.file()).findings
    #expect(findings.map(\.kind) == [.cachePrecision])
    #expect(findings[0].point == point)
  }

  /// Noise is a finding, but it hides no mistake.
  @Test func aMistakeIsSeenThroughNoise() throws {
    let a = try TraceBytes(TestModels.load("f32"), Self.ids)
    var b = a
    for (point, matrix) in a.tensors {
      b[point].values = matrix.values.map { Float(bitPattern: ($0.bitPattern &+ 0x8000) & 0xFFFF_0000) }
    }
    #expect(try TraceComparison(a.file(), b.file()).findings.map(\.kind) == [.precision])
    let swapped = b[TracePoint(.gate, layer: 1)]
    b[TracePoint(.gate, layer: 1)] = b[TracePoint(.up, layer: 1)]
    b[TracePoint(.up, layer: 1)] = swapped
    let findings = try TraceComparison(a.file(), b.file()).findings
    #expect(findings.map(\.kind) == [.otherTensor, .precision])
    #expect(findings[0].point == TracePoint(.gate, layer: 1))
  }

  /// The reference is a fine-tune without a mask, or with a scaled rotation; the other side overlooked that.
  @Test(arguments: [
    (
      "non-causal", "qwen3.attention.causal", [1] as [UInt8], TraceFinding.Kind.attention,
      "there is a causal mask"
    ),
    (
      "rope-linear", "qwen3.rope.scaling.factor", [0, 0, 0x80, 0x3F], .rotation,
      "it is not scaled, and in A it is"
    ),
  ])
  func namesWhatIsOverlooked(
    _ model: String, _ key: String, _ value: [UInt8], _ kind: TraceFinding.Kind, _ words: String
  ) throws {
    var bytes = try [UInt8](Data(contentsOf: URL(filePath: TestData.model(model))))
    let place = try #require(bytes.firstRange(of: Array(key.utf8))).upperBound + 4
    bytes.replaceSubrange(place..<place + value.count, with: value)
    let other = FileManager.default.temporaryDirectory.appending(path: "overlooked-\(UUID()).gguf")
    try Data(bytes).write(to: other)
    defer { try? FileManager.default.removeItem(at: other) }
    let a = try TraceBytes(TestModels.load(model), Self.ids)
    let b = try TraceBytes(EmbeddingModel(path: other.path, threads: 1), Self.ids)
    let comparison = try TraceComparison(a.file(), b.file())
    let finding = try #require(comparison.findings.first)
    #expect(finding.kind == kind && finding.sentence.contains(words), "\(finding.sentence)")
  }

  /// What comes before the first other id is compared all the same: attention is causal.
  @Test func otherTokens() throws {
    let model = try TestModels.load("f32")
    let a = try TraceBytes(model, Self.ids).file()
    let shorter = try TraceComparison(a, TraceBytes(model, Self.ids.dropLast()).file())
    #expect(shorter.findings.map(\.kind) == [.tokenIDs])
    #expect(shorter.findings[0].sentence.contains("B lacks the end of A's, 77"))
    #expect(shorter.firstParted == nil)
    #expect(!shorter.entries.contains { $0.point.name == .pooled || $0.point.name == .vector })
    let other = try TraceComparison(a, TraceBytes(model, Self.ids.dropLast() + [78]).file())
    #expect(other.findings[0].sentence == "the last token id is 77 in A and 78 in B: another end of text")
    let front = try TraceComparison(a, TraceBytes(model, [1] + Self.ids).file())
    #expect(front.findings[0].sentence.contains("B has 1 in front"))
    var unnamed = try TraceBytes(model, Array(Self.ids.dropLast(2)))
    unnamed.metadata["token_ids"] = nil
    let byRows = try TraceComparison(a, unnamed.file())
    #expect(byRows.findings.map(\.kind) == [.tokenIDs])
  }

  @Test func missingTensorsAreNamed() throws {
    let comparison = try Self.compare { trace in
      trace.tensors.removeAll { $0.point.name == .intermediate(.queryNorm) }
      let point = TracePoint(.queryRotated, layer: 0)
      trace[point].values = trace[point].values.map { -$0 }
    }
    #expect(comparison.onlyInA.map(\.description) == ["layers.0.query_norm", "layers.1.query_norm"])
    #expect(comparison.findings[0].kind == .sign)
    let none = try TraceSelection(layers: "0", names: "query")
    let model = try TestModels.load("f32")
    #expect(throws: TraceComparisonError.self) {
      try TraceComparison(
        TraceBytes(model, Self.ids, selection: none).file(),
        TraceBytes(model, Self.ids, selection: TraceSelection(layers: nil, names: "vector")).file())
    }
  }

  @Test func anotherShapeIsAFinding() throws {
    let comparison = try Self.compare { trace in
      let point = TracePoint(.key, layer: 0)
      let matrix = trace[point]
      trace[point] = TraceMatrix(
        rowCount: matrix.rowCount, columnCount: matrix.columnCount / 2,
        values: Array(matrix.values.prefix(matrix.values.count / 2)))
    }
    #expect(comparison.findings.map(\.kind) == [.shape])
    #expect(comparison.findings[0].point == TracePoint(.key, layer: 0))
  }
}
