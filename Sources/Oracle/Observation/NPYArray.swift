/// A NumPy array file of two dimensions, float32 or float64, little-endian, C order.
struct NPYArray {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// In bytes; NumPy itself writes 118.
  private static let longestHeader = 10_000

  let rowCount: Int
  let columnCount: Int
  private let values: [Float]

  func row(_ index: Int) -> [Float] { Array(values[index * columnCount..<(index + 1) * columnCount]) }

  init(_ bytes: [UInt8], name: String) throws(OracleError) {
    // Magic, version (2 bytes), length of the header (2 bytes, or 4 from version 2 on).
    guard bytes.count >= 12 else { throw .input("\(name) is cut off in its header") }
    let wide = bytes[6] >= 2
    let start = wide ? 12 : 10
    let length = Int(bytes[8]) | Int(bytes[9]) << 8 | (wide ? Int(bytes[10]) << 16 | Int(bytes[11]) << 24 : 0)
    guard length <= bytes.count - start else { throw .input("\(name) is cut off in its header") }
    let headerBytes = bytes[start..<start + length]
    guard length <= Self.longestHeader, headerBytes.allSatisfy({ $0 < 0x80 }) else {
      throw .input("\(name) has a header of \(length) bytes that is not that of an array of numbers")
    }
    let header = String(decoding: headerBytes, as: UTF8.self)

    guard header.contains("'fortran_order': False") else {
      throw .input("\(name) is in Fortran order; save it with numpy.ascontiguousarray")
    }
    let isDouble = header.contains("'<f8'")
    guard isDouble || header.contains("'<f4'") else {
      throw .input("\(name) holds no little-endian float32 or float64; save it with .astype('float32')")
    }
    let shape = Self.shape(header)
    let size = isDouble ? 8 : 4
    guard shape.count == 2, shape[0] > 0, shape[1] > 0 else {
      throw .input("\(name) has shape \(shape), but must have two dimensions: texts and components")
    }
    let content = bytes[(start + length)...]
    let (valueCount, tooMany) = shape[0].multipliedReportingOverflow(by: shape[1])
    let (byteCount, tooLarge) = valueCount.multipliedReportingOverflow(by: size)
    guard !tooMany, !tooLarge, content.count == byteCount else {
      throw .input(
        "\(name) has \(content.count) bytes of numbers, but \(shape) needs "
          + (tooMany || tooLarge ? "more than any file has" : "\(byteCount)"))
    }
    (rowCount, columnCount) = (shape[0], shape[1])
    values = stride(from: content.startIndex, to: content.endIndex, by: size).map { index in
      let bits = (0..<size).reduce(UInt64(0)) { $0 | UInt64(content[index + $1]) << (8 * $1) }
      return isDouble ? Float(Double(bitPattern: bits)) : Float(bitPattern: UInt32(bits))
    }
  }

  /// The numbers in `'shape': (3, 4), `.
  private static func shape(_ header: String) -> [Int] {
    guard let key = header.firstRange(of: "'shape':") else { return [] }
    let rest = header[key.upperBound...]
    guard let open = rest.firstIndex(of: "("), let close = rest[open...].firstIndex(of: ")") else {
      return []
    }
    return rest[rest.index(after: open)..<close].split(separator: ",")
      .compactMap { Int($0.filter { $0 != " " }) }
  }
}
