/// Normalization Form C over UTF-8 (Unicode Standard Annex 15).
///
/// Text is a sequence of clusters, each beginning at an inert scalar; NFC never looks across the front of
/// one. Only clusters that may change are decoded, decomposed, put in order and composed; the text
/// between them is copied, and a text without them is not touched at all.
struct NFC {
  private let properties = ScalarProperties.table
  private let canonical = CanonicalData.shared
  private var cluster: [UInt32] = []
  private var classes: [UInt8] = []
  private var encoded: [UInt8] = []

  init() {}

  /// Normalizes well-formed UTF-8.
  ///
  /// - Parameters:
  ///   - output: receives the normal form where it differs from the text; otherwise it is left alone.
  ///   - changes: receives every cluster that changed, with positions relative to `text` and `output`.
  /// - Returns: false when the text is already in NFC.
  mutating func normalize(
    _ text: UnsafeBufferPointer<UInt8>, into output: inout [UInt8], changes: inout [PositionChange]
  ) -> Bool {
    guard var range = nextIrregularCluster(in: text, from: 0) else { return false }
    let outputStart = output.count
    var copied = 0
    var changed = false
    while true {
      normalizeCluster(UnsafeBufferPointer(rebasing: text[range]))
      if !encoded.elementsEqual(text[range]) {
        changed = true
        output.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied..<range.lowerBound]))
        let start = output.count - outputStart
        output.append(contentsOf: encoded)
        changes.append(PositionChange(original: range, changed: start..<output.count - outputStart))
        copied = range.upperBound
      }
      guard let next = nextIrregularCluster(in: text, from: range.upperBound) else { break }
      range = next
    }
    if changed { output.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...])) }
    return changed
  }

  /// The next cluster that holds an unstable scalar, or marks out of order.
  ///
  /// - Requires: `start` is the front of a cluster, or the end of the text.
  private func nextIrregularCluster(
    in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Range<Int>? {
    var position = text.skipBytesBelowCombining(from: start)
    var clusterStart = position
    while clusterStart > start {
      clusterStart -= 1
      if text[clusterStart] & 0xC0 != 0x80 { break }
    }
    var lastClass: UInt8 = 0
    while position < text.count {
      let scalar = text.scalar(at: position)
      let property = properties[scalar.value] & ScalarProperties.activeMask
      if property == 0 {
        clusterStart = position
        lastClass = 0
        position += scalar.length
        continue
      }
      let combiningClass = property == ScalarProperties.ordered ? canonical.combiningClass(scalar.value) : 0
      if combiningClass == 0 || combiningClass < lastClass {
        return clusterStart..<endOfCluster(in: text, from: position + scalar.length)
      }
      lastClass = combiningClass
      position += scalar.length
    }
    return nil
  }

  private func endOfCluster(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var position = start
    while position < text.count {
      let scalar = text.scalar(at: position)
      if properties[scalar.value] & ScalarProperties.activeMask == 0 { break }
      position += scalar.length
    }
    return position
  }

  /// Leaves the normal form of one cluster in `encoded`.
  private mutating func normalizeCluster(_ text: UnsafeBufferPointer<UInt8>) {
    cluster.removeAll(keepingCapacity: true)
    var position = 0
    while position < text.count {
      let scalar = text.scalar(at: position)
      canonical.appendDecomposition(of: scalar.value, to: &cluster)
      position += scalar.length
    }
    classes.removeAll(keepingCapacity: true)
    for scalar in cluster { classes.append(canonical.combiningClass(scalar)) }
    sortMarks()
    composePairs()
    encoded.removeAll(keepingCapacity: true)
    for scalar in cluster { encoded.appendScalar(scalar) }
  }

  /// Sorts every run of marks by combining class; marks of one class keep their order.
  private mutating func sortMarks() {
    var start = 0
    while start < cluster.count {
      guard classes[start] != 0 else {
        start += 1
        continue
      }
      var end = start + 1
      var isSorted = true
      while end < cluster.count, classes[end] != 0 {
        isSorted = isSorted && classes[end - 1] <= classes[end]
        end += 1
      }
      if !isSorted {
        // `sort` is a merge sort: stable, and fast for a megabyte of marks too.
        let marks = zip(classes[start..<end], cluster[start..<end]).sorted { $0.0 < $1.0 }
        for (offset, mark) in marks.enumerated() {
          classes[start + offset] = mark.0
          cluster[start + offset] = mark.1
        }
      }
      start = end
    }
  }

  /// Joins each scalar to the last starter where a composite exists and nothing between them blocks it.
  private mutating func composePairs() {
    var starter: Int?
    var count = 0
    var lastClass: UInt8 = 0
    for index in cluster.indices {
      let scalar = cluster[index]
      let combiningClass = classes[index]
      if let starter {
        let isAdjacent = count == starter + 1
        if isAdjacent || lastClass < combiningClass,
          let composite = canonical.composition(of: cluster[starter], scalar)
        {
          cluster[starter] = composite
          continue
        }
      }
      if combiningClass == 0 { starter = count }
      lastClass = combiningClass
      cluster[count] = scalar
      count += 1
    }
    cluster.removeLast(cluster.count - count)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The first position whose byte is 0xCC or more, or the end. U+0300, the first scalar that is not
  /// inert, begins with 0xCC; every shorter lead byte and every continuation byte is less.
  fileprivate func skipBytesBelowCombining(from start: Int) -> Int {
    var position = start
    while position + 8 <= count {
      let word = UnsafeRawPointer(baseAddress! + position).loadUnaligned(as: UInt64.self)
      // The two upper bits of a byte are set in lead bytes only.
      if word & word &<< 1 & 0x8080_8080_8080_8080 != 0,
        (position..<position + 8).contains(where: { self[$0] >= 0xCC })
      {
        break
      }
      position += 8
    }
    while position < count, self[position] < 0xCC { position += 1 }
    return position
  }
}

/// A stretch of text that was replaced: bytes `original` of the input became bytes `changed`.
struct PositionChange: Equatable {
  var original: Range<Int>
  var changed: Range<Int>
}

/// Maps positions in a changed text back to the text that it was made from.
///
/// Text between the changes maps byte for byte. A position strictly inside a changed stretch maps to the
/// end of the original stretch. So positions never go backwards, and neighboring ranges still touch.
struct PositionMap {
  private var changes: ArraySlice<PositionChange>
  private var shift = 0

  /// - Parameter changes: in ascending order, without overlaps.
  init(_ changes: [PositionChange]) {
    self.changes = changes[...]
  }

  /// The original position; to be asked in ascending order.
  mutating func original(of position: Int) -> Int {
    while let next = changes.first, next.changed.upperBound <= position {
      shift = next.original.upperBound - next.changed.upperBound
      changes.removeFirst()
    }
    if let next = changes.first, next.changed.lowerBound < position { return next.original.upperBound }
    return position + shift
  }
}
