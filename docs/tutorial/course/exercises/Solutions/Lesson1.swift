/// The value of an integer key in the metadata of a GGUF file; nil where the file has no such key.
public func integer(of key: String, in file: [UInt8]) -> UInt32? {
  var reader = Reader(file: file, position: 4 + 4 + 8)
  let count = reader.number(byteCount: 8)
  for _ in 0..<count {
    let found = reader.string()
    let type = reader.number(byteCount: 4)
    if found == key { return UInt32(reader.number(byteCount: 4)) }
    reader.skipValue(type: type)
  }
  return nil
}

private struct Reader {
  let file: [UInt8]
  var position: Int

  mutating func number(byteCount: Int) -> Int {
    defer { position += byteCount }
    return file[position..<position + byteCount].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  mutating func string() -> String {
    let byteCount = number(byteCount: 8)
    defer { position += byteCount }
    return String(decoding: file[position..<position + byteCount], as: UTF8.self)
  }

  mutating func skipValue(type: Int) {
    switch type {
    case 0, 1, 7: position += 1  // 8-bit integers, bool
    case 2, 3: position += 2  // 16-bit integers
    case 4, 5, 6: position += 4  // 32-bit integers, float32
    case 8: position += number(byteCount: 8)
    case 9:
      let element = number(byteCount: 4)
      for _ in 0..<number(byteCount: 8) { skipValue(type: element) }
    default: position += 8  // 64-bit integers, float64
    }
  }
}
