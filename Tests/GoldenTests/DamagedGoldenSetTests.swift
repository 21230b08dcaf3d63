import Golden
import JSON
import TestModels
import TestSupport
import Testing
import Touchstone

/// Golden sets that were damaged on their way.
struct DamagedGoldenSetTests {
  /// Whatever a line is: an entry that is verified, or a sentence.
  @Test func readsOrRefusesEveryDamagedLine() throws {
    let model = try TestModels.load("q4_k_m")
    var options = TestModels.options(.i16)
    options.dimensions = 6
    let source = try FingerprintSource(model, options: options)
    let header = try GoldenHeader(source, role: .query)
    let entry = try GoldenRecorder(model, options: options, role: .query).entry(
      text: "disk full", task: nil, index: 0)
    let verification = try GoldenVerification(header, model, source)
    var (readCount, refusedCount) = (0, 0)
    for seed in 0..<4000 as Range<UInt64> {
      var line: [UInt8] = []
      line.append(json: seed % 2 == 0 ? header.json : entry.json)
      do {
        let value = try JSONParser.parse(Damage.damaged(line, seed: seed))
        if seed % 2 == 0 {
          _ = try GoldenHeader(value)
        } else {
          let read = try GoldenEntry(value)
          // A pass takes milliseconds: a few of them.
          if readCount < 40 { _ = try verification.difference(in: read) }
        }
        readCount += 1
      } catch let error as JSONSyntaxError {
        #expect(Damage.fault(inSentence: error.reason) == nil, "seed \(seed): \(error.reason)")
        refusedCount += 1
      } catch {
        #expect(Damage.fault(inSentence: "\(error)") == nil, "seed \(seed): \(error)")
        refusedCount += 1
      }
    }
    #expect(readCount > 50 && refusedCount > 1000, "\(readCount) read, \(refusedCount) refused")
  }

  /// Values that are compared are short; a text may be long.
  @Test func refusesLongValuesThatAreCompared() throws {
    let marks = String(repeating: "\u{301}\u{323}", count: 200)
    func sentence(_ members: [JSONValue.Member]) -> String {
      do { _ = try GoldenHeader(.object(members)) } catch { return "\(error)" }
      return "none"
    }
    #expect(
      sentence([.init("golden", .number(1)), .init("truncation", .string(marks))])
        == "\"truncation\" has 800 bytes, and at most 256 are read")
  }
}
