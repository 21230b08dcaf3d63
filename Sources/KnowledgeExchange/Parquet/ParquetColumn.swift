/// A column of a row group.
enum ParquetColumn: Equatable {
  case text([String?])
  case integer([Int?])
  case float([Float?])
  case floats([[Float]])

  var count: Int {
    switch self {
    case .text(let values): values.count
    case .integer(let values): values.count
    case .float(let values): values.count
    case .floats(let values): values.count
    }
  }
}

/// The kinds of columns that are written and read: a plain, uncompressed part of Parquet.
enum ParquetKind: Equatable {
  case text, integer, float, floats

  /// Parquet's number of the physical type.
  var type: Int {
    switch self {
    case .text: 6
    case .integer: 2
    case .float, .floats: 4
    }
  }
}

/// Levels in Parquet's mixture of runs and packed bits, for levels of one bit.
enum LevelRuns {
  /// With four bytes of length in front.
  static func encoded(_ runs: [(level: UInt8, count: Int)]) -> [UInt8] {
    var body: [UInt8] = []
    for run in runs where run.count > 0 {
      var header = UInt64(run.count) << 1
      while header >= 0x80 {
        body.append(UInt8(truncatingIfNeeded: header) | 0x80)
        header >>= 7
      }
      body += [UInt8(header), run.level]
    }
    return (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (8 * $0)) } + body
  }

  /// - Returns: `count` levels and the offset behind them; nil where the bytes are damaged.
  static func decoded(_ bytes: [UInt8], at start: Int, bits: Int, count: Int) -> (levels: [UInt8], end: Int)?
  {
    guard bits > 0, bits <= 8, bytes.count - start >= 4 else { return nil }
    let length = (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
    var offset = start + 4
    guard length <= bytes.count - offset else { return nil }
    let end = offset + length
    var levels: [UInt8] = []
    levels.reserveCapacity(min(count, 1 << 20))
    while levels.count < count {
      var header: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        guard offset < end, shift < 35 else { return nil }
        let byte = bytes[offset]
        offset += 1
        header |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { break }
        shift += 7
      }
      if header & 1 == 0 {
        guard offset < end, header >> 1 > 0 else { return nil }
        levels += repeatElement(bytes[offset], count: min(Int(header >> 1), count - levels.count))
        offset += 1
      } else {
        let packed = Int(header >> 1) * bits
        guard packed > 0, packed <= end - offset else { return nil }
        let values = min(Int(header >> 1) * 8, count - levels.count)
        for index in 0..<values {
          var level: UInt8 = 0
          for bit in 0..<bits {
            let position = index * bits + bit
            level |= (bytes[offset + position >> 3] >> UInt8(position & 7) & 1) << UInt8(bit)
          }
          levels.append(level)
        }
        offset += packed
      }
    }
    return (levels, end)
  }
}
