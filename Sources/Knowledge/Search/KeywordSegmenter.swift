import Documents

/// Makes words of text for the keyword index, and expressions of queries.
///
/// Chinese, Japanese and Korean runs become overlapping pairs of characters with the last one alone at the
/// end, so that one character is found by prefix and words of two and more as phrases. Identifiers are found
/// by their parts and as a whole; letters lose case and marks, full-width letters their width.
package enum KeywordSegmenter {
  /// Raised whenever the words change; the index is then made again.
  package static let version = 1

  private enum Run {
    case word([Unicode.Scalar])
    case dense([Unicode.Scalar])
  }

  /// The words, divided by spaces: ASCII, letters and digits only, as FTS5's unicode61 keeps them.
  package static func indexed(_ text: String) -> String {
    var words: [String] = []
    for run in runs(of: text) {
      switch run {
      case .word(let scalars): words += forms(of: scalars)
      case .dense(let scalars): words += pairs(scalars) + [string(scalars.suffix(1))]
      }
    }
    return words.joined(separator: " ")
  }

  /// A part of a query; a text matches with any of them.
  package enum Term: Sendable, Hashable {
    case word(String)
    case prefix(String)
    case phrase([String])
  }

  /// The parts of a query, each once, at most 256.
  package static func terms(of query: String) -> [Term] {
    var terms: [Term] = []
    for run in runs(of: query) {
      switch run {
      case .word(let scalars): terms += forms(of: scalars).map(Term.word)
      case .dense(let scalars):
        if scalars.count == 1 {
          terms.append(.prefix(string(scalars[...])))
        } else {
          let pairs = pairs(scalars)
          if pairs.count > 1 { terms.append(.phrase(pairs)) }
          terms += pairs.map(Term.word)
        }
      }
    }
    var seen: Set<Term> = []
    return Array(terms.filter { seen.insert($0).inserted }.prefix(256))
  }

  /// An FTS5 expression that finds texts with any of the query's words; nil where it has none.
  package static func expression(for query: String) -> String? {
    let terms = terms(of: query).map { term in
      switch term {
      case .word(let word): "\"\(word)\""
      case .prefix(let word): "\"\(word)\"*"
      case .phrase(let words): "\"\(words.joined(separator: " "))\""
      }
    }
    return terms.isEmpty ? nil : terms.joined(separator: " OR ")
  }

  private static func pairs(_ scalars: [Unicode.Scalar]) -> [String] {
    scalars.count < 2 ? [] : (0..<scalars.count - 1).map { string(scalars[$0...$0 + 1]) }
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private static func runs(of text: String) -> [Run] {
    var runs: [Run] = []
    var current: [Unicode.Scalar] = []
    var isDense = false
    func end() {
      if !current.isEmpty { runs.append(isDense ? .dense(current) : .word(current)) }
      current = []
    }
    for scalar in text.unicodeScalars {
      guard let scalar = folded(scalar) else {
        // Marks belong to the letter before.
        if !scalar.properties.isGraphemeExtend { end() }
        continue
      }
      let dense = Scripts.isCJK(scalar)
      if dense != isDense { end() }
      isDense = dense
      current.append(scalar)
    }
    end()
    return runs
  }

  /// The letter or digit without marks and width, its case kept; nil for everything else.
  private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar.value {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return scalar
    case 0..<0x80: return nil
    case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A: return Unicode.Scalar(scalar.value - 0xFEE0)
    default: break
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .modifierLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      break
    default: return nil
    }
    if scalar.value < 0x250 || (0x1E00...0x1EFF).contains(scalar.value) { return Letters.base(scalar) }
    return scalar
  }

  /// In lower case: the whole, and its parts where case or digits divide it (`parseHTTPRequest`: parse, http,
  /// request).
  private static func forms(of scalars: [Unicode.Scalar]) -> [String] {
    var parts: [[Unicode.Scalar]] = [[]]
    for (index, scalar) in scalars.enumerated() {
      if index > 0 {
        let before = scalars[index - 1]
        let next = index + 1 < scalars.count ? scalars[index + 1] : nil
        let isHump =
          isUpper(scalar) && (!isUpper(before) || (next.map { !isUpper($0) && !isDigit($0) } ?? false))
        if (isHump && !isDigit(before)) || isDigit(scalar) != isDigit(before) { parts.append([]) }
      }
      parts[parts.count - 1].append(scalar)
    }
    func lower(_ part: [Unicode.Scalar]) -> String { string(part[...]).lowercased() }
    let whole = lower(scalars)
    return parts.count > 1 && scalars.count <= 64 ? parts.map(lower) + [whole] : [whole]
  }

  private static func isUpper(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isUppercase }
  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType != nil }
}

/// Latin letters without their marks.
private enum Letters {
  static func base(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if let known = table[scalar] { return known }
    return scalar
  }

  private static let table: [Unicode.Scalar: Unicode.Scalar] = {
    let groups: [(Unicode.Scalar, String)] = [
      ("A", "ÀÁÂÃÄÅĀĂĄǍ"), ("a", "àáâãäåāăąǎạảấầẩẫậắằẳẵặ"), ("C", "ÇĆĈĊČ"), ("c", "çćĉċč"), ("D", "ĎĐ"),
      ("d", "ďđ"),
      ("E", "ÈÉÊËĒĔĖĘĚ"), ("e", "èéêëēĕėęěẹẻẽếềểễệ"), ("G", "ĜĞĠĢ"), ("g", "ĝğġģ"), ("H", "ĤĦ"), ("h", "ĥħ"),
      ("I", "ÌÍÎÏĨĪĬĮİ"), ("i", "ìíîïĩīĭįıỉị"), ("J", "Ĵ"), ("j", "ĵ"), ("K", "Ķ"), ("k", "ķ"), ("L", "ĹĻĽŁ"),
      ("l", "ĺļľł"), ("N", "ÑŃŅŇ"), ("n", "ñńņň"), ("O", "ÒÓÔÕÖØŌŎŐƠ"), ("o", "òóôõöøōŏőơọỏốồổỗộớờởỡợ"),
      ("R", "ŔŖŘ"), ("r", "ŕŗř"), ("S", "ŚŜŞŠȘ"), ("s", "śŝşšș"), ("T", "ŢŤŦȚ"), ("t", "ţťŧț"),
      ("U", "ÙÚÛÜŨŪŬŮŰŲƯ"), ("u", "ùúûüũūŭůűųưụủứừửữự"), ("W", "Ŵ"), ("w", "ŵ"), ("Y", "ÝŶŸ"),
      ("y", "ýÿŷỳỵỷỹ"),
      ("Z", "ŹŻŽ"), ("z", "źżž"),
    ]
    var table: [Unicode.Scalar: Unicode.Scalar] = [:]
    for (base, letters) in groups {
      for letter in letters.unicodeScalars { table[letter] = base }
    }
    return table
  }()
}
