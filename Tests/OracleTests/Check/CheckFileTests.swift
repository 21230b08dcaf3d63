import JSON
import Oracle
import TestSupport
import Testing

struct CheckFileTests {
  private let probes = [
    Probe(name: "a", kind: .plain, content: .document("first")),
    Probe(name: "b", kind: .plain, content: .document("second")),
    Probe(name: "c", kind: .dimensions, content: .document("third"), dimensions: 1),
  ]

  private func read(_ text: String) throws -> Observations { try read(Array(text.utf8)) }

  private func read(_ bytes: [UInt8]) throws -> Observations {
    try VectorFile.observations(bytes, name: "v", probes: probes, hiddenSize: 2)
  }

  private func reason(_ text: String) -> String {
    do { _ = try read(text) } catch { return "\(error)" }
    return "no error"
  }

  @Test func linesGoToProbes() throws {
    let lines = """
      {"id":"b","embedding":[1,2e0]}

      {"id":"c","embedding":[0.5],"more":true}
      """
    #expect(try read(lines) == ["b": .vector([1, 2]), "c": .vector([0.5])])
  }

  @Test func whatIsNotFiniteIsCounted() throws {
    let lines = #"{"id":"a","embedding":[NaN,-Infinity]}"# + "\n" + #"{"id":"b","embedding":[null,1]}"#
    #expect(try read(lines) == ["a": .notFinite(count: 2), "b": .notFinite(count: 1)])
  }

  @Test func everyFaultHasItsSentence() {
    #expect(reason("") == "v holds no vectors")
    #expect(reason(#"{"id":"z","embedding":[1,2]}"#).hasPrefix("v:1: there is no probe 'z'"))
    #expect(reason(#"{"id":"a","embedding":[1]}"#).contains("has 1 components, which is no vector of a text"))
    #expect(
      reason(#"{"id":"a","embedding":[1,2,3]}"#).contains("has 3 components, and this file's model has 2"))
    #expect(reason(#"{"id":"a","embedding":["x"]}"#).contains("must hold numbers, found a string"))
    #expect(reason(#"{"id":"a"}"#).contains("has no \"embedding\""))
    #expect(reason("[1]").contains("expected an object with \"id\""))
    #expect(reason(#"{"id":"a","embedding":[1,2}"#).contains("v:1: not JSON after"))
    let twice = #"{"id":"a","embedding":[1,2]}"# + "\n" + #"{"id":"a","embedding":[1,2]}"#
    #expect(reason(twice).contains("v:2: 'a' has a second vector"))
  }

  @Test func arraysAreReadInOrder() throws {
    #expect(try read(npy([1, 2, 3, 4], shape: "(2, 2)")) == ["a": .vector([1, 2]), "b": .vector([3, 4])])
  }

  @Test func arraysAreChecked() throws {
    func reason(_ bytes: [UInt8]) -> String {
      do { _ = try read(bytes) } catch { return "\(error)" }
      return "no error"
    }
    #expect(reason(npy([1, 2], shape: "(1, 2)")).contains("has 1 rows, but the set has 2 texts"))
    #expect(reason(npy([1, 2, 3], shape: "(2, 2)")).contains("12 bytes of numbers, but [2, 2] needs 16"))
    #expect(reason(npy([1, 2], shape: "(2,)")).contains("must have two dimensions"))
    #expect(reason(Array(npy([1], shape: "(1, 1)").prefix(30))).contains("cut off in its header"))
    #expect(reason(npy([1, 2], shape: "(1, 2)", kind: "<i4")).contains("no little-endian float32"))
    #expect(reason(npy([1, 2], shape: "(9223372036854775807, 2)")).contains("needs more than any file has"))
  }

  private func npy(_ values: [Float], shape: String, kind: String = "<f4") -> [UInt8] {
    let header = "{'descr': '\(kind)', 'fortran_order': False, 'shape': \(shape), }\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
    bytes += Array(header.utf8)
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
    return bytes
  }

  /// Whatever the bytes: observations, or a sentence.
  @Test(arguments: ["lines", "array"]) func readsOrRefusesEveryDamagedFile(_ kind: String) {
    let lines = """
      {"id":"a","embedding":[0.25,-1e-3]}
      {"id":"b","embedding":[NaN,2]}
      {"id":"c","embedding":[0.5]}
      """
    let whole = kind == "lines" ? Array(lines.utf8) : npy([1, 2, 3, 4], shape: "(2, 2)")
    var (readCount, refusedCount) = (0, 0)
    for seed in 0..<6000 as Range<UInt64> {
      do throws(OracleError) {
        _ = try VectorFile.observations(
          Damage.damaged(whole, seed: seed), name: "v", probes: probes, hiddenSize: 2)
        readCount += 1
      } catch {
        #expect(Damage.fault(inSentence: "\(error)") == nil, "seed \(seed): \(error)")
        refusedCount += 1
      }
    }
    #expect(readCount > 50 && refusedCount > 1000, "\(readCount) read, \(refusedCount) refused")
  }

  @Test func refusesShapesWhoseProductOverflows() {
    func reason(_ shape: String) -> String {
      do { _ = try read(npy([1, 2], shape: shape)) } catch { return "\(error)" }
      return "no error"
    }
    #expect(
      reason("(4611686018427387904, 4)")
        == "v has 8 bytes of numbers, but [4611686018427387904, 4] needs more than any file has")
    #expect(
      reason("(2305843009213693952, 1)")
        == "v has 8 bytes of numbers, but [2305843009213693952, 1] needs more than any file has")
    #expect(reason("(-2, 2)").contains("must have two dimensions"))
  }

  /// Swift compares a long run of combining marks in quadratic time: ids are looked up only where they are
  /// short.
  @Test(.timeLimit(.minutes(10))) func refusesALongIDAtOnce() {
    let id = String(repeating: "\u{301}\u{323}", count: 40_000)
    let sentence = reason(#"{"id":"\#(id)","embedding":[1,2]}"#)
    #expect(sentence.hasPrefix("v:1: there is no probe ") && sentence.utf8.count < 400)
  }

  @Test func theSetIsWritten() throws {
    let emulator = try Emulator.test("models/f32.gguf")
    let probes = emulator.probes()
    #expect(Set(probes.map(\.name)).count == probes.count)
    let lines = try ProbeFile.lines(probes, emulator).split(separator: 0x0A)
    #expect(lines.count == probes.count)
    let query = try #require(probes.firstIndex { $0.name == "query-gravity" })
    let value = try JSONParser.parse(Array(lines[query]))
    #expect(value["query"] == .string("Explain gravity"))
    guard case .string(let text)? = value["text"] else { return #expect(Bool(false), "no text") }
    #expect(text.hasSuffix("\nQuery:Explain gravity"))
  }
}
