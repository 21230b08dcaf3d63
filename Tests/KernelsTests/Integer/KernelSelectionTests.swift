import KernelSelection
import Testing

@Suite struct KernelSelectionTests {
  @Test func theFirstSupportedSetIsTheDefault() throws {
    #expect(try selectKernels(named: nil).name == supportedKernels()[0].name)
  }

  @Test func portableIsAlwaysThereAndLast() {
    #expect(supportedKernels().last?.name == "portable")
    #expect(Set(supportedKernels().map(\.name)).count == supportedKernels().count)
  }

  @Test func aSupportedSetIsChosenByName() throws {
    for kernels in supportedKernels() {
      #expect(try selectKernels(named: kernels.name).name == kernels.name)
    }
  }

  @Test func matrixTilesAreUsedWhereTheyCanBe() {
    // Which of the two ran, for whoever reads the log.
    print("matrix tiles in these tests: emulated; \(MatrixTileSupport.current)")
    #expect(supportedKernels().contains { $0.name == "amx" } == (MatrixTileSupport.current == .usable))
    #expect(kernelsUnderTest().last?.name == "amx-emulated")
  }

  @Test func anUnknownNameIsAnErrorThatListsTheNames() {
    let error = #expect(throws: KernelSelectionError.unknownName("sse9")) { try selectKernels(named: "sse9") }
    #expect(
      error?.description
        == "TOUCHSTONE_CPU=sse9 names no instruction set; known are amx, avx512, avxvnni, avx2, i8mm, dotprod "
        + "and portable")
  }

  @Test func aSetThatTheProcessorLacksIsAnErrorThatListsWhatItHas() {
    let supported = supportedKernels().map(\.name)
    for name in ["amx", "avx512", "avxvnni", "avx2", "i8mm", "dotprod"] where !supported.contains(name) {
      #expect(throws: KernelSelectionError.notSupported(name: name, supported: supported)) {
        try selectKernels(named: name)
      }
    }
    #expect(
      KernelSelectionError.notSupported(name: "avx512", supported: ["avx2", "portable"]).description
        == "TOUCHSTONE_CPU=avx512 is not possible on this processor; it can run avx2, portable")
  }
}
