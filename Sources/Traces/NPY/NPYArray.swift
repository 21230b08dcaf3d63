/// A NumPy array file of two dimensions, float32 or float64, little-endian, C order.
package struct NPYArray: Sendable {
  package static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// In bytes; NumPy itself writes 118.
  private static let longestHeader = 10_000

  package let rowCount: Int
  package let columnCount: Int
  private let values: [Float]

  /// - Parameter index: from 0 to ``rowCount`` − 1.
  package func row(_ index: Int) -> [Float] { Array(values[index * columnCount..<(index + 1) * columnCount]) }

  /// - Parameter bytes: the whole file. Its numbers must have exactly the size that the header tells.
  package init(_ bytes: [UInt8]) throws(NPYError) {
    guard bytes.starts(with: Self.magic) else { throw .noArray }
    // Magic, version (2 bytes), length of the header (2 bytes, or 4 from version 2 on).
    guard bytes.count >= 12 else { throw .cutOff }
    let wide = bytes[6] >= 2
    let start = wide ? 12 : 10
    let length = Int(bytes[8]) | Int(bytes[9]) << 8 | (wide ? Int(bytes[10]) << 16 | Int(bytes[11]) << 24 : 0)
    guard length <= bytes.count - start else { throw .cutOff }
    let headerBytes = bytes[start..<start + length]
    guard length <= Self.longestHeader, headerBytes.allSatisfy({ $0 < 0x80 }) else {
      throw .header(byteCount: length)
    }
    let header = String(decoding: headerBytes, as: UTF8.self)

    guard header.contains("'fortran_order': False") else {
      throw .fortranOrder
    }
    let isDouble = header.contains("'<f8'")
    guard isDouble || header.contains("'<f4'") else {
      throw .elementType
    }
    let shape = Self.shape(header)
    let size = isDouble ? 8 : 4
    guard shape.count == 2, shape[0] > 0, shape[1] > 0 else {
      throw .shape(shape)
    }
    let content = bytes[(start + length)...]
    let (valueCount, tooMany) = shape[0].multipliedReportingOverflow(by: shape[1])
    let (byteCount, tooLarge) = valueCount.multipliedReportingOverflow(by: size)
    guard !tooMany, !tooLarge, content.count == byteCount else {
      throw .size(found: content.count, shape, needed: tooMany || tooLarge ? nil : byteCount)
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

/// Why a file holds no array that can be read. `description` follows the file's name.
package enum NPYError: Error, Equatable, CustomStringConvertible {
  case noArray
  case cutOff
  case header(byteCount: Int)
  case fortranOrder
  case elementType
  case shape([Int])
  /// `needed` is nil where no file has so many bytes.
  case size(found: Int, [Int], needed: Int?)

  package var description: String {
    switch self {
    case .noArray: "does not begin as a NumPy array does"
    case .cutOff: "is cut off in its header"
    case .header(let byteCount):
      "has a header of \(byteCount) bytes that is not that of an array of numbers"
    case .fortranOrder: "is in Fortran order; save it with numpy.ascontiguousarray"
    case .elementType: "holds no little-endian float32 or float64; save it with .astype('float32')"
    case .shape(let shape):
      "has shape [\(Self.shown(shape))], but must have two dimensions: texts and components"
    case .size(let found, let shape, let needed):
      "has \(found) bytes of numbers, but [\(Self.shown(shape))] needs "
        + (needed.map(String.init) ?? "more than any file has")
    }
  }

  /// The first sizes: a header has room for thousands.
  private static func shown(_ shape: [Int]) -> String {
    shape.prefix(8).map(String.init).joined(separator: ", ") + (shape.count > 8 ? ", …" : "")
  }
}
