import CZlib

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of vectors, `vectors-N.seg`: a page of header in plain text, then rows of one size, each aligned to
/// 64 bytes: the bytes of the vector, its scale (float32), a CRC-32 of both, and where asked for the float32
/// components. Rows are only ever added. The catalogue says how many count; rows behind them come from work
/// that was cut off.
struct SegmentLayout: Equatable, Sendable {
  static let headerBytes = 4096
  /// More than any model has; a row of that many still has a size.
  static let dimensionRange = 1...65_536

  var fingerprint: String
  var dimensions: Int
  var keepsFloats: Bool

  var scaleOffset: Int { (dimensions + 3) & ~3 }
  var floatsOffset: Int { scaleOffset + 8 }
  var stride: Int { (floatsOffset + (keepsFloats ? 4 * dimensions : 0) + 63) & ~63 }

  var header: [UInt8] {
    let text = """
      touchstone vectors 1
      fingerprint \(fingerprint)
      dimensions \(dimensions)
      format \(keepsFloats ? "int8+float32" : "int8")
      row-bytes \(stride)

      """
    return Array(text.utf8) + Array(repeating: 0, count: Self.headerBytes - text.utf8.count)
  }

  func row(_ vector: [Float]) -> [UInt8] { row(QuantizedVector(vector), floats: vector) }

  /// - Parameter floats: needed where the layout keeps them.
  func row(_ quantized: QuantizedVector, floats: [Float]?) -> [UInt8] {
    var row = [UInt8](repeating: 0, count: stride)
    for (index, value) in quantized.values.enumerated() { row[index] = UInt8(bitPattern: value) }
    Self.put(quantized.scale.bitPattern, at: scaleOffset, in: &row)
    if keepsFloats, let floats {
      for (index, value) in floats.enumerated() {
        Self.put(value.bitPattern, at: floatsOffset + 4 * index, in: &row)
      }
    }
    let sum = checksum(row[...])
    Self.put(sum, at: scaleOffset + 4, in: &row)
    return row
  }

  /// Of everything but itself.
  func checksum(_ row: ArraySlice<UInt8>) -> UInt32 {
    let bytes = Array(row[..<(row.startIndex + scaleOffset + 4)] + row[(row.startIndex + scaleOffset + 8)...])
    return bytes.withUnsafeBufferPointer { UInt32(crc32(0, $0.baseAddress, UInt32($0.count))) }
  }

  private static func put(_ value: UInt32, at offset: Int, in row: inout [UInt8]) {
    for byte in 0..<4 { row[offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(byte))) }
  }
}

/// Adds rows. There is one writer, by the lock of the base.
final class SegmentWriter {
  let path: String
  let layout: SegmentLayout
  private let descriptor: Int32
  private(set) var rowCount: Int

  /// Opens or makes the file, and cuts off the rows behind those that the catalogue knows.
  init(path: String, layout: SegmentLayout, committedRows: Int) throws(KnowledgeError) {
    self.path = path
    self.layout = layout
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .io(path: path, reason: String(cString: strerror(errno))) }
    rowCount = committedRows
    let size = off_t(SegmentLayout.headerBytes + committedRows * layout.stride)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .io(path: path, reason: String(cString: strerror(errno)))
    }
    guard committedRows == 0 || status.st_size >= size else {
      throw .damaged(path: path, reason: "it ends before row \(committedRows)")
    }
    if committedRows == 0 { try write(layout.header, at: 0) }
    guard ftruncate(descriptor, size) == 0 else {
      throw .io(path: path, reason: String(cString: strerror(errno)))
    }
  }

  deinit { close(descriptor) }

  /// - Returns: the row.
  func append(bytes: [UInt8]) throws(KnowledgeError) -> Int {
    try write(bytes, at: SegmentLayout.headerBytes + rowCount * layout.stride)
    rowCount += 1
    return rowCount - 1
  }

  /// Rows must be on the disk before the catalogue knows them.
  func synchronize() throws(KnowledgeError) {
    #if canImport(Darwin)
      // Darwin's fsync leaves the drive's cache out.
      let code = fcntl(descriptor, F_FULLFSYNC)
    #else
      let code = fdatasync(descriptor)
    #endif
    guard code == 0 else { throw .io(path: path, reason: String(cString: strerror(errno))) }
  }

  private func write(_ bytes: [UInt8], at offset: Int) throws(KnowledgeError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress! + done, $0.count - done, off_t(offset + done))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .io(path: path, reason: String(cString: strerror(errno))) }
      done += count
    }
  }
}

