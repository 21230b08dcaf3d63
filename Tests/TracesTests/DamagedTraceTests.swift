import GGUF
import TestModels
import TestSupport
import Testing
import Touchstone
import Traces

/// Traces that were damaged on their way.
struct DamagedTraceTests {
  private static func traceBytes() throws -> [UInt8] {
    let output = MemoryOutput()
    try TraceRecorder(
      TestModels.load("f32"), [5, 99, 3], options: TestModels.options(.f32),
      selection: TraceSelection(layers: "0", names: "embedding,query,query_rotated,vector")
    ).write(to: output)
    return output.bytes
  }

  /// Whatever the bytes: a trace that can be compared, or a sentence.
  @Test func readsOrRefusesEveryDamagedTrace() throws {
    let whole = try Self.traceBytes()
    let reference = try TraceFile(SafetensorsFile(ByteStorage(copying: whole, path: "reference")))
    // The header is small beside the data, and where claims are made.
    let headerLength = 8 + Int(whole[0]) + Int(whole[1]) << 8
    var (readCount, refusedCount) = (0, 0)
    for seed in 0..<4000 as Range<UInt64> {
      let header = Damage.damaged(Array(whole[..<headerLength]), seed: seed)
      var bytes = header + whole[headerLength...]
      if seed % 2 == 0, bytes.count >= 8 {
        // A length that fits, so that the damage is met behind it.
        let length = header.count - 8
        for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: max(0, length) >> (8 * index)) }
      }
      do throws(SafetensorsError) {
        let trace = try TraceFile(SafetensorsFile(ByteStorage(copying: bytes, path: "damaged")))
        for point in trace.points {
          _ = try trace.rows(0..<(trace.size(of: point)?.rowCount ?? 0), of: point)
        }
        do throws(TraceComparisonError) {
          for finding in try TraceComparison(reference, trace).findings {
            #expect(Damage.fault(inSentence: finding.sentence) == nil, "seed \(seed): \(finding.sentence)")
          }
        } catch {
          #expect(Damage.fault(inSentence: "\(error)") == nil, "seed \(seed): \(error)")
        }
        readCount += 1
      } catch {
        #expect(Damage.fault(inSentence: "\(error)") == nil, "seed \(seed): \(error)")
        refusedCount += 1
      }
    }
    // Both happen, else the test tries nothing.
    #expect(readCount > 50 && refusedCount > 1000, "\(readCount) read, \(refusedCount) refused")
  }
}
