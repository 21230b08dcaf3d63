/// Cuts documents into pieces that never have more tokens than allowed, by the model's own count of the
/// sequence that is embedded.
///
/// Inside a section the cut is the best place between half a piece and a whole one; among equal places the
/// text around them decides, by a hash, and not their distance from the beginning. So after an edit the cuts
/// fall where they were.
package struct Chunker: Sendable {
  package let meter: any TokenMeter
  package let options: ChunkingOptions

  /// - Precondition: at least ``ChunkingOptions/minimumTokens``.
  package init(meter: any TokenMeter, options: ChunkingOptions) {
    precondition(options.tokens >= ChunkingOptions.minimumTokens, "callers check the limit")
    self.meter = meter
    self.options = options
  }

  package func chunks(of document: ExtractedDocument) -> [Chunk] {
    let lines = LineCounter(document.text)
    var chunks: [Chunk] = []
    for section in sections(of: document) {
      let cut: [Chunk]
      if case .langchain(let size, let overlap) = options.method {
        cut = recursive(document, section, RecursiveCharacterSplitter(size: size, overlap: overlap))
      } else {
        cut = pieces(of: document, section)
      }
      for var chunk in cut {
        chunk.pages = pages(of: document, chunk.bytes)
        chunk.lines = lines.lines(of: chunk.bytes)
        chunks.append(chunk)
      }
    }
    return chunks
  }

  struct Section {
    var bytes: Range<Int>
    var headings: [String]
  }

  // MARK: Sections

  private func sections(of document: ExtractedDocument) -> [Section] {
    switch options.method {
    case .structure: bySections(document)
    case .page where document.pages.isEmpty: bySections(document)
    case .page: byPages(document)
    case .whole, .langchain: [Section(bytes: 0..<document.text.count, headings: [])]
    }
  }

  private func bySections(_ document: ExtractedDocument) -> [Section] {
    var sections: [Section] = []
    var path: [(level: Int, title: String)] = []
    var body: Range<Int>?
    /// A heading without text of its own so far.
    var bare: (bytes: Range<Int>, level: Int, above: [String])?
    func close() {
      if let range = body { sections.append(Section(bytes: range, headings: path.map(\.title))) }
      body = nil
    }
    for block in document.blocks {
      if case .heading(let level, let title) = block.kind {
        close()
        if let heading = bare, level <= heading.level, !heading.bytes.isEmpty {
          sections.append(Section(bytes: heading.bytes, headings: heading.above))
        }
        path.removeAll { $0.level >= level }
        bare = (block.bytes, level, path.map(\.title))
        path.append((level, title))
      } else {
        bare = nil
        body = (body?.lowerBound ?? block.bytes.lowerBound)..<block.bytes.upperBound
      }
    }
    close()
    if let heading = bare, !heading.bytes.isEmpty {
      sections.append(Section(bytes: heading.bytes, headings: heading.above))
    }
    return sections
  }

  private func byPages(_ document: ExtractedDocument) -> [Section] {
    var path: [(level: Int, title: String)] = []
    var index = 0
    return document.pages.map { page in
      while index < document.blocks.count, document.blocks[index].bytes.lowerBound < page.bytes.lowerBound {
        if case .heading(let level, let title) = document.blocks[index].kind {
          path.removeAll { $0.level >= level }
          path.append((level, title))
        }
        index += 1
      }
      return Section(bytes: page.bytes, headings: path.map(\.title))
    }
  }

  // MARK: Pieces

  private func pieces(of document: ExtractedDocument, _ section: Section) -> [Chunk] {
    let body = Lines.trimmed(document.text, section.bytes)
    guard !body.isEmpty else { return [] }
    let path = lead(document.title, section.headings)
    var chunks: [Chunk] = []
    var position = body.lowerBound
    var start = position
    while position < body.upperBound {
      var lead = path + tableHeader(document, at: start, besides: path)
      var found = nextCut(document, body, from: start, past: position, lead: lead)
      if found == nil {
        // The overlap leaves no room.
        start = position
        lead = path + tableHeader(document, at: start, besides: path)
        found = nextCut(document, body, from: start, past: position, lead: lead)
      }
      guard let cut = found else { preconditionFailure("without an overlap there is always a cut") }
      let range = Lines.trimmed(document.text, start..<cut.end)
      // Where only white space is new, the overlap alone would be a piece.
      if !range.isEmpty, range.upperBound > chunks.last?.bytes.upperBound ?? 0 {
        chunks.append(
          Chunk(
            bytes: range, lead: lead, headings: section.headings, pages: nil, lines: 1...1,
            tokenCount: cut.tokens))
      }
      let before = start
      position = cut.end
      start = position < body.upperBound ? overlapStart(document, before: position, after: before) : position
    }
    return chunks
  }

  private func count(_ document: ExtractedDocument, _ lead: String, _ range: Range<Int>) -> Int {
    meter.count(lead + document.string(Lines.trimmed(document.text, range)))
  }

  /// The end of the piece that begins at `start` and must reach past `position`.
  ///
  /// - Returns: nil where the overlap, from `start` to `position`, leaves no room.
  private func nextCut(
    _ document: ExtractedDocument, _ body: Range<Int>, from start: Int, past position: Int, lead: String
  ) -> (end: Int, tokens: Int)? {
    let text = document.text
    var budget = options.tokens - (meter.count(lead) - meter.count(""))
    // A window that is longer than the piece by the count of its tokens.
    var bytes = options.tokens * 8
    var window = start..<start
    var starts: [Int] = []
    while true {
      var end = min(start + bytes, body.upperBound)
      while end < body.upperBound, text[end] & 0xC0 == 0x80 { end += 1 }
      window = start..<end
      starts = meter.tokenStarts(of: document.string(window)).map { $0 + start }
      if end == body.upperBound || starts.count > options.tokens + 8 { break }
      bytes *= 2
    }
    if window.upperBound == body.upperBound, starts.count <= options.tokens + 8 {
      let tokens = count(document, lead, window)
      if tokens <= options.tokens { return (body.upperBound, tokens) }
    }
    if starts.isEmpty { starts = [window.lowerBound] }
    let places = Boundaries.places(in: document, window)
    while true {
      // The offset that `budget` tokens reach, at most.
      let reach = budget >= starts.count ? window.upperBound : starts[max(budget, 0)]
      let middle = starts[min(max(budget / 2, 0), starts.count - 1)]
      let end =
        choose(places, text, in: max(position + 1, middle)...max(position + 1, reach))
        ?? tokenCut(document, starts, past: position, upTo: reach, window)
      let tokens = count(document, lead, start..<end)
      if tokens <= options.tokens { return (end, tokens) }
      let excess = tokens - options.tokens
      // The last resort, where not even one token more fits behind the overlap: no overlap.
      if budget - excess < 1 || reach <= position + 1 {
        if start < position { return nil }
        if budget <= 1 { return (end, tokens) }
      }
      budget -= excess
    }
  }

  /// The best place; among equal ones the one whose surroundings have the least hash.
  private func choose(_ places: [Boundaries.Place], _ text: [UInt8], in range: ClosedRange<Int>) -> Int? {
    var best: (level: Boundaries.Level, hash: UInt64, offset: Int)?
    for place in places where range.contains(place.offset) {
      if let best, place.level < best.level { continue }
      let hash = Self.hash(text, around: place.offset)
      if let best, place.level == best.level, hash >= best.hash { continue }
      best = (place.level, hash, place.offset)
    }
    return best?.offset
  }

  /// FNV-1a of 24 bytes before and behind.
  private static func hash(_ text: [UInt8], around offset: Int) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text[max(0, offset - 24)..<min(text.count, offset + 24)] {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return hash
  }

  /// The last place that is between two tokens and between two characters; where a character has more tokens
  /// than fit, between two scalars of it.
  private func tokenCut(
    _ document: ExtractedDocument, _ starts: [Int], past position: Int, upTo reach: Int, _ window: Range<Int>
  ) -> Int {
    let text = document.text
    let tokens = Set(starts.filter { $0 > position && $0 <= reach })
    var best: Int?
    var offset = window.lowerBound
    for character in document.string(window) {
      if offset > reach { break }
      if offset > position, tokens.contains(offset) || offset == reach { best = offset }
      offset += character.utf8.count
    }
    if let best { return best }
    // Between characters only, or between scalars.
    offset = window.lowerBound
    for character in document.string(window) {
      if offset > reach { break }
      if offset > position { best = offset }
      offset += character.utf8.count
    }
    if let best { return best }
    var end = min(max(reach, position + 1), window.upperBound)
    while end > position + 1, end < text.count, text[end] & 0xC0 == 0x80 { end -= 1 }
    while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
    return end
  }

  /// Whole sentences before `position` that together have few enough tokens, back to `position` where there
  /// are none.
  private func overlapStart(_ document: ExtractedDocument, before position: Int, after start: Int) -> Int {
    let allowed = options.tokens * options.overlapPercent / 100
    guard allowed > 0 else { return position }
    let low = max(start + 1, position - allowed * 8)
    var first = low
    while first < position, document.text[first] & 0xC0 == 0x80 { first += 1 }
    var result = position
    for place in Boundaries.places(in: document, first..<position).reversed() {
      switch place.level {
      case .heading: return result
      case .sentence, .item, .paragraph: break
      case .word, .clause, .row: continue
      }
      let tokens = meter.count(document.string(place.offset..<position)) - meter.count("")
      if tokens > allowed { break }
      result = place.offset
    }
    return result
  }

  // MARK: Leads

  /// The title and the headings, the outermost left out where they would take more than a quarter of the
  /// piece.
  private func lead(_ title: String?, _ headings: [String]) -> String {
    var parts = headings
    if let title, headings.first != title, !headings.isEmpty || options.method == .structure {
      parts.insert(title, at: 0)
    }
    while !parts.isEmpty {
      let lead = parts.joined(separator: " > ") + "\n\n"
      if meter.count(lead) <= options.tokens / 4 { return lead }
      parts.removeFirst()
    }
    return ""
  }

  private func tableHeader(_ document: ExtractedDocument, at start: Int, besides lead: String) -> String {
    let index = document.blocks.partitionPoint { $0.bytes.lowerBound < start } - 1
    guard index >= 0, case .table(let header) = document.blocks[index].kind, header > 0 else { return "" }
    let block = document.blocks[index].bytes
    // A token has 128 bytes at most: a longer header is not counted for every piece.
    guard header <= options.tokens * 128 else { return "" }
    if start >= block.lowerBound + header, start < block.upperBound {
      let row = document.string(block.lowerBound..<block.lowerBound + header)
      if meter.count(lead + row) <= options.tokens / 2 { return row }
    }
    return ""
  }

  // MARK: LangChain

  private func recursive(
    _ document: ExtractedDocument, _ section: Section, _ splitter: RecursiveCharacterSplitter
  ) -> [Chunk] {
    splitter.ranges(of: document.text).flatMap { range -> [Chunk] in
      let tokens = meter.count(document.string(range))
      guard tokens > options.tokens else {
        return [Chunk(bytes: range, lead: "", headings: [], pages: nil, lines: 1...1, tokenCount: tokens)]
      }
      return pieces(of: document, Section(bytes: range, headings: []))
    }
  }

  // MARK: Places

  private func pages(of document: ExtractedDocument, _ range: Range<Int>) -> ClosedRange<Int>? {
    let pages = document.pages
    let first = pages.partitionPoint { $0.bytes.upperBound <= range.lowerBound }
    let end = pages.partitionPoint { $0.bytes.lowerBound < range.upperBound }
    guard first < end else { return nil }
    return pages[first].number...pages[end - 1].number
  }

  private struct LineCounter {
    private let breaks: [Int]

    init(_ text: [UInt8]) { breaks = text.indices.filter { text[$0] == 0x0A } }

    private func line(_ offset: Int) -> Int { breaks.partitionPoint { $0 < offset } + 1 }

    func lines(of range: Range<Int>) -> ClosedRange<Int> {
      let first = line(range.lowerBound)
      return first...max(first, line(max(range.lowerBound, range.upperBound - 1)))
    }
  }
}
