import Foundation
import Golden
import JSON
import TestModels
import Testing
import Touchstone

/// The bits of `testdata/bits`, which an earlier build wrote. Who changes a bit on purpose raises
/// `EngineInformation.arithmeticVersion` and makes these files anew with `tools/make_bits.sh`.
struct ArithmeticVersionTests {
  static let names = [
    "q4_k_m-i16", "q4_k_m-i8", "q4_k_m-f32", "q8_0-i16", "iq4_xs-i8", "f16-i16", "massive-q4_k_m-i8",
    "massive-q4_k_m-i16",
    "demo-i16",
    "demo-i8",
  ]

  @Test(arguments: names)
  func theBitsAreThoseOfThisArithmeticVersion(_ name: String) throws {
    let url = TestModels.testdata.appending(path: "bits/\(name).jsonl")
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    let values = try lines.map { try JSONParser.parse(Array($0.utf8)) }
    let header = try GoldenHeader(try #require(values.first))
    let modelName = String(name[..<(try #require(name.lastIndex(of: "-")))])
    let model =
      modelName == "demo"
      ? try EmbeddingModel(path: TestModels.demo, threads: 2) : try TestModels.load(modelName)
    let source = try FingerprintSource(model, options: header.options)
    let verification = try GoldenVerification(header, model, source)
    #expect(verification.fingerprintDifferences == [])
    #expect(values.count > 3)
    for value in values.dropFirst() {
      let entry = try GoldenEntry(value)
      let difference = try verification.difference(in: entry)
      #expect(difference == nil, "text \(entry.index): \(difference?.description ?? "")")
    }
  }
}
