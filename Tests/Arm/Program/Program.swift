import Glibc
import KernelSelection
import Kernels

/// The kernels' tests and the committed bits on an emulated Arm processor.
///
/// `TOUCHSTONE_GOLDEN_SETS` has the names of the files in `testdata/bits`, a line each. With
/// `TOUCHSTONE_ONE_MULTIPLY` only that is done, see ``OneMultiply``.
@main struct Program {
  static func main() {
    if let words = getenv("TOUCHSTONE_ONE_MULTIPLY") {
      let bytes = Array(String(cString: words).utf8)
      return OneMultiply.run(
        bytes.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) })
    }
    let sets = getenv("TOUCHSTONE_GOLDEN_SETS").map { String(cString: $0) } ?? ""
    let names = Array(sets.utf8).split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0, as: UTF8.self)
    }
    for name in names { run(name) { CommittedBits(name)?.check() } }
    let bits = expectationCount
    runAllCases()
    print("kernels: \(supportedKernels().map { $0.name }.joined(separator: ", "))")
    print("golden sets: \(names.count), \(bits) comparisons")
    print("\(expectationCount - failureCount) comparisons passed, \(failureCount) failed")
  }
}
