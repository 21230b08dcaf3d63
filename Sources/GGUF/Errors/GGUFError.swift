/// Why a GGUF file could not be opened, read or written: the file, and the facts of its fault.
///
/// A caller can act on ``reason``; ``description`` is one sentence for a person, made in
/// `GGUFError+Description.swift` and nowhere else.
public struct GGUFError: Error, Hashable, Sendable {
  /// The file, as the caller named it.
  public let path: String
  public let reason: Reason

  package init(_ path: String, _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// Offsets count from the start of the file; offsets, sizes and counts that a file merely claims are
  /// `UInt64`, those that were checked are `Int`. It is an `Error` so that rules which do not know the file
  /// can throw it by itself.
  public enum Reason: Error, Hashable, Sendable {
    // The file as such.
    case systemCall(SystemCall, code: Int32)
    case notARegularFile(FileKind)
    case emptyFile
    case notGGUF(LookAlike)
    case bigEndian
    case unsupportedVersion(UInt32)

    // Anywhere in the header.
    case truncated(Item, offset: Int, needed: UInt64, remaining: Int)
    case countBeyondEnd(Item, count: UInt64, minimumByteCount: Int, offset: Int, remaining: Int)
    case notUTF8(Item, offset: Int)
    case itemTooLong(Item, offset: Int, byteCount: Int, limit: Int)

    // Metadata.
    case unknownMetadataType(key: String, id: UInt32, offset: Int)
    case invalidBool(key: String, found: UInt8, offset: Int)
    case nestedTooDeep(key: String, limit: Int)
    case duplicateKey(String)
    case missingKey(String)
    case wrongMetadataType(key: String, found: String, needed: String)
    case outOfRange(key: String, found: String, needed: String)
    case invalidAlignment(found: Int, limit: Int)

    // Tensors.
    case duplicateTensor(String)
    case missingTensor(String)
    case nameTooLong(String, byteCount: Int, limit: Int)
    case dimensionCount(tensor: String, found: UInt32, limit: Int)
    case emptyDimension(tensor: String, shape: [UInt64])
    case tensorTooLarge(tensor: String, shape: [UInt64])
    case unknownTensorType(tensor: String, id: UInt32)
    case partialBlock(tensor: String, type: String, blockSize: Int, rowLength: Int)
    case misalignedTensor(tensor: String, offset: UInt64, alignment: Int)
    case tensorBeyondEnd(tensor: String, needed: Int, offset: UInt64, remaining: Int)
    case overlappingTensors(first: String, firstEnd: Int, second: String, secondOffset: Int)

    // Files in several parts.
    case notTheFirstPart(index: Int, count: Int, first: String?)
    case partName(count: Int)
    case missingPart(number: Int, count: Int, required: String)
    case partDisagrees(key: String, found: Int, needed: Int)

    // Writing.
    case tensorByteCount(tensor: String, written: Int, needed: Int)
  }

  /// A part of the file, named as far as it is known when it cannot be read.
  public enum Item: Hashable, Sendable {
    case header
    case metadataCount
    /// Counted from 1.
    case metadataKey(number: Int)
    case metadataValue(key: String)
    case tensorCount
    /// Counted from 1.
    case tensorName(number: Int)
    case tensorDescription(name: String)
  }

  public enum SystemCall: Hashable, Sendable {
    case open, readStatus, map, create, write, rename
  }

  public enum FileKind: Hashable, Sendable {
    case directory
    /// A device, a pipe or a socket.
    case device
  }
}
