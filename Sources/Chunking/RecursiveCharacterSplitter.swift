/// The pieces that RecursiveCharacterTextSplitter of langchain-text-splitters 1.1 makes with its default
/// separators (blank line, line, space, nothing), kept at the beginning of the next piece. Lengths are
/// Unicode scalars, as in Python.
struct RecursiveCharacterSplitter {
  let size: Int
  let overlap: Int

  private static let separators: [[Unicode.Scalar]] = [["\n", "\n"], ["\n"], [" "], []]

  /// - Returns: ranges of UTF-8 bytes, without white space at their ends, as the package strips it.
  func ranges(of text: [UInt8]) -> [Range<Int>] {
    let scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
    var offsets: [Int] = [0]
    offsets.reserveCapacity(scalars.count + 1)
    for scalar in scalars { offsets.append(offsets[offsets.count - 1] + UTF8.width(scalar)) }
    return split(scalars, 0..<scalars.count, Self.separators[...]).map {
      offsets[$0.lowerBound]..<offsets[$0.upperBound]
    }
  }

  private func split(
    _ text: [Unicode.Scalar], _ range: Range<Int>, _ separators: ArraySlice<[Unicode.Scalar]>
  ) -> [Range<Int>] {
    var separator = separators.last!
    var finer: ArraySlice<[Unicode.Scalar]> = []
    for index in separators.indices
    where separators[index].isEmpty || contains(text, range, separators[index]) {
      separator = separators[index]
      if !separator.isEmpty { finer = separators[(index + 1)...] }
      break
    }
    var chunks: [Range<Int>] = []
    var good: [Range<Int>] = []
    for part in parts(text, range, separator) {
      if part.count < size {
        good.append(part)
        continue
      }
      chunks += merged(text, good)
      good = []
      if finer.isEmpty { chunks.append(part) } else { chunks += split(text, part, finer) }
    }
    return chunks + merged(text, good)
  }

  private func matches(_ text: [Unicode.Scalar], _ index: Int, _ end: Int, _ separator: [Unicode.Scalar])
    -> Bool
  {
    index + separator.count <= end && (0..<separator.count).allSatisfy { text[index + $0] == separator[$0] }
  }

  private func contains(_ text: [Unicode.Scalar], _ range: Range<Int>, _ separator: [Unicode.Scalar]) -> Bool
  {
    range.contains { matches(text, $0, range.upperBound, separator) }
  }

  private func parts(
    _ text: [Unicode.Scalar], _ range: Range<Int>, _ separator: [Unicode.Scalar]
  ) -> [Range<Int>] {
    guard !separator.isEmpty else { return range.map { $0..<$0 + 1 } }
    var parts: [Range<Int>] = []
    var start = range.lowerBound
    var index = start
    while index < range.upperBound {
      guard matches(text, index, range.upperBound, separator) else {
        index += 1
        continue
      }
      if index > start { parts.append(start..<index) }
      start = index
      index += separator.count
    }
    if start < range.upperBound { parts.append(start..<range.upperBound) }
    return parts
  }

  /// Joins neighbors up to the size, and begins each with as many of the last ones as the overlap holds.
  private func merged(_ text: [Unicode.Scalar], _ parts: [Range<Int>]) -> [Range<Int>] {
    var chunks: [Range<Int>] = []
    var first = 0
    var total = 0
    func join(_ end: Int) {
      guard first < end else { return }
      var range = parts[first].lowerBound..<parts[end - 1].upperBound
      while let start = range.first, Self.isPythonSpace(text[start]) { range = start + 1..<range.upperBound }
      while let last = range.last, Self.isPythonSpace(text[last]) { range = range.lowerBound..<last }
      if !range.isEmpty { chunks.append(range) }
    }
    for (index, part) in parts.enumerated() {
      if total + part.count > size, first < index {
        join(index)
        while total > overlap || (total + part.count > size && total > 0) {
          total -= parts[first].count
          first += 1
        }
      }
      total += part.count
    }
    join(parts.count)
    return chunks
  }

  /// What `str.strip()` removes.
  private static func isPythonSpace(_ scalar: Unicode.Scalar) -> Bool {
    (0x1C...0x1F).contains(scalar.value) || scalar.properties.isWhitespace
  }
}
