import Chunking
import Documents
import Foundation
import Knowledge
import Testing

@Suite struct ChunkerTests {
  private func document(_ text: String, _ format: DocumentFormat = .markdown) throws -> ExtractedDocument {
    try DocumentReader().read(Array(text.utf8), path: "x", format: format)
  }

  private func chunks(
    _ document: ExtractedDocument, tokens: Int = 64, overlap: Int = 0,
    method: ChunkingOptions.Method = .structure
  ) -> [Chunk] {
    Chunker(
      meter: WordMeter(), options: ChunkingOptions(method: method, tokens: tokens, overlapPercent: overlap)
    ).chunks(of: document)
  }

  private static func sentences(_ count: Int, seed: UInt64) -> [String] {
    var numbers = Numbers(seed)
    return (0..<count).map { index in
      let words = (0..<Int.random(in: 5...14, using: &numbers)).map { _ in
        String(
          (0..<Int.random(in: 2...9, using: &numbers)).map { _ in
            "abcdefghijklmnopqrstuvwxyz".randomElement(using: &numbers)!
          })
      }
      return "Number \(index) " + words.joined(separator: " ") + "."
    }
  }

  private static let hostile: [String] = [
    String(repeating: "a", count: 200_000),
    String(repeating: "👩‍👩‍👧‍👦", count: 3_000),
    String(repeating: "QUJDRA+/", count: 20_000),
    String(repeating: "知识库", count: 20_000),
    "e" + String(repeating: "\u{301}", count: 5_000) + " end",
    String(repeating: "🇩🇪🇫🇷", count: 2_000) + "\n\n" + String(repeating: "x. ", count: 5_000),
    "| a | b |\n|---|---|\n" + String(repeating: "| one cell | another cell |\n", count: 500),
    "```\n" + String(repeating: "let value = compute(1, 2)\n", count: 500) + "```",
    String(
      repeating:
        "# Heading with many words in it that goes on and on and on and on and on and on\n\nText.\n\n",
      count: 50),
    "", "   \n\n  ", "#", "# \n", "a",
  ]

