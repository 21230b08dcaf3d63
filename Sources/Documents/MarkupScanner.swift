import Chunking
import ForeignText

/// Reads XML strictly, or HTML tolerantly, token by token. No entity is ever defined or fetched: a document
/// type with declarations of its own is refused in XML and skipped in HTML, so nothing can grow.
struct MarkupScanner {
  enum Token: Equatable {
    /// Name without its prefix, in HTML in lower case; attributes with their prefixes.
    case start(ByteString, attributes: [ByteString: ByteString])
    case end(ByteString)
    case text(String)
  }

  private let bytes: [UInt8]
  private let part: String
  private let isHTML: Bool
  private let depthLimit: Int
  private var index = 0
  private var open: [ByteString] = []
  /// The end of an element that was closed where it began.
  private var pendingEnd: ByteString?
  /// The HTML element whose content is not markup.
  private var rawElement: ByteString?

  init(xml bytes: [UInt8], part: String, limits: DocumentLimits) {
    (self.bytes, self.part, isHTML, depthLimit) = (bytes, part, false, limits.markupDepth)
  }

  init(html bytes: [UInt8]) {
    (self.bytes, part, isHTML, depthLimit) = (bytes, "", true, .max)
  }

  /// nil: the end.
  mutating func next() throws(DocumentError) -> Token? {
    if let name = pendingEnd {
      pendingEnd = nil
      return .end(name)
    }
    if let raw = rawElement {
      rawElement = nil
      if let text = takeRaw(raw) { return .text(text) }
    }
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<") else { return .text(try takeText()) }
      if starts(with: "<!--") {
        guard skip(past: "-->") else { throw failure("a comment does not end") }
      } else if starts(with: "<![CDATA[") {
        let start = index + 9
        guard skip(past: "]]>") else { throw failure("a CDATA section does not end") }
        return .text(String(decoding: bytes[start..<max(start, index - 3)], as: UTF8.self))
      } else if starts(with: "<?") {
        guard skip(past: ">") else { throw failure("an instruction does not end") }
      } else if starts(with: "<!") {
        try skipDeclaration()
      } else if let token = try takeTag() {
        return token
      } else {
        index += 1
        return .text("<")
      }
    }
    if !isHTML, let name = open.last { throw failure("<\(Self.shown(name))> is not closed") }
    return nil
  }

  /// A name in a sentence.
  private static func shown(_ name: ByteString) -> String {
    String(String.UnicodeScalarView(name.text.unicodeScalars.prefix(100))).escaped
  }

  private func failure(_ reason: String) -> DocumentError { .markup(part: part, reason: reason) }

  private func starts(with prefix: StaticString) -> Bool {
    let count = prefix.utf8CodeUnitCount
    guard index + count <= bytes.count else { return false }
    return (0..<count).allSatisfy { bytes[index + $0] == prefix.utf8Start[$0] }
  }

  /// In HTML the end of the file ends everything.
  private mutating func skip(past end: StaticString) -> Bool {
    let count = end.utf8CodeUnitCount
    while index < bytes.count {
      if starts(with: end) {
        index += count
        return true
      }
      index += 1
    }
    return isHTML
  }

  private mutating func skipDeclaration() throws(DocumentError) {
    while index < bytes.count, bytes[index] != UInt8(ascii: ">") {
      if bytes[index] == UInt8(ascii: "["), !isHTML {
        throw failure("it declares entities or a document type of its own, which is refused")
      }
      index += 1
    }
    index += 1
  }

  private mutating func takeRaw(_ name: ByteString) -> String? {
    let start = index
    let end = Array("</\(name.text)".utf8)
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "<"), index + end.count <= bytes.count,
        (0..<end.count).allSatisfy({ bytes[index + $0] | ($0 > 1 ? 0x20 : 0) == end[$0] })
      {
        break
      }
      index += 1
    }
    guard index > start else { return nil }
    let text = bytes[start..<index]
    return name == "script" || name == "style"
      ? String(decoding: text, as: UTF8.self) : Entities.decoded(text, isHTML: true) ?? ""
  }

  private mutating func takeText() throws(DocumentError) -> String {
    let start = index
    while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
    return try decoded(bytes[start..<index])
  }

  private func decoded(_ text: ArraySlice<UInt8>) throws(DocumentError) -> String {
    guard let result = Entities.decoded(text, isHTML: isHTML) else {
      throw failure("it uses an entity that XML does not have")
    }
    return result
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"),
      UInt8(ascii: "."), 0x80...0xFF:
      true
    default: false
    }
  }

  private mutating func takeName() -> ArraySlice<UInt8>? {
    let start = index
    while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
    return index > start ? bytes[start..<index] : nil
  }

  /// In HTML in lower case.
  private func text(_ name: ArraySlice<UInt8>) -> ByteString {
    let text = String(decoding: name, as: UTF8.self)
    return ByteString(isHTML ? text.lowercased() : text)
  }

  /// Without a prefix.
  private func local(_ name: ArraySlice<UInt8>) -> ByteString {
    text(name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name)
  }

  private mutating func skipSpace() {
    while index < bytes.count, Lines.isSpace(bytes[index]) { index += 1 }
  }

  /// - Returns: nil, at the `<`, where HTML has no tag there.
  private mutating func takeTag() throws(DocumentError) -> Token? {
    let start = index
    index += 1
    let isEnd = index < bytes.count && bytes[index] == UInt8(ascii: "/")
    if isEnd { index += 1 }
    guard let name = takeName().map(local) else {
      guard isHTML else { throw failure("a tag has no name") }
      index = start
      return nil
    }
    if isEnd {
      while index < bytes.count, bytes[index] != UInt8(ascii: ">") { index += 1 }
      index += 1
      if !isHTML {
        guard open.popLast() == name else {
          throw failure("</\(Self.shown(name))> closes another element")
        }
      }
      return .end(name)
    }
    var attributes: [ByteString: ByteString] = [:]
    while true {
      skipSpace()
      guard index < bytes.count else {
        guard isHTML else { throw failure("<\(Self.shown(name))> does not end") }
        return .start(name, attributes: attributes)
      }
      if bytes[index] == UInt8(ascii: ">") {
        index += 1
        if isHTML {
          if ["script", "style", "title", "textarea"].contains(name) { rawElement = name }
        } else {
          guard open.count < depthLimit else {
            throw failure("its elements are nested more than \(depthLimit) deep")
          }
          open.append(name)
        }
        return .start(name, attributes: attributes)
      }
      if bytes[index] == UInt8(ascii: "/") {
        index += 1
        if index < bytes.count, bytes[index] == UInt8(ascii: ">") {
          index += 1
          pendingEnd = name
          return .start(name, attributes: attributes)
        }
        continue
      }
      try takeAttribute(into: &attributes, of: name)
    }
  }

  private mutating func takeAttribute(
    into attributes: inout [ByteString: ByteString], of element: ByteString
  ) throws(DocumentError) {
    /// The element in a sentence.
    var place: String { Self.shown(element) }
    guard let name = takeName().map(text) else {
      guard isHTML else { throw failure("<\(place)> has an attribute without a name") }
      index += 1
      return
    }
    skipSpace()
    guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else {
      guard isHTML else { throw failure("an attribute of <\(place)> has no value") }
      attributes[name] = ""
      return
    }
    index += 1
    skipSpace()
    guard index < bytes.count else { return }
    let quote = bytes[index]
    let value: ArraySlice<UInt8>
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      index += 1
      let start = index
      while index < bytes.count, bytes[index] != quote { index += 1 }
      value = bytes[start..<index]
      index += 1
    } else {
      guard isHTML else { throw failure("an attribute of <\(place)> has no quotes") }
      let start = index
      while index < bytes.count, !Lines.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">") {
        index += 1
      }
      value = bytes[start..<index]
    }
    guard attributes.count < 1_000 else { throw failure("<\(place)> has more than 1000 attributes") }
    attributes[name] = ByteString(try decoded(value))
  }
}

