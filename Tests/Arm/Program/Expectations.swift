import Glibc
import KernelSelection
import Kernels

/// What the kernels' tests have of Swift Testing: comparisons that are counted, and a sentence for each that
/// fails.
typealias Comment = String

nonisolated(unsafe) var expectationCount = 0
nonisolated(unsafe) var failureCount = 0
nonisolated(unsafe) private var currentCase = ""
nonisolated(unsafe) private var onlyCases: String?

func expect(
  _ condition: @autoclosure () -> Bool, _ comment: @autoclosure () -> Comment = "", line: Int = #line
) {
  expectationCount += 1
  if condition() { return }
  failureCount += 1
  if failureCount <= 20 { print("failed: \(currentCase), line \(line): \(comment())") }
}

/// Runs one case of a test.
func run(_ name: String, _ body: () -> Void) {
  currentCase = name
  body()
}

/// The kernel set that the long tests compare with the scalar reference: the fastest. Processors without it
/// are emulated too, so each set has its turn. Emulated matrix tiles take minutes, and are left to x86.
func kernelsUnderTest() -> [any KernelSet] { [supportedKernels()[0]] }

/// The bytes of a file below `testdata`, which is in the folder that the program runs in; none where it is
/// not there.
func testData(_ name: String) -> [UInt8] {
  guard let file = fopen("testdata/" + name, "rb") else {
    expect(false, "testdata/\(name) cannot be opened")
    return []
  }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { return bytes }
    bytes += buffer[..<count]
  }
}