  @Test(arguments: hostile.indices)
  func staysBelowTheLimitByTheExactCountAndInsideNoCharacter(_ index: Int) throws {
    let document = try document(Self.hostile[index])
    for overlap in [0, 15] {
      let chunks = chunks(document, tokens: 40, overlap: overlap)
      let boundaries = Set(graphemeOffsets(document.text))
      // One character with thousands of tokens is cut between scalars: the limit wins.
      let hasGiant = index == 4
      var reached = 0
      for chunk in chunks {
        #expect(WordMeter().count(chunk.lead + document.string(chunk.bytes)) == chunk.tokenCount)
        #expect(chunk.tokenCount <= 40)
        #expect(
          hasGiant
            || boundaries.contains(chunk.bytes.lowerBound) && boundaries.contains(chunk.bytes.upperBound))
        // Nothing but white space and headings is left out.
        #expect(
          chunk.bytes.lowerBound <= reached
            || !document.text[reached..<chunk.bytes.lowerBound].contains {
              $0 > 0x7F || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A)
            } || index == 8)
        reached = max(reached, chunk.bytes.upperBound)
      }
      #expect(chunks == self.chunks(document, tokens: 40, overlap: overlap))
    }
  }

  private func graphemeOffsets(_ text: [UInt8]) -> [Int] {
    var offsets = [0]
    for character in String(decoding: text, as: UTF8.self) {
      offsets.append(offsets.last! + character.utf8.count)
    }
    return offsets
  }

  @Test func givesEachPieceItsPathOfHeadings() throws {
    let document = try document(
      "# Guide\n\nIntro.\n\n## Install\n\n- one\n- two\n\n### Linux\n\nText.\n\n## Empty\n\n## Last\n\nEnd.\n"
    )
    let chunks = chunks(document)
    #expect(
      chunks.map(\.headings) == [
        ["Guide"], ["Guide", "Install"], ["Guide", "Install", "Linux"], ["Guide"], ["Guide", "Last"],
      ])
    #expect(
      chunks.map { document.string($0.bytes) } == ["Intro.", "- one\n- two", "Text.", "## Empty", "End."])
    #expect(chunks[1].lead == "Guide > Install\n\n")
    #expect(chunks[1].lines == 7...8)
  }

  @Test func cutsBetweenSentencesOfSeveralScripts() throws {
    let text = String(repeating: "これは一つの文です。次の文はもう少し長いです！", count: 20)
    let document = try document(text, .text)
    for chunk in chunks(document) {
      let last = document.string(chunk.bytes).last!
      #expect(last == "。" || last == "！")
    }
    let german = try self.document(
      String(repeating: "Die Frist, z. B. von Dr. Weber, endet am 3. Mai. ", count: 20), .text)
    for chunk in chunks(german) { #expect(german.string(chunk.bytes).hasSuffix("Mai.")) }
  }

  @Test func repeatsTheHeaderOfATable() throws {
    let rows = (0..<60).map { "| item \($0) | price \($0) |" }.joined(separator: "\n")
    let chunks = chunks(try document("| name | price |\n| --- | --- |\n" + rows), tokens: 64)
    #expect(chunks.count > 2)
    for chunk in chunks.dropFirst() { #expect(chunk.lead == "| name | price |\n| --- | --- |\n") }
  }

  @Test func overlapsWholeSentencesInsideASection() throws {
    let text = Self.sentences(60, seed: 7).joined(separator: " ")
    let document = try document(text, .text)
    let chunks = chunks(document, tokens: 100, overlap: 20)
    #expect(chunks.count > 4)
    var overlaps = 0
    for (one, next) in zip(chunks, chunks.dropFirst()) {
      #expect(next.bytes.lowerBound > one.bytes.lowerBound)
      guard next.bytes.lowerBound < one.bytes.upperBound else { continue }
      overlaps += 1
      let common = document.string(next.bytes.lowerBound..<one.bytes.upperBound)
      #expect(common.hasPrefix("Number") && common.hasSuffix("."))
      #expect(WordMeter().count(common) <= 21)
    }
    #expect(overlaps > 2)
  }

  @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
  func changesFewPiecesWhenASentenceChanges(_ seed: UInt64) throws {
    // About 100 pages without a heading.
    var sentences = Self.sentences(4_000, seed: seed)
    func texts(_ sentences: [String]) throws -> [String] {
      var text = ""
      for (index, sentence) in sentences.enumerated() { text += sentence + (index % 6 == 5 ? "\n\n" : " ") }
      let document = try document(text, .text)
      return chunks(document, tokens: 200, overlap: 15).map { document.string($0.bytes) }
    }
    let before = try texts(sentences)
    sentences[2_000] =
      "A new sentence that is quite a bit longer than the one that stood here before, by some words."
    let after = try texts(sentences)
    #expect(before.count > 200)
    #expect(Set(after).subtracting(before).count <= 3)
  }

  @Test func knowsThePages() throws {
    let pages = (1...6).map { page in Self.sentences(12, seed: UInt64(page)).joined(separator: "\n") }
    var document = ExtractedDocument(text: [], format: .pdf)
    for (index, page) in pages.enumerated() {
      let start = document.text.count
      document.text += Array((page + "\n\n").utf8)
      document.blocks.append(.init(.paragraph, start..<document.text.count - 2))
      document.pages.append(.init(number: index + 1, bytes: start..<document.text.count))
    }
    for chunk in chunks(document, tokens: 100, overlap: 15) {
      let pages = try #require(chunk.pages)
      #expect(document.pages[pages.lowerBound - 1].bytes.contains(chunk.bytes.lowerBound))
      #expect(document.pages[pages.upperBound - 1].bytes.contains(chunk.bytes.upperBound - 1))
    }
    let whole = chunks(document, tokens: 4_000, method: .page)
    #expect(whole.map(\.pages) == (1...6).map { $0...$0 })
    #expect(chunks(document, tokens: 32_000, method: .whole).count == 1)
  }

  @Test func givesThePiecesOfLangChain() throws {
    struct Golden: Decodable {
      struct Entry: Decodable {
        var text: String
        var size: Int
        var overlap: Int
        var chunks: [String]
      }
      var version: String
      var entries: [Entry]
    }
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../testdata/knowledge/langchain.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    #expect(golden.entries.count >= 12)
    for entry in golden.entries {
      let document = try document(entry.text, .text)
      let chunks = chunks(
        document, tokens: 32_768, method: .langchain(size: entry.size, overlap: entry.overlap))
      #expect(chunks.map { document.string($0.bytes) } == entry.chunks)
    }
  }
}
