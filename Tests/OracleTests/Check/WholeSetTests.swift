import Oracle
import Testing

/// What all vectors together show before any mistake is emulated, and the grid of their numbers.
@Suite(.serialized)
struct WholeSetTests {
  private let emulator: Emulator
  /// Every text that is short.
  private let probes: [Probe]
  private let right: Observations

  init() throws {
    emulator = try Emulator.test("models/f32.gguf")
    probes = emulator.probes().filter { !ProbeFile.needsOptions($0) && $0.kind != .length }
    right = try emulator.answers(probes)
  }

  private func verdict(
    change: (_ vectors: inout [String: [Float]], _ names: [String]) -> Void
  ) throws -> Verdict {
    var vectors = right.compactMapValues(\.vector)
    change(&vectors, probes.map(\.name))
    return try Examination(
      emulator, probes, vectors.mapValues { .vector($0) }, searchTime: .zero
    ).verdict()
  }

  private static func normalized(_ vector: [Float]) -> [Float] {
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return vector.map { Float(Double($0) / length) }
  }

  @Test(arguments: [1, -1, 2]) func namesAShiftOfRows(_ step: Int) throws {
    let verdict = try self.verdict { vectors, names in
      let old = vectors
      for (index, name) in names.enumerated() {
        vectors[name] = names.indices.contains(index + step) ? old[names[index + step]] : nil
      }
    }
    #expect(verdict.outcome == .diagnosed)
    #expect(verdict.diagnoses.map(\.id) == ["rows-shifted"], "\(verdict.diagnoses)")
    #expect(
      verdict.diagnoses.first?.title
        == "the vectors are shifted by \(abs(step) == 1 ? "one row" : "\(abs(step)) rows")")
    #expect(verdict.precision == "float32")
  }

  @Test func namesRowsThatChangedPlaces() throws {
    let verdict = try self.verdict { vectors, _ in
      let old = vectors
      vectors["chinese"] = old["arabic"]
      vectors["arabic"] = old["chinese"]
    }
    #expect(verdict.diagnoses.map(\.id) == ["rows-swapped"])
    #expect(verdict.diagnoses.first?.title == "two texts have each other's vectors")
    #expect(verdict.probes.allSatisfy { $0.isExplained })
  }

  @Test func namesOneVectorForAll() throws {
    let verdict = try self.verdict { vectors, names in
      let one = vectors["emoji"]
      for name in names { vectors[name] = one }
    }
    #expect(verdict.diagnoses.map(\.id) == ["one-vector-for-all"])
    #expect(verdict.diagnoses.first?.evidence.hasSuffix("that of 'emoji'") == true)
    #expect(verdict.outcome == .diagnosed)
  }

  enum Map: String, CaseIterable {
    case sign = "all vectors have the sign turned"
    case rotation = "the components are rotated by one place"
    case reversal = "the components are in reverse order"
    case permutation = "the components are in another order"
    case reflections = "all vectors are turned by one orthogonal map"

    func callAsFunction(_ vector: [Float]) -> [Float] {
      let count = vector.count
      switch self {
      case .sign: return vector.map { -$0 }
      case .rotation: return (0..<count).map { vector[($0 + 1) % count] }
      case .reversal: return vector.reversed()
      case .permutation: return (0..<count).map { vector[($0 * 5 + 3) % count] }
      case .reflections:
        let half = Float(0.5).squareRoot()
        return (0..<count).map { index in
          let (even, odd) = (vector[index & ~1], vector[index | 1])
          return index % 2 == 0 ? half * (even + odd) : half * (even - odd)
        }
      }
    }
  }

  @Test(arguments: Map.allCases) func namesOneMapForAll(_ map: Map) throws {
    let verdict = try self.verdict { vectors, _ in vectors = vectors.mapValues { map($0) } }
    #expect(verdict.diagnoses.map(\.id) == ["components-turned"], "\(verdict.diagnoses)")
    #expect(verdict.diagnoses.first?.title == map.rawValue)
    #expect(verdict.outcome == .diagnosed)
  }

  @Test(arguments: [true, false]) func namesAnOffset(normalizes: Bool) throws {
    let verdict = try self.verdict { vectors, names in
      let size = vectors[names[0]]?.count ?? 0
      var mean = [Float](repeating: 0, count: size)
      for name in names {
        for (index, value) in (vectors[name] ?? []).enumerated() { mean[index] += value / Float(names.count) }
      }
      vectors = vectors.mapValues { vector in
        let moved = zip(vector, mean).map { $0 - $1 }
        return normalizes ? Self.normalized(moved) : moved
      }
    }
    #expect(verdict.diagnoses.first?.id == "vectors-shifted", "\(verdict.diagnoses)")
    #expect(verdict.diagnoses.first?.title == "the mean of the vectors is subtracted from each")
    #expect(verdict.outcome == .diagnosed)
  }

  /// A mistake that moves all texts is not taken for algebra.
  @Test func aMistakeStaysAMistake() throws {
    let changes: [(inout Recipe) -> Void] = [
      { $0.ending = .alsoInFront }, { $0.pooling.position = .mean }, { $0.transformer.isCausal = false },
      { $0.text = .lowercases }, { $0.text = .carriageReturnsGo }, { $0.ending = .missing },
    ]
    for change in changes {
      let verdict = try Examination(
        emulator, probes, emulator.answers(probes, change), searchTime: .zero
      ).verdict()
      #expect(verdict.diagnoses.count == 1 && verdict.diagnoses[0].confidence != nil, "\(verdict.diagnoses)")
    }
  }

  @Test func judgesVectorsThatAreCut() throws {
    func cut(_ wholeLength: Bool) throws -> Verdict {
      try verdict { vectors, _ in
        vectors = vectors.mapValues { vector in
          let slice = Array(vector.prefix(48))
          return wholeLength ? Self.normalized(slice) : slice
        }
      }
    }
    let right = try cut(true)
    #expect(right.outcome == .agrees && right.precision == "float32")
    #expect(right.notes.contains { $0.hasPrefix("the vectors have 48 components and the model's 64") })
    #expect(try cut(false).diagnoses.map(\.id) == ["slice-not-normalised"])
  }

  @Test(arguments: [
    (NumberGrid.half, "float16 numbers"), (.bfloat16, "bfloat16 numbers"),
    (.bytes, "multiples of 1/127, which fit in a byte"), (.decimals(2), "numbers with 2 decimals"),
    (.decimals(4), "numbers with 4 decimals"), (.wholeNumbers, "whole numbers"),
  ])
  func namesTheGridOfTheNumbers(_ grid: NumberGrid, _ title: String) throws {
    let verdict = try self.verdict { vectors, _ in
      vectors = vectors.mapValues { vector in
        vector.map { value in
          switch grid {
          case .half: Float(Float16(value))
          case .bfloat16: Float(bitPattern: (value.bitPattern + 0x8000) & 0xFFFF_0000)
          case .bytes: (value * 127).rounded() / 127
          case .wholeNumbers: (value * 127).rounded()
          case .decimals(let count):
            Float(
              Double(Int((Double(value) * (count == 2 ? 1e2 : 1e4)).rounded())) / (count == 2 ? 1e2 : 1e4))
          }
        }
      }
    }
    #expect(verdict.grid == grid)
    let isLong = grid == .wholeNumbers
    #expect(verdict.diagnoses.map(\.id) == (isLong ? ["vector-not-normalised"] : []), "\(verdict.diagnoses)")
    #expect(verdict.outcome == (isLong ? .diagnosed : .agrees), "\(verdict.notes)")
    // Half precision is finer than what float32 engines may differ by.
    #expect(
      verdict.precisions == [.stored(grid)] || grid == .half && verdict.precisions == [.float32],
      "\(verdict.precisions)")
    #expect(verdict.notes.contains("all components are \(title): they were rounded to that after the model"))
  }

  @Test func fullNumbersLieOnNoGrid() throws {
    let verdict = try self.verdict { _, _ in }
    #expect(verdict.grid == nil)
  }
}