/// A mapped file of vectors. Safe to read from any thread; stays readable after the file is replaced.
final class SegmentReader: @unchecked Sendable {
  let layout: SegmentLayout
  let rowCount: Int
  private let base: UnsafeRawPointer
  private let product = QueryVector.dot
  private let byteCount: Int

  /// - Parameter rows: as many as the catalogue knows.
  init(path: String, layout: SegmentLayout, rows: Int) throws(KnowledgeError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .damaged(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    byteCount = SegmentLayout.headerBytes + rows * layout.stride
    guard fstat(descriptor, &status) == 0, status.st_size >= byteCount else {
      throw .damaged(
        path: path, reason: "it has \(status.st_size) bytes, and its \(rows) rows need \(byteCount)")
    }
    guard let map = mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0), map != MAP_FAILED else {
      throw .io(path: path, reason: String(cString: strerror(errno)))
    }
    self.layout = layout
    rowCount = rows
    base = UnsafeRawPointer(map)
    // All is assigned: from here on `deinit` takes the mapping back, also where this throws.
    guard UnsafeRawBufferPointer(start: base, count: SegmentLayout.headerBytes).elementsEqual(layout.header)
    else { throw .damaged(path: path, reason: "its header is of another model or format") }
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: base), byteCount) }

  /// - Precondition: `index < rowCount`
  @inline(__always)
  func row(_ index: Int) -> UnsafeRawPointer { base + SegmentLayout.headerBytes + index * layout.stride }

  func cosine(_ index: Int, _ query: UnsafePointer<Int16>, scale: Float) -> Double {
    let row = row(index)
    let dot = product(query, row.assumingMemoryBound(to: Int8.self), layout.dimensions)
    return Double(dot) * Double(row.loadUnaligned(fromByteOffset: layout.scaleOffset, as: Float.self))
      * Double(scale)
  }

  /// With the components before they became bytes; nil where the base does not keep them.
  func exactCosine(_ index: Int, _ query: [Float]) -> Double? {
    guard layout.keepsFloats else { return nil }
    let row = row(index)
    return (0..<layout.dimensions).reduce(0.0) { sum, component in
      let value = row.loadUnaligned(fromByteOffset: layout.floatsOffset + 4 * component, as: Float.self)
      return sum + Double(value) * Double(query[component])
    }
  }

  func isIntact(_ index: Int) -> Bool {
    let bytes = Array(UnsafeRawBufferPointer(start: row(index), count: layout.stride))
    let sum = row(index).loadUnaligned(fromByteOffset: layout.scaleOffset + 4, as: UInt32.self)
    return layout.checksum(bytes[...]) == sum
  }

  func bytes(_ index: Int) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: row(index), count: layout.stride))
  }

  func quantized(_ index: Int) -> QuantizedVector {
    let bytes = UnsafeBufferPointer(
      start: row(index).assumingMemoryBound(to: Int8.self), count: layout.dimensions)
    var vector = QuantizedVector([])
    vector.values = Array(bytes)
    vector.scale = row(index).loadUnaligned(fromByteOffset: layout.scaleOffset, as: Float.self)
    return vector
  }

  /// The components before they became bytes; nil where the base does not keep them.
  func floats(_ index: Int) -> [Float]? {
    guard layout.keepsFloats else { return nil }
    return (0..<layout.dimensions).map {
      row(index).loadUnaligned(fromByteOffset: layout.floatsOffset + 4 * $0, as: Float.self)
    }
  }
}
