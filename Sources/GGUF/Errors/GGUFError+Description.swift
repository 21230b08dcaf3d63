import ForeignText

/// The sentences: subject, found, required, remedy. The tests pin every one of them.
extension GGUFError: CustomStringConvertible {
  public var description: String { "\(path.escaped): \(reason)" }

  var isMissingFile: Bool { reason == .systemCall(.open, code: SystemError.noSuchFile) }
}

extension GGUFError.Reason: CustomStringConvertible {
  private static let cut = "the file is cut; download it again"
  private static let damaged = "the file is damaged; download it again"
  private static let bug = "the program that wrote it made a mistake; convert the model again"

  public var description: String {
    switch self {
    case .systemCall(let call, let code):
      return "\(call.failure): \(SystemError.sentence(code))"
    case .notARegularFile(let kind):
      return "this is a \(kind.name), but a model is a file; name the .gguf file itself"
    case .emptyFile:
      return "the file is empty; download it again"
    case .notGGUF(let lookAlike):
      return lookAlike.sentence
    case .bigEndian:
      return "the file is in big-endian byte order, but only little-endian files can be read; "
        + "download or convert a little-endian one"
    case .unsupportedVersion(let version):
      let remedy = version < 2 ? "convert the model again with a current converter" : "update this program"
      return "the file is GGUF version \(version), but only versions 2 and 3 can be read; \(remedy)"

    case .truncated(let item, let offset, let needed, let remaining):
      return "\(item.subject) needs \(Wording.count(needed, "byte")) at offset \(Wording.grouped(offset)), "
        + "but \(only(remaining)): \(Self.cut)"
    case .countBeyondEnd(let item, let count, let minimumByteCount, let offset, let remaining):
      return "\(item.subject) announces \(Wording.count(count, "item")) of at least "
        + "\(Wording.count(minimumByteCount, "byte")) at offset \(Wording.grouped(offset)), "
        + "but \(only(remaining)): \(Self.cut)"
    case .notUTF8(let item, let offset):
      return "\(item.subject) at offset \(Wording.grouped(offset)) is not UTF-8 text: \(Self.damaged)"
    case .itemTooLong(let item, let offset, let byteCount, let limit):
      return "\(item.subject) at offset \(Wording.grouped(offset)) has \(Wording.count(byteCount, "byte")), "
        + "but at most \(Wording.grouped(limit)) are allowed: \(Self.damaged)"

    case .unknownMetadataType(let key, let id, let offset):
      return "metadata key \(key.quoted) has the unknown type \(id) at offset "
        + "\(Wording.grouped(offset)); the types are 0 to 12: \(Self.damaged)"
    case .invalidBool(let key, let found, let offset):
      return
        "metadata key \(key.quoted) has the byte \(found) at offset \(Wording.grouped(offset)), "
        + "but a bool is 0 or 1: \(Self.damaged)"
    case .nestedTooDeep(let key, let limit):
      return "metadata key \(key.quoted) nests arrays more than \(limit) deep: \(Self.damaged)"
    case .duplicateKey(let key):
      return "metadata key \(key.quoted) occurs twice: \(Self.bug)"
    case .missingKey(let key):
      return "metadata key \(key.quoted) is missing, but is required; "
        + "convert the model again with a current converter"
    case .wrongMetadataType(let key, let found, let needed):
      return "metadata key \(key.quoted) is of type \(found), but \(needed) is required: \(Self.bug)"
    case .outOfRange(let key, let found, let needed):
      return "metadata key \(key.quoted) is \(found), but \(needed) is required: \(Self.bug)"
    case .invalidAlignment(let found, let limit):
      return "metadata key 'general.alignment' is \(Wording.grouped(found)), but a power of two from 1 to "
        + "\(Wording.grouped(limit)) is required: \(Self.bug)"

    case .duplicateTensor(let name):
      return "tensor \(name.quoted) occurs twice: \(Self.bug)"
    case .missingTensor(let name):
      return "tensor \(name.quoted) is missing, but is required; "
        + "convert the model again with a current converter"
    case .nameTooLong(let name, let byteCount, let limit):
      return "tensor \(name.quoted) has a name of \(Wording.count(byteCount, "byte")), "
        + "but at most \(limit) are allowed; choose a shorter name"
    case .dimensionCount(let tensor, let found, let limit):
      return "tensor \(tensor.quoted) has \(Wording.count(found, "dimension")), "
        + "but 1 to \(limit) are required: \(Self.damaged)"
    case .emptyDimension(let tensor, let shape):
      return "tensor \(tensor.quoted) has the shape \(Wording.shape(shape)), "
        + "but no dimension may be 0: \(Self.damaged)"
    case .tensorTooLarge(let tensor, let shape):
      return "tensor \(tensor.quoted) has the shape \(Wording.shape(shape)), "
        + "more values than any file can hold: \(Self.damaged)"
    case .unknownTensorType(let tensor, let id):
      let retired = TensorType.retiredName(id: id).map { " (\($0), which was given up)" } ?? ""
      return "tensor \(tensor.quoted) has the unknown type \(id)\(retired); "
        + "update this program, or use a file in another quantization"
    case .partialBlock(let tensor, let type, let blockSize, let rowLength):
      return "tensor \(tensor.quoted) has rows of \(Wording.count(rowLength, "value")), "
        + "but \(type) stores rows in blocks of \(blockSize): \(Self.bug)"
    case .misalignedTensor(let tensor, let offset, let alignment):
      return "tensor \(tensor.quoted) begins at data offset \(Wording.grouped(offset)), "
        + "but a multiple of the alignment \(Wording.grouped(alignment)) is required: \(Self.damaged)"
    case .tensorBeyondEnd(let tensor, let needed, let offset, let remaining):
      return "tensor \(tensor.quoted) needs \(Wording.count(needed, "byte")) at offset "
        + "\(Wording.grouped(offset)), but \(only(remaining)): \(Self.cut)"
    case .overlappingTensors(let first, let firstEnd, let second, let secondOffset):
      return "tensor \(second.quoted) begins at offset \(Wording.grouped(secondOffset)), "
        + "but tensor \(first.quoted) ends only at \(Wording.grouped(firstEnd)): \(Self.damaged)"

    case .notTheFirstPart(let index, let count, let first):
      let remedy =
        first.map { "open \($0.escaped)" }
        ?? "open the part ending in -00001-of-\(PartName.padded(count)).gguf"
      return "this is part \(Wording.grouped(UInt64(index) + 1)) of a model in "
        + "\(Wording.count(count, "part")), which opens from its first part; \(remedy)"
    case .partName(let count):
      return "this is part 1 of a model in \(Wording.count(count, "part")), but its name does not say so; "
        + "name the parts …-00001-of-\(PartName.padded(count)).gguf and so on"
    case .missingPart(let number, let count, let required):
      return "part \(number) of \(count) is missing: there is no file \(required.escaped); "
        + "download all parts into one directory"
    case .partDisagrees(let key, let found, let needed):
      return
        "metadata key \(key.quoted) is \(Wording.grouped(found)), but \(Wording.grouped(needed)) "
        + "is required to match the other parts; download all parts of the same model"

    case .tensorByteCount(let tensor, let written, let needed):
      return "tensor \(tensor.quoted) was given \(Wording.count(written, "byte")), "
        + "but its shape and type need \(Wording.grouped(needed)); the file was not written"
    }
  }

  private func only(_ remaining: Int) -> String {
    remaining == 0
      ? "the file ends there" : "only \(Wording.count(remaining, "byte")) remain\(remaining == 1 ? "s" : "")"
  }
}
