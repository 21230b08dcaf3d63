import GGUF
import Kernels
import Qwen3
import Testing

/// `GGUF` checks that a tensor's bytes are there, `Kernels` reads them: both must mean the same bytes.
@Suite struct BlockFormatTests {
  @Test(arguments: BlockFormat.allCases) func blocksHaveTheSizeThatTheFileReserves(_ format: BlockFormat)
    throws
  {
    let type = format.tensorType
    #expect(type.blockSize == format.valuesPerBlock)
    #expect(type.blockByteCount == format.bytesPerBlock)
    #expect(BlockFormat(type) == format)
  }
}
