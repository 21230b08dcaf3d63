import GGUF
import Testing

@Suite struct TensorTypeTests {
  /// Id, name, block size and block byte count, from `GGML_QUANT_SIZES` of the gguf Python package 0.19.0
  /// (Q2_0 from ggml's `ggml-common.h`).
  static let reference: [(UInt32, String, Int, Int)] = [
    (0, "F32", 1, 4), (1, "F16", 1, 2), (2, "Q4_0", 32, 18), (3, "Q4_1", 32, 20), (6, "Q5_0", 32, 22),
    (7, "Q5_1", 32, 24), (8, "Q8_0", 32, 34), (9, "Q8_1", 32, 40), (10, "Q2_K", 256, 84),
    (11, "Q3_K", 256, 110), (12, "Q4_K", 256, 144), (13, "Q5_K", 256, 176), (14, "Q6_K", 256, 210),
    (15, "Q8_K", 256, 292), (16, "IQ2_XXS", 256, 66), (17, "IQ2_XS", 256, 74), (18, "IQ3_XXS", 256, 98),
    (19, "IQ1_S", 256, 50), (20, "IQ4_NL", 32, 18), (21, "IQ3_S", 256, 110), (22, "IQ2_S", 256, 82),
    (23, "IQ4_XS", 256, 136), (24, "I8", 1, 1), (25, "I16", 1, 2), (26, "I32", 1, 4), (27, "I64", 1, 8),
    (28, "F64", 1, 8), (29, "IQ1_M", 256, 56), (30, "BF16", 1, 2), (34, "TQ1_0", 256, 54),
    (35, "TQ2_0", 256, 66), (39, "MXFP4", 32, 17), (40, "NVFP4", 64, 36), (41, "Q1_0", 128, 18),
    (42, "Q2_0", 64, 18),
  ]

  @Test func everyTypeAgreesWithTheReference() throws {
    for (id, name, blockSize, blockByteCount) in Self.reference {
      let type = try #require(TensorType(rawValue: id), "\(name)")
      #expect(type.name == name)
      #expect(type.blockSize == blockSize, "\(name)")
      #expect(type.blockByteCount == blockByteCount, "\(name)")
    }
    #expect(TensorType.allCases.map(\.rawValue) == Self.reference.map(\.0))
  }

  @Test func bitsPerValueCountTheScales() {
    #expect(TensorType.q4_K.bitsPerValue == 4.5)
    #expect(TensorType.q6_K.bitsPerValue == 6.5625)
    #expect(TensorType.bf16.bitsPerValue == 16)
  }

  @Test(arguments: TensorType.allCases)
  func aTensorOfEveryTypeIsLocatedByItsBlocks(type: TensorType) throws {
    let byteCount = 2 * 3 * type.blockByteCount
    let dimensions = [UInt64(3 * type.blockSize), 2]
    let file = try open(
      FileBytes.tensors(.init(dimensions: dimensions, type: type.rawValue), dataByteCount: byteCount).bytes)
    let tensor = try file.tensor(named: "t")
    #expect(tensor.shape == [2, 3 * type.blockSize])
    #expect(tensor.elementCount == 6 * type.blockSize)
    #expect(tensor.byteCount == byteCount)
    #expect(tensor.rowCount == 2)
    #expect(tensor.rowByteCount == 3 * type.blockByteCount)
    #expect(
      file.withUnsafeBytes(of: tensor) {
        $0.elementsEqual((0..<byteCount).map { UInt8(truncatingIfNeeded: $0) })
      })
  }
}
