import GGUF

extension InvalidFile {
  static let headers = [
    InvalidFile(
      "ends within the magic number", Array("GG".utf8),
      .truncated(.header, offset: 0, needed: 4, remaining: 2),
      "the header needs 4 bytes at offset 0, but only 2 bytes remain: \(cut)"),
    InvalidFile(
      "ends after the magic number", Array("GGUF".utf8),
      .truncated(.header, offset: 4, needed: 4, remaining: 0),
      "the header needs 4 bytes at offset 4, but the file ends there: \(cut)"),
    InvalidFile(
      "version 0", FileBytes(version: 0), .unsupportedVersion(0),
      "the file is GGUF version 0, but only versions 2 and 3 can be read; "
        + "convert the model again with a current converter"),
    InvalidFile(
      "version 1", FileBytes(version: 1), .unsupportedVersion(1),
      "the file is GGUF version 1, but only versions 2 and 3 can be read; "
        + "convert the model again with a current converter"),
    InvalidFile(
      "version 4", FileBytes(version: 4), .unsupportedVersion(4),
      "the file is GGUF version 4, but only versions 2 and 3 can be read; update this program"),
    InvalidFile(
      "big-endian", FileBytes(version: UInt32(3).byteSwapped), .bigEndian,
      "the file is in big-endian byte order, but only little-endian files can be read; "
        + "download or convert a little-endian one"),
    InvalidFile(
      "no counts", Array(FileBytes().bytes.prefix(8)),
      .truncated(.tensorCount, offset: 8, needed: 8, remaining: 0),
      "the number of tensors needs 8 bytes at offset 8, but the file ends there: \(cut)"),
    InvalidFile(
      "half a metadata count", Array(FileBytes().bytes.prefix(17)),
      .truncated(.metadataCount, offset: 16, needed: 8, remaining: 1),
      "the number of metadata keys needs 8 bytes at offset 16, but only 1 byte remains: \(cut)"),
    InvalidFile(
      "more metadata than the file can hold", FileBytes(metadataCount: 1),
      .countBeyondEnd(.metadataCount, count: 1, minimumByteCount: 13, offset: 24, remaining: 0),
      "the number of metadata keys announces 1 item of at least 13 bytes at offset 24, "
        + "but the file ends there: \(cut)"),
    InvalidFile(
      "the largest metadata count", FileBytes(metadataCount: .max),
      .countBeyondEnd(.metadataCount, count: .max, minimumByteCount: 13, offset: 24, remaining: 0),
      "the number of metadata keys announces 18,446,744,073,709,551,615 items of at least 13 bytes "
        + "at offset 24, but the file ends there: \(cut)"),
    InvalidFile(
      "the largest tensor count", FileBytes(tensorCount: .max),
      .countBeyondEnd(.tensorCount, count: .max, minimumByteCount: 32, offset: 24, remaining: 0),
      "the number of tensors announces 18,446,744,073,709,551,615 items of at least 32 bytes "
        + "at offset 24, but the file ends there: \(cut)"),
    InvalidFile(
      "more tensors announced than described",
      FileBytes(tensorCount: 2, tensors: [.init()], dataByteCount: 32),
      .dimensionCount(tensor: "", found: 0x0403_0201, limit: 4),
      "tensor '' has 67,305,985 dimensions, but 1 to 4 are required: the file is damaged; download it again"),
  ]
}