/// References to characters.
enum Entities {
  /// - Returns: nil where XML does not know a name. HTML keeps it as it is.
  static func decoded(_ text: ArraySlice<UInt8>, isHTML: Bool) -> String? {
    guard text.contains(UInt8(ascii: "&")) else { return String(decoding: text, as: UTF8.self) }
    var result: [UInt8] = []
    var index = text.startIndex
    while index < text.endIndex {
      guard text[index] == UInt8(ascii: "&") else {
        result.append(text[index])
        index += 1
        continue
      }
      if let end = text[index...].prefix(34).firstIndex(of: UInt8(ascii: ";")),
        let character = character(String(decoding: text[index + 1..<end], as: UTF8.self), isHTML: isHTML)
      {
        result += Array(String(character).utf8)
        index = end + 1
      } else {
        guard isHTML else { return nil }
        result.append(text[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func character(_ name: String, isHTML: Bool) -> Unicode.Scalar? {
    if name.utf8.first == UInt8(ascii: "#") {
      let digits = name.dropFirst()
      let isHexadecimal = digits.first == "x" || digits.first == "X"
      guard let value = UInt32(isHexadecimal ? digits.dropFirst() : digits, radix: isHexadecimal ? 16 : 10)
      else { return nil }
      return value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}"
    }
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default: return isHTML ? named[name] : nil
    }
  }

  /// The names of HTML 4 for Latin letters, and its usual signs.
  private static let named: [String: Unicode.Scalar] = {
    var names: [String: Unicode.Scalar] = [
      "ndash": "–", "mdash": "—", "lsquo": "‘", "rsquo": "’", "sbquo": "‚", "ldquo": "“", "rdquo": "”",
      "bdquo": "„",
      "hellip": "…", "bull": "•", "dagger": "†", "Dagger": "‡", "permil": "‰", "lsaquo": "‹", "rsaquo": "›",
      "euro": "€", "trade": "™", "larr": "←", "uarr": "↑", "rarr": "→", "darr": "↓", "harr": "↔",
      "minus": "−",
      "le": "≤", "ge": "≥", "ne": "≠", "asymp": "≈", "infin": "∞", "radic": "√", "sum": "∑", "part": "∂",
      "OElig": "Œ", "oelig": "œ", "Scaron": "Š", "scaron": "š", "Yuml": "Ÿ", "fnof": "ƒ", "circ": "ˆ",
      "tilde": "˜",
      "ensp": "\u{2002}", "emsp": "\u{2003}", "thinsp": "\u{2009}", "zwnj": "\u{200C}", "zwj": "\u{200D}",
      "prime": "′", "Prime": "″", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε",
      "lambda": "λ", "mu": "μ", "pi": "π", "sigma": "σ", "tau": "τ", "phi": "φ", "omega": "ω", "Delta": "Δ",
      "Sigma": "Σ", "Omega": "Ω", "check": "✓",
    ]
    let latin = """
      nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute \
      micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig \
      Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash \
      Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute \
      ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute \
      ucirc uuml yacute thorn yuml
      """
    for (index, name) in latin.split(whereSeparator: \.isWhitespace).enumerated() {
      names[String(name)] = Unicode.Scalar(UInt8(160 + index))
    }
    return names
  }()
}
