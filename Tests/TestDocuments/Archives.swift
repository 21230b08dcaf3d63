import CZlib
import Documents
import Foundation

/// Makes ZIP archives and PDF files, sound ones and others.
package enum Archives {
  /// An archive in its parts, so that each can be damaged.
  package struct Parts {
    package var members: [UInt8] = []
    package var directory: [UInt8] = []
    package var end: [UInt8] = []

    package var bytes: [UInt8] { members + directory + end }
  }

  /// - Parameters:
  ///   - declaredSize: what the directory says of each member; nil: the truth.
  ///   - isPacked: whether the next member is packed, or stored as it is.
  package static func parts(
    _ members: [(name: [UInt8], content: [UInt8])], declaredSize: Int? = nil, isPacked: () -> Bool = { true }
  ) -> Parts {
    var parts = Parts()
    for (name, content) in members {
      let isPacked = isPacked()
      // Without zlib's header and checksum.
      let packed = isPacked ? Array(Deflate.packed(content).dropFirst(2).dropLast(4)) : content
      let sum = content.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
      let common =
        number(isPacked ? 8 : 0, 2) + number(0, 4) + number(Int(sum), 4) + number(packed.count, 4)
        + number(declaredSize ?? content.count, 4) + number(name.count, 2) + number(0, 2)
      parts.directory += number(0x0201_4b50, 4) + number(20, 2) + number(20, 2) + number(0, 2) + common
      parts.directory += number(0, 10) + number(parts.members.count, 4) + name
      parts.members += number(0x0403_4b50, 4) + number(20, 2) + number(0, 2) + common + name + packed
    }
    parts.end = number(0x0605_4b50, 4) + number(0, 4) + number(members.count, 2) + number(members.count, 2)
    parts.end += number(parts.directory.count, 4) + number(parts.members.count, 4) + number(0, 2)
    return parts
  }

  package static func make(
    _ members: [(name: String, content: [UInt8])], declaredSize: Int? = nil
  ) -> [UInt8] {
    parts(members.map { (Array($0.name.utf8), $0.content) }, declaredSize: declaredSize).bytes
  }

  package static func make(_ members: [String: String]) -> [UInt8] {
    make(members.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.utf8)) })
  }

  private static func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// A PDF of pages of lines, in Helvetica; written by hand, with a right table of offsets.
  package static func pdf(_ pages: [[String]], outline: [(title: String, page: Int)] = []) -> [UInt8] {
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
