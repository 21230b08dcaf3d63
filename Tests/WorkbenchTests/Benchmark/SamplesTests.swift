import Testing
import Touchstone
import Workbench

@Suite struct SamplesTests {
  @Test func theMedianIsTheMiddle() {
    #expect(Samples(seconds: [5]).median == 5)
    #expect(Samples(seconds: [9, 1, 2]).median == 2)
    #expect(Samples(seconds: [4, 1, 8, 2]).median == 3)
    #expect(Samples(seconds: [4, 1, 8, 2]).best == 1)
  }

  @Test func memoryIsReadFromTheStatusOfTheProcess() {
    let status = "Name:\ttouchstone\nVmHWM:\t  464 kB\nVmRSS:\t  400 kB\nRssAnon:\t      56 kB\n"
    let memory = ProcessMemory(status: status)
    #expect(memory?.peakBytes == 464 * 1024)
    #expect(memory?.residentBytes == 400 * 1024)
    #expect(memory?.ownBytes == 56 * 1024)
    let rest = "\nVmRSS: 1 kB\nRssAnon: 1 kB"
    for status in ["", "VmHWM: 1 kB\n", "VmHWM: x kB" + rest, "VmHWM: \(Int.max) kB" + rest] {
      #expect(ProcessMemory(status: status) == nil)
    }
  }
}
