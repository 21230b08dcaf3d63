import Foundation
import FuzzTargets
import TestSupport
import Testing

/// Hostile input, always the same: each must end in a result or an error. A trap, a hang or a read beyond a
/// buffer would end the test process. `make fuzz` looks further, guided by coverage.
@Suite struct FuzzTests {
  /// How many inputs each target gets: about ten seconds of one slow core.
  private static func count(_ target: FuzzTarget) -> Int {
    switch target {
    case .model: 500
    case .vocabulary: 1500
    case .json: 20_000
    case .shapes: 120
    case .formats: 2000
    case .documents: 8000
    }
  }

  @Test(arguments: FuzzTarget.allCases, 0..<4 as Range<UInt64>)
  func survivesRandomInput(_ target: FuzzTarget, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for number in 0..<Self.count(target) / 4 {
      let bytes = generator.bytes(Int.random(in: 8...200, using: &generator))
      do {
        try target.run(bytes)
      } catch {
        Issue.record("input \(number) of seed \(seed): \(error)")
        return
      }
    }
  }

  /// The inputs that libFuzzer begins with, among them each that once found something.
  @Test(arguments: FuzzTarget.allCases)
  func survivesTheCorpus(_ target: FuzzTarget) throws {
    let folder = TestData.path("fuzz/\(target.rawValue)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    try #require(!names.isEmpty)
    for name in names.sorted() {
      do {
        try target.run(Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
      } catch { Issue.record("\(folder)/\(name): \(error)") }
    }
  }
}
