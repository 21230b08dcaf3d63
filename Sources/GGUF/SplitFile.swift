/// Models in several files, as `llama-gguf-split` writes them: every part is a GGUF file with the keys
/// `split.no` (from 0), `split.count` and `split.tensors.count`, named `…-00001-of-00003.gguf`.
enum SplitFile {
  static let numberKey = "split.no"
  static let countKey = "split.count"
  static let tensorCountKey = "split.tensors.count"

  /// Opens the parts that belong to `first`; for a single file that is the file itself.
  ///
  /// - Throws: ``GGUFError`` where `first` is a later part, or a part is missing or belongs elsewhere.
  static func allParts(first: GGUFPart) throws(GGUFError) -> [GGUFPart] {
    let path = first.storage.path
    guard let count = try first.metadata.unsignedIntegerIfPresent(countKey), count > 1 else { return [first] }
    let number = try first.metadata.unsignedInteger(numberKey)
    let name = PartName(path: path)
    guard number == 0 else {
      throw GGUFError(
        path, .notTheFirstPart(index: number, count: count, first: name?.path(number: 1)))
    }
    guard let name, name.number == 1, name.count == count else {
      throw GGUFError(path, .partName(count: count))
    }
    var parts = [first]
    for index in 1..<count {
      parts.append(try part(index: index, count: count, path: name.path(number: index + 1), firstPath: path))
    }
    let tensorCount = parts.reduce(0) { $0 + $1.tensors.count }
    for part in parts {
      try check(part, tensorCountKey, is: tensorCount)
    }
    return parts
  }

  private static func part(
    index: Int, count: Int, path: String, firstPath: String
  ) throws(GGUFError) -> GGUFPart {
    let storage: ByteStorage
    do {
      storage = try ByteStorage(mapping: path)
    } catch  where error.isMissingFile {
      throw GGUFError(firstPath, .missingPart(number: index + 1, count: count, required: path))
    }
    let part = try GGUFPart(storage, index: index)
    try check(part, numberKey, is: index)
    try check(part, countKey, is: count)
    return part
  }

  /// A key that is missing is left to the others: older programs did not write all three.
  private static func check(_ part: GGUFPart, _ key: String, is needed: Int) throws(GGUFError) {
    guard let found = try part.metadata.unsignedIntegerIfPresent(key), found != needed else { return }
    throw GGUFError(part.storage.path, .partDisagrees(key: key, found: found, needed: needed))
  }
}

/// The name of a part: everything before `-00001-of-00003.gguf`, and the two numbers.
struct PartName {
  private static let suffixByteCount = "-00001-of-00003.gguf".utf8.count

  let prefix: String
  let number: Int
  let count: Int

  init?(path: String) {
    let suffix = Array(path.utf8.suffix(Self.suffixByteCount))
    guard suffix.count == Self.suffixByteCount, suffix[0] == UInt8(ascii: "-"),
      let number = Self.digits(suffix[1..<6]), suffix[6..<10].elementsEqual("-of-".utf8),
      let count = Self.digits(suffix[10..<15]), suffix[15...].elementsEqual(".gguf".utf8)
    else { return nil }
    self.prefix = String(decoding: path.utf8.dropLast(Self.suffixByteCount), as: UTF8.self)
    self.number = number
    self.count = count
  }

  /// The path of part `number`, counted from 1.
  func path(number: Int) -> String {
    "\(prefix)-\(Self.padded(number))-of-\(Self.padded(count)).gguf"
  }

  private static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for byte in bytes {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }

  static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
  }
}
