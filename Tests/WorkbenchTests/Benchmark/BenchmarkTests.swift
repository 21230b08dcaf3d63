import TestModels
import Testing
import Touchstone
import Workbench

/// What a benchmark counts. Times are only checked to be there.
@Suite struct BenchmarkTests {
  private func run(_ change: (inout BenchmarkOptions) -> Void = { _ in }) throws -> BenchmarkReport {
    var options = BenchmarkOptions()
    options.tokenCount = 5
    options.sequenceCount = 2
    options.repetitions = 3
    options.threadCount = 2
    options.measuresPeaks = false
    change(&options)
    return try Benchmark(path: TestModels.demo, options: options).run()
  }

  @Test func everyRepetitionIsTimedAndEveryStageNamed() throws {
    var steps: [String] = []
    var options = BenchmarkOptions()
    options.tokenCount = 3
    options.repetitions = 2
    options.measuresPeaks = false
    let report = try Benchmark(path: TestModels.demo, options: options).run { steps.append($0) }
    #expect(
      steps == [
        "batch 1 of 3", "batch 2 of 3", "batch 3 of 3", "stages", "tokenizer", "peaks of the machine",
      ])
    #expect(report.batch.seconds.count == 2)
    #expect(report.profile.entries.map(\.stage) == BenchmarkStage.allCases)
    #expect(report.peaks == nil)
    #expect(report.model.parameterCount == 11_537_152)
    #expect(report.tokensPerSecond.best >= report.tokensPerSecond.median)
  }

  /// The demonstration model: 4 layers, hidden 256, feed-forward 768, 4 heads on 2 of 64.
  @Test(arguments: [(ActivationPrecision.i8, 1), (.i16, 2)])
  func integerOperationsAreCounted(activations: ActivationPrecision, passes: Int) throws {
    let report = try run { $0.activations = activations }
    let keysAndValues = 2 * 128 * 256
    let others = 2 * 256 * 256 + 3 * 256 * 768
    // In the last layer only the keys and values of all ten tokens are needed, and the rest of the last two.
    let multiplications = 10 * 3 * (keysAndValues + others) + 10 * keysAndValues + 2 * others
    #expect(report.profile[.multiply].record.dotOperations == 2 * passes * multiplications)
    #expect(report.profile[.multiply].record.floatOperations == 0)
    #expect(report.profile[.quantize].seconds > 0)
    #expect(report.profile[.unpack].seconds > 0)
  }

  @Test func floatsNeedNoQuantizing() throws {
    let report = try run { $0.activations = .f32 }
    #expect(report.profile[.multiply].record.dotOperations == 0)
    #expect(report.profile[.multiply].record.floatOperations > 0)
    #expect(report.profile[.quantize].seconds == 0)
  }

  @Test func attentionIsCountedByTheKeysThatAreSeen() throws {
    let report = try run()
    // Five tokens see 1 + 2 + 3 + 4 + 5 keys; in the last layer the last one alone sees 5.
    #expect(report.profile[.attention].record.floatOperations == 2 * 4 * 256 * (3 * 15 + 5))
  }

  @Test func peaksGiveShares() throws {
    let report = try run { $0.measuresPeaks = true }
    let peaks = try #require(report.peaks)
    #expect(peaks.floatOperations > 1e8 && peaks.dotOperations > 1e8 && peaks.memoryBytes > 1e7)
    #expect(try #require(report.profile.shareOfPeak(.multiply, peaks)) > 0)
    #expect(report.profile.shareOfPeak(.norms, peaks) == nil)
  }

  @Test func whatCannotBeMeasured() {
    func sentence(_ change: (inout BenchmarkOptions) -> Void) -> String? {
      do { _ = try run(change) } catch { return "\(error)" }
      return nil
    }
    #expect(
      sentence { $0.tokenCount = 8193 } == "8193 tokens do not fit: this model's context holds 1 to 8192")
    #expect(sentence { $0.tokenCount = 0 } == "0 tokens do not fit: this model's context holds 1 to 8192")
    #expect(sentence { $0.sequenceCount = 0 } == "the number of sequences is 0, but must be at least 1")
    #expect(sentence { $0.repetitions = 0 } == "the number of repetitions is 0, but must be at least 1")
    #expect(sentence { $0.warmUps = -1 } == "the number of warm-ups is -1, but must be at least 0")
    #expect(
      sentence { $0.sequenceCount = .max }
        == "\(Int.max) sequences of 5 tokens are more than the 16777216 tokens that are measured at once")
  }
}
