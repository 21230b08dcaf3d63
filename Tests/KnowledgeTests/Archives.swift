import CZlib
import Foundation

/// Makes ZIP archives, sound ones and others.
enum Archives {
  static func make(
    _ members: [(name: String, content: [UInt8])], declaredSize: Int? = nil
  ) -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in members {
      let packed = deflated(content)
      let offset = file.count
      let sum = content.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
      let common =
        number(8, 2) + number(0, 4) + number(Int(sum), 4) + number(packed.count, 4)
        + number(declaredSize ?? content.count, 4) + number(name.utf8.count, 2) + number(0, 2)
      file += number(0x0403_4b50, 4) + number(20, 2) + number(0, 2) + common + Array(name.utf8) + packed
      directory +=
        number(0x0201_4b50, 4) + number(20, 2) + number(20, 2) + number(0, 2) + common + number(0, 2)
        + number(0, 2)
        + number(0, 2) + number(0, 4) + number(offset, 4) + Array(name.utf8)
    }
    return file + directory + number(0x0605_4b50, 4) + number(0, 4) + number(members.count, 2)
      + number(members.count, 2) + number(directory.count, 4) + number(file.count, 4) + number(0, 2)
  }

  static func make(_ members: [String: String]) -> [UInt8] {
    make(members.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.utf8)) })
  }

  private static func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(&stream, 6, Z_DEFLATED, -15, 8, 0, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 16)
    input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        _ = deflate(&stream, Z_FINISH)
      }
    }
    return Array(output[..<Int(stream.total_out)])
  }

  /// A PDF of pages of lines, in Helvetica; written by hand, with a right table of offsets.
  static func pdf(_ pages: [[String]], outline: [(title: String, page: Int)] = []) -> [UInt8] {
    var objects: [String] = []
    let count = pages.count
    let kids = (0..<count).map { "\(4 + 2 * $0) 0 R" }.joined(separator: " ")
    let firstItem = 4 + 2 * count + 1
    objects.append(
      "<< /Type /Catalog /Pages 2 0 R\(outline.isEmpty ? "" : " /Outlines \(firstItem - 1) 0 R") >>")
    objects.append("<< /Type /Pages /Kids [\(kids)] /Count \(count) >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for (index, lines) in pages.enumerated() {
      objects.append(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents \(5 + 2 * index) 0 R >>"
      )
      var stream = "BT /F1 11 Tf 50 800 Td 14 TL\n"
      for line in lines {
        stream +=
          "(\(line.replacingOccurrences(of: "(", with: "\\(").replacingOccurrences(of: ")", with: "\\)"))) Tj T*\n"
      }
      stream += "ET"
      objects.append("<< /Length \(stream.utf8.count) >>\nstream\n\(stream)\nendstream")
    }
    if !outline.isEmpty {
      objects.append(
        "<< /Type /Outlines /First \(firstItem) 0 R /Last \(firstItem + outline.count - 1) 0 R /Count \(outline.count) >>"
      )
      for (index, item) in outline.enumerated() {
        let next = index + 1 < outline.count ? " /Next \(firstItem + index + 1) 0 R" : ""
        let previous = index > 0 ? " /Prev \(firstItem + index - 1) 0 R" : ""
        objects.append(
          "<< /Title (\(item.title)) /Parent \(firstItem - 1) 0 R /Dest [\(4 + 2 * (item.page - 1)) 0 R /Fit]\(next)\(previous) >>"
        )
      }
    }
    var file = "%PDF-1.4\n"
    var offsets: [Int] = []
    for (index, object) in objects.enumerated() {
      offsets.append(file.utf8.count)
      file += "\(index + 1) 0 obj\n\(object)\nendobj\n"
    }
    let start = file.utf8.count
    file += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
    for offset in offsets { file += String(format: "%010d 00000 n \n", offset) }
    file += "trailer << /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
    return Array(file.utf8)
  }
}
