import GGUF

extension InvalidFile {
  private static let largest = UInt64(Int.max)

  static let tensors = [
    InvalidFile(
      "name that is not UTF-8", FileBytes.tensors(.init(name: [0xC3])),
      .notUTF8(.tensorName(number: 1), offset: 32),
      "the name of tensor 1 at offset 32 is not UTF-8 text: \(damaged)"),
    InvalidFile(
      "description cut off", Array(FileBytes.tensors(.init()).bytes.prefix(56)),
      .truncated(.tensorDescription(name: "t"), offset: 49, needed: 8, remaining: 7),
      "the description of tensor 't' needs 8 bytes at offset 49, but only 7 bytes remain: \(cut)"),
    InvalidFile(
      "too short for its description", Array(FileBytes.tensors(.init()).bytes.prefix(55)),
      .countBeyondEnd(.tensorCount, count: 1, minimumByteCount: 32, offset: 24, remaining: 31),
      "the number of tensors announces 1 item of at least 32 bytes at offset 24, "
        + "but only 31 bytes remain: \(cut)"),
    InvalidFile(
      "no dimensions", FileBytes.tensors(.init(dimensions: [])),
      .dimensionCount(tensor: "t", found: 0, limit: 4),
      "tensor 't' has 0 dimensions, but 1 to 4 are required: \(damaged)"),
    InvalidFile(
      "five dimensions", FileBytes.tensors(.init(dimensions: [1, 1, 1, 1, 4])),
      .dimensionCount(tensor: "t", found: 5, limit: 4),
      "tensor 't' has 5 dimensions, but 1 to 4 are required: \(damaged)"),
    InvalidFile(
      "four billion dimensions", FileBytes.tensors(.init(dimensionCount: .max)),
      .dimensionCount(tensor: "t", found: .max, limit: 4),
      "tensor 't' has 4,294,967,295 dimensions, but 1 to 4 are required: \(damaged)"),
    InvalidFile(
      "a dimension of zero", FileBytes.tensors(.init(dimensions: [4, 0])),
      .emptyDimension(tensor: "t", shape: [0, 4]),
      "tensor 't' has the shape [0, 4], but no dimension may be 0: \(damaged)"),
    InvalidFile(
      "a dimension beyond Int", FileBytes.tensors(.init(dimensions: [.max])),
      .tensorTooLarge(tensor: "t", shape: [.max]),
      "tensor 't' has the shape [18446744073709551615], more values than any file can hold: \(damaged)"),
    InvalidFile(
      "element count that overflows", FileBytes.tensors(.init(dimensions: [1 << 32, 1 << 32])),
      .tensorTooLarge(tensor: "t", shape: [1 << 32, 1 << 32]),
      "tensor 't' has the shape [4294967296, 4294967296], more values than any file can hold: \(damaged)"),
    InvalidFile(
      "byte count that overflows", FileBytes.tensors(.init(dimensions: [largest])),
      .tensorTooLarge(tensor: "t", shape: [largest]),
      "tensor 't' has the shape [9223372036854775807], more values than any file can hold: \(damaged)"),
    InvalidFile(
      "unknown type", FileBytes.tensors(.init(type: 43)),
      .unknownTensorType(tensor: "t", id: 43),
      "tensor 't' has the unknown type 43; update this program, or use a file in another quantization"),
    InvalidFile(
      "type that was given up", FileBytes.tensors(.init(type: 31)),
      .unknownTensorType(tensor: "t", id: 31),
      "tensor 't' has the unknown type 31 (Q4_0_4_4, which was given up); "
        + "update this program, or use a file in another quantization"),
    InvalidFile(
      "row of half a block", FileBytes.tensors(.init(dimensions: [128, 2], type: 12), dataByteCount: 144),
      .partialBlock(tensor: "t", type: "Q4_K", blockSize: 256, rowLength: 128),
      "tensor 't' has rows of 128 values, but Q4_K stores rows in blocks of 256: \(bug)"),
    InvalidFile(
      "offset that is not aligned", FileBytes.tensors(.init(offset: 16), dataByteCount: 64),
      .misalignedTensor(tensor: "t", offset: 16, alignment: 32),
      "tensor 't' begins at data offset 16, but a multiple of the alignment 32 is required: \(damaged)"),
    InvalidFile(
      "bytes beyond the end",
      FileBytes.tensors(.init(name: Array("blk.3.attn_q.weight".utf8)), dataByteCount: 9),
      .tensorBeyondEnd(tensor: "blk.3.attn_q.weight", needed: 16, offset: 96, remaining: 9),
      "tensor 'blk.3.attn_q.weight' needs 16 bytes at offset 96, but only 9 bytes remain: \(cut)"),
    InvalidFile(
      "no data at all", FileBytes.tensors(.init(), dataByteCount: 0),
      .tensorBeyondEnd(tensor: "t", needed: 16, offset: 64, remaining: 0),
      "tensor 't' needs 16 bytes at offset 64, but the file ends there: \(cut)"),
    InvalidFile(
      "offset that overflows", FileBytes.tensors(.init(offset: .max - 31)),
      .tensorBeyondEnd(tensor: "t", needed: 16, offset: .max, remaining: 0),
      "tensor 't' needs 16 bytes at offset 18,446,744,073,709,551,615, but the file ends there: \(cut)"),
    InvalidFile(
      "two tensors on the same bytes",
      FileBytes.tensors(
        .init(name: [97], dimensions: [12]), .init(name: [98], dimensions: [4], offset: 32), dataByteCount: 48
      ),
      .overlappingTensors(first: "a", firstEnd: 144, second: "b", secondOffset: 128),
      "tensor 'b' begins at offset 128, but tensor 'a' ends only at 144: \(damaged)"),
    InvalidFile(
      "a tensor within another, listed first",
      FileBytes.tensors(
        .init(name: [97], dimensions: [4], offset: 32), .init(name: [98], dimensions: [24]), dataByteCount: 96
      ),
      .overlappingTensors(first: "b", firstEnd: 192, second: "a", secondOffset: 128),
      "tensor 'a' begins at offset 128, but tensor 'b' ends only at 192: \(damaged)"),
    InvalidFile(
      "name that occurs twice", FileBytes.tensors(.init(), .init(offset: 32), dataByteCount: 48),
      .duplicateTensor("t"),
      "tensor 't' occurs twice: \(bug)"),
    InvalidFile(
      "long name", FileBytes.tensors(.init(name: [UInt8](repeating: 120, count: 255), type: 99)),
      .unknownTensorType(tensor: String(repeating: "x", count: 255), id: 99),
      "tensor '\(String(repeating: "x", count: 100))…' (255 bytes) has the unknown type 99; "
        + "update this program, or use a file in another quantization"),
    InvalidFile(
      "very long name", FileBytes.tensors(.init(name: [UInt8](repeating: 120, count: 256))),
      .itemTooLong(.tensorName(number: 1), offset: 32, byteCount: 256, limit: 255),
      "the name of tensor 1 at offset 32 has 256 bytes, but at most 255 are allowed: \(damaged)"),
  ]
}
