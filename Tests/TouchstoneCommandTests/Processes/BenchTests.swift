import Foundation
import Testing

/// The subcommand `bench` on the demonstration model: what it prints, never how long it took.
struct BenchTests {
  @Test func everyFigureIsThereAsJSON() throws {
    let command = try Command.run(
      "bench", "--tokens", "4", "--sequences", "2", "--repetitions", "3", "--threads", "1", "--activations",
      "i8",
      "--format", "json")
    #expect(command.status == 0)
    #expect(command.errors == "")
    let report = try #require(try JSONSerialization.jsonObject(with: command.output) as? [String: Any])
    func object(_ key: String) throws -> [String: Any] { try #require(report[key] as? [String: Any]) }

    let rate = try object("tokensPerSecond")
    #expect(try #require(rate["best"] as? Double) >= #require(rate["median"] as? Double))
    #expect((try object("milliseconds")["all"] as? [Double])?.count == 3)
    let stages = try #require(report["stages"] as? [String: [String: Double]])
    #expect(
      Set(stages.keys) == [
        "tokenize", "lookUp", "quantize", "unpack", "multiply", "attention", "norms", "elementwise",
        "pooling", "rest",
      ])
    #expect(abs(stages.values.reduce(0) { $0 + ($1["share"] ?? 0) } - 1) < 1e-6)
    #expect(Set(try object("shareOfPeak").keys) == ["multiply", "attention", "memory"])
    #expect(
      Set(try object("peaks").keys) == [
        "floatOperationsPerSecond", "dotOperationsPerSecond", "tileOperationsPerSecond",
        "memoryBytesPerSecond",
      ])
    #expect(Set(try object("startUp").keys) == ["loadMilliseconds", "firstVectorMilliseconds"])
    #expect(try object("tokenizer")["bytesPerSecond"] is Double)
    #expect(try #require(try object("memory")["peakBytes"] as? Int) > 1_000_000)
    let work = try object("work") as NSDictionary
    #expect(
      work == [
        "tokens": 4, "sequences": 2, "repetitions": 3, "warmup": 1, "threads": 1, "activations": "i8",
        "batchTokens": 1024,
      ])
    #expect(try object("model")["mainFormat"] as? String == "Q6_K")
    #expect(try object("model")["preciseLayers"] as? Int == 0)
    #expect(try object("machine")["kernels"] is String)
  }

  @Test func theTableIsToBeRead() throws {
    let command = try Command.run(
      "bench", "--tokens", "3", "--repetitions", "1", "--warmup", "0", "--no-peaks")
    #expect(command.status == 0)
    #expect(command.lines[1].contains("11,537,152 parameters, mostly Q6_K; 1 sequence of 3 tokens"))
    for word in ["tokens a second", "attention", "first vector", "tokenizer"] {
      #expect(command.text.contains("\n  \(word) "))
    }
    #expect(!command.text.contains("GFLOP/s"))
  }

  @Test func aModelWithMassiveActivationsSaysSo() throws {
    let command = try Command.run(
      "bench", "--model", "testdata/models/massive-q8_0.gguf", "--tokens", "3", "--repetitions", "1",
      "--no-peaks", "--activations", "i8")
    #expect(command.status == 0)
    #expect(
      command.lines[2] == "the first 2 of 4 layers with i16: this model has massive activations")
  }

  @Test(arguments: [
    (["--tokens", "0"], "--tokens must be at least 1, found 0."),
    (["--warmup=-1"], "--warmup must be at least 0, found -1."),
    (["--threads", "0"], "--threads must be at least 1, found 0."),
    (["--tokens", "9000"], "9000 tokens do not fit: this model's context holds 1 to 8192"),
  ])
  func wrongOptions(options: [String], sentence: String) throws {
    let command = try Command.run(["bench"] + options)
    #expect(command.status == 2)
    #expect(command.output.isEmpty)
    #expect(command.errors.split(separator: "\n").first == "touchstone: \(sentence)")
  }
}
