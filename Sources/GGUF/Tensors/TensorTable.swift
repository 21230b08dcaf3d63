/// The of one file: the descriptions that follow the metadata, checked against the file and each
/// other.
///
/// ```
/// name        length: u64, bytes
/// dimensions  count: u32, then u64 each, innermost first
/// type        u32
/// offset      u64, from the start of the data section, which is aligned
/// ```
enum TensorTable {
  /// The least a description can take: an empty name and one dimension.
  static let minimumDescriptionByteCount = 8 + 4 + 8 + 4 + 8
  /// The longest name that is read, in bytes: four times what llama.cpp can keep.
  static let nameByteCountLimit = 255

  /// A description before it is known where the data section begins.
  private struct Description {
    let name: String
    let type: TensorType
    let size: TensorSize
    let relativeOffset: UInt64
  }

  /// Reads `count` descriptions and checks that their bytes are aligned and within the file.
  static func read(
    from reader: inout ByteReader, count: Int, part: Int, alignment: Int
  ) throws(GGUFError) -> [TensorInfo] {
    var descriptions: [Description] = []
    for index in 0..<count {
      descriptions.append(try description(number: index + 1, from: &reader, alignment: alignment))
    }
    let dataStart = UInt64(reader.offset).roundedUp(toMultipleOf: UInt64(alignment))
    var tensors: [TensorInfo] = []
    tensors.reserveCapacity(count)
    for description in descriptions {
      tensors.append(try locate(description, dataStart: dataStart, part: part, in: reader.storage))
    }
    return tensors
  }

  private static func description(
    number: Int, from reader: inout ByteReader, alignment: Int
  ) throws(GGUFError) -> Description {
    reader.item = .tensorName(number: number)
    let name = try reader.name(byteCountLimit: nameByteCountLimit)
    reader.item = .tensorDescription(name: name)
    let dimensionCount = try reader.integer(UInt32.self)
    guard (1...TensorSize.dimensionLimit).contains(Int(dimensionCount)) else {
      throw reader.failure(
        .dimensionCount(tensor: name, found: dimensionCount, limit: TensorSize.dimensionLimit))
    }
    var shape: [UInt64] = []
    for _ in 0..<dimensionCount { shape.append(try reader.integer()) }
    shape.reverse()
    let typeID = try reader.integer(UInt32.self)
    guard let type = TensorType(rawValue: typeID) else {
      throw reader.failure(.unknownTensorType(tensor: name, id: typeID))
    }
    let relativeOffset = try reader.integer(UInt64.self)
    guard relativeOffset % UInt64(alignment) == 0 else {
      throw reader.failure(.misalignedTensor(tensor: name, offset: relativeOffset, alignment: alignment))
    }
    do throws(GGUFError.Reason) {
      let size = try TensorSize(name: name, type: type, shape: shape)
      return Description(name: name, type: type, size: size, relativeOffset: relativeOffset)
    } catch {
      throw reader.failure(error)
    }
  }

  private static func locate(
    _ description: Description, dataStart: UInt64, part: Int, in storage: ByteStorage
  ) throws(GGUFError) -> TensorInfo {
    let (sum, overflow) = dataStart.addingReportingOverflow(description.relativeOffset)
    let offset = overflow ? UInt64.max : sum
    let remaining = storage.byteCount - Int(min(offset, UInt64(storage.byteCount)))
    guard description.size.byteCount <= remaining else {
      throw GGUFError(
        storage.path,
        .tensorBeyondEnd(
          tensor: description.name, needed: description.size.byteCount, offset: offset,
          remaining: remaining))
    }
    return TensorInfo(
      name: description.name, type: description.type, shape: description.size.shape,
      elementCount: description.size.elementCount, byteCount: description.size.byteCount,
      part: part, fileOffset: Int(offset))
  }

  /// Throws where tensors of one file share bytes. That is always damage: no program writes such a file.
  static func checkApart(_ tensors: [TensorInfo], path: String) throws(GGUFError) {
    let inFileOrder = tensors.sorted { $0.fileOffset < $1.fileOffset }
    for (first, second) in zip(inFileOrder, inFileOrder.dropFirst())
    where first.byteRange.upperBound > second.fileOffset {
      throw GGUFError(
        path,
        .overlappingTensors(
          first: first.name, firstEnd: first.byteRange.upperBound, second: second.name,
          secondOffset: second.fileOffset))
    }
  }
}

extension FixedWidthInteger {
  /// The next multiple of `alignment`, a power of two. Offsets within a file are far from overflow.
  func roundedUp(toMultipleOf alignment: Self) -> Self {
    (self + alignment - 1) & ~(alignment - 1)
  }
}
