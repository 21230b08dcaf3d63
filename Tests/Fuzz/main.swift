// A fuzzer guided by coverage: libFuzzer with a target of `FuzzTargets`. tools/fuzz.sh builds and runs it.
//
// usage: Fuzz TARGET [option of libFuzzer or folder of its corpus]...

import Foundation
import FuzzTargets

/// libFuzzer's own loop, in the runtime library that tools/fuzz.sh links.
@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<Int8>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

guard CommandLine.argc > 1, let chosen = FuzzTarget(rawValue: CommandLine.arguments[1]) else {
  let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
  FileHandle.standardError.write(Data("usage: Fuzz TARGET [OPTION]..., a target of \(names)\n".utf8))
  exit(2)
}
let target = chosen

// libFuzzer sees the arguments without the target.
var arguments = CommandLine.unsafeArgv + 1
arguments.pointee = CommandLine.unsafeArgv.pointee
var count = CommandLine.argc - 1
exit(
  runFuzzer(&count, &arguments) { bytes, count in
    do {
      try target.run(UnsafeBufferPointer(start: bytes, count: count))
    } catch {
      FileHandle.standardError.write(Data("finding: \(error)\n".utf8))
      abort()
    }
    return 0
  })
