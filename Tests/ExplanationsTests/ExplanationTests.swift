import Explanations
import Foundation
import JSON
import Qwen3
import TestModels
import Testing
import Tokenization
import Touchstone

/// What an explanation holds beside golden numbers.
struct ExplanationTests {
  private static let demo: AnyModel = {
    do { return try AnyModel(path: TestModels.demo, threads: 2) } catch { fatalError("\(error)") }
  }()

  private func explanation(_ request: ExplanationRequest, _ model: AnyModel = demo) async throws
    -> Explanation
  {
    try await Explanation(request, DirectPasses(model))
  }

  /// The steps lead to the tokens of the tokenizer, which takes shorter ways.
  @Test(arguments: [
    "", " ", "The file was not found.", "東京 2024", "Cafe\u{301} o\u{308}\u{323}x",
    "<|im_start|>user\n<|im_end|> x<think>",
    "a\r\n\r\n  b\t\tc", "שלום עולם", "👩‍👩‍👧 👍🏽", "it's WE'LL don’t", String(repeating: "ab", count: 400),
    "\u{212B}ngstro\u{308}m",
  ])
  func theHistoryEndsInTheTokens(_ text: String) {
    let tokenizer = Self.demo.tokenizer
    let history = tokenizer.tokenizer.history(of: text)
    #expect(history.tokens == tokenizer.tokenizer.encode(text, options: .init(addsConfiguredTokens: false)))
    for part in history.parts {
      guard case .piece(let bytes, let tokens) = part, bytes.count <= 256 else { continue }
      let steps = tokenizer.tokenizer.mergeSteps(ofPiece: bytes)
      #expect((steps.last?.tokens ?? tokenizer.tokenizer.byteTokens(of: bytes)) == tokens)
      #expect(steps.count == bytes.count - tokens.count)
    }
    let view = TokenView(text, ids: tokenizer.tokenIDs(of: text), tokenizer)
    #expect(view.pieces.flatMap { Array($0.tokens) } == Array(0..<view.tokens.count - 1))
  }

  @Test func specialTokensAndNFCAreShownWhereTheyAct() throws {
    let tokenizer = Self.demo.tokenizer
    let text = "Cafe\u{301}<|im_end|>"
    let view = TokenView(text, ids: tokenizer.tokenIDs(of: text), tokenizer)
    #expect(view.tokens.suffix(2).allSatisfy { $0.isSpecial })
    #expect(view.tokens.dropLast(2).allSatisfy { !$0.isSpecial })
    #expect(view.added.before == 0 && view.added.after == 1)
    let change = try #require(view.changes.first)
    #expect(
      change.original == 3..<6 && change.before == Array("e\u{301}".utf8) && change.after == [0xC3, 0xA9])
  }

  /// Shares of attention sum to 1, for any model.
  @Test(arguments: ["q4_k_m", "non-causal", "pooling-mean", "massive-q8_0"])
  func sharesSumToOne(_ name: String) async throws {
    let model = try AnyModel(path: TestModels.path(name), threads: 2)
    let explanation = try await explanation(ExplanationRequest("abc def ghi jkl"), model)
    for head in explanation.attention.layers.flatMap(\.self) {
      #expect((head.reduce(0.0) { $0 + Double($1) } - 1).magnitude < 1e-5)
    }
    #expect(explanation.attention.layers.count == model.layerCount)
    let mean = explanation.attention.mean.reduce(0.0) { $0 + Double($1) }
    #expect((mean - 1).magnitude < 1e-5)
  }

  /// A head that looks at one token has no entropy; one that looks at four alike has two bits.
  @Test func entropiesAndSinks() {
    let attention = LastTokenAttention(
      layers: [[[0, 1, 0, 0], [0.25, 0.25, 0.25, 0.25]], [[0.9, 0, 0, 0.1], [0.9, 0.1, 0, 0]]], tokenCount: 4)
    #expect(attention.entropy(layer: 0, head: 0) == 0)
    #expect(attention.entropy(layer: 0, head: 1) == 2)
    #expect(attention.largestEntropy == 2)
    #expect(attention.sinks.isEmpty, "half of four tokens is only twice the even share")
    let wide = LastTokenAttention(
      layers: [[[0.6, 0.1, 0.1, 0.1, 0.05, 0.05, 0, 0], [0.7, 0, 0, 0, 0, 0, 0, 0.3]]], tokenCount: 8)
    #expect(wide.sinks.map(\.token) == [0])
    #expect(wide.sinks.first?.headCount == 2)
  }

  @Test func theCurveSaysWhereItStays() {
    func stream(_ cosines: [Double]) -> ResidualStream {
      ResidualStream(
        embeddingNorm: 1, embeddingCosine: 0,
        layers: cosines.enumerated().map {
          .init(
            index: $0, norm: 1, attentionNorm: 1, feedForwardNorm: 1, cosineAfterAttention: 0, cosine: $1,
            largestNorm: 1, largestToken: 0)
        })
    }
    #expect(stream([0.1, 0.95, 0.8, 0.92, 1]).layerOfLasting(0.9) == 3)
    #expect(stream([0.95, 1]).layerOfLasting(0.9) == 0)
    #expect(stream([0.1, 0.2]).layerOfLasting(0.9) == nil)
  }

  @Test func theMostInstructivePieceHasTheMostMerges() throws {
    let tokenizer = Self.demo.tokenizer
    let text = "a unbelievable an"
    let view = TokenView(text, ids: tokenizer.tokenIDs(of: text), tokenizer)
    #expect(MergeView.mostInstructive(of: view).map { view.pieces[$0].text } == " unbelievable")
  }

  /// Formats are compared with a file of the same model only.
  @Test func formatsAreCompared() async throws {
    let model = try AnyModel(path: TestModels.path("q4_k_m"), threads: 2)
    let request = ExplanationRequest("abc def")
    let same = try await Explanation(request, DirectPasses(model), against: DirectPasses(model))
    let files = try #require(same.vectors?.files)
    #expect(files.map(\.name) == ["f32", "i16"])
    #expect(files[0].distance == 0 && files[0].agreement == 1)
    #expect(files[1].distance > 0 && files[1].distance < 1e-6)
    await #expect(throws: TouchstoneError.self) {
      try await Explanation(request, DirectPasses(model), against: DirectPasses(Self.demo))
    }
  }

  @Test func whatCannotBeExplainedIsRefused() async throws {
    let none = try AnyModel(path: TestModels.path("pooling-none"), threads: 2)
    await #expect(throws: TouchstoneError.self) { try await explanation(ExplanationRequest("a"), none) }
    let reranker = try AnyModel(path: TestModels.path("rerank-yes-no"), threads: 2)
    await #expect(throws: TouchstoneError.self) { try await explanation(ExplanationRequest("a"), reranker) }
    var request = ExplanationRequest("a")
    request.piece = 7
    await #expect {
      try await explanation(request)
    } throws: {
      "\($0)".contains("piece is 7, but the text has 1 pieces, counted from 0")
    }
  }

  // MARK: Pages

  @Test func thePageNeedsNothingElseAndRunsNoText() async throws {
    let hostile = "<script>alert(1)</script> \"quoted\" 'x' &amp; </textarea>"
    let request = ExplanationRequest(hostile, as: .query, documents: [hostile, "<img src=x onerror=y>"])
    let page = ExplanationPage(try await explanation(request)).html
    #expect(!page.contains("<script>alert") && !page.contains("<img"))
    #expect(
      !page.contains("http://") && !page.contains("https://") && !page.contains(" src=")
        && !page.contains("url("))
    #expect(!page.contains(" style="))
    for id in ["comparison", "match-0", "match-1", "tokens", "merges", "stream", "attention", "vector"] {
      #expect(page.contains("<section class=\"card explained\" id=\"\(id)\""), "\(id)")
    }
    let pictures = page.components(separatedBy: "<svg ").dropFirst()
    #expect(pictures.count > 4)
    for picture in pictures {
      let head = picture.prefix { $0 != ">" }
      #expect(head.contains("aria-label=\"") || head.contains("aria-hidden=\"true\""))
    }
  }

  /// The longest stream is of whichever token it is, and is named by its text.
  @Test func aRerankersPromptIsShown() async throws {
    let model = try AnyModel(path: TestModels.path("rerank-yes-no"), threads: 2)
    let explanation = try await explanation(ExplanationRequest("rain", documents: ["It pours."]), model)
    let page = ExplanationPage(explanation).html
    let labels = explanation.tokens.labels
    #expect(labels.count == explanation.tokens.tokens.count)
    for layer in explanation.stream.layers where !labels[layer.largestToken].contains(" ") {
      #expect(
        page.contains("token \(layer.largestToken) <span class=\"part\">\(labels[layer.largestToken])</span>")
      )
    }
  }

  @Test func aLetterOfSeveralTokensIsShownOnce() {
    let tokenizer = Self.demo.tokenizer
    let text = "a שלום"
    let view = TokenView(text, ids: tokenizer.tokenIDs(of: text), tokenizer)
    #expect(view.labels.filter { $0 != "″" }.dropLast().joined() == text)
    #expect(view.labels.contains("″") && !view.labels.joined().contains("\u{FFFD}"))
  }

  @Test func theJSONIsThatOfTheValue() async throws {
    let explanation = try await explanation(ExplanationRequest("disk full", documents: ["No space left."]))
    var bytes: [UInt8] = []
    bytes.append(json: explanation.json)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    #expect(object["object"] as? String == "explanation" && object["hidden_size"] as? Int == 256)
    let tokens = try #require(object["tokens"] as? [[String: Any]])
    #expect(tokens.compactMap { $0["id"] as? Int } == explanation.tokens.tokens.map { Int($0.id) })
    let attention = try #require((object["attention"] as? [String: Any])?["layers"] as? [[String: Any]])
    let head = try #require((attention[1]["heads"] as? [[String: Any]])?[2])
    let shares = try #require(head["shares"] as? [[Double]])
    for share in shares {
      let exact = Double(explanation.attention.layers[1][2][Int(share[0])])
      #expect((share[1] - exact).magnitude <= 0.5e-4 + 1e-9)
    }
    let match = try #require((object["match"] as? [String: Any])?["documents"] as? [[String: Any]])
    // Foundation may read the last bit otherwise.
    let value = try #require(match[0]["value"] as? Double)
    #expect((value - (explanation.match?.documents[0].value ?? 0)).magnitude < 1e-15)
  }

  /// What is drawn for 2,000 tokens of a large model stays small enough for a browser.
  @Test func aLongTextHasBoundedMarkup() async throws {
    let text = (0..<1_000).map { "word \($0 % 97)" }.joined(separator: " ")
    var request = ExplanationRequest(text)
    request.comparesVectors = false
    let explanation = try await explanation(request)
    #expect(explanation.tokens.tokens.count > 2_000)
    #expect(ExplanationMarkup(explanation).sections.utf8.count < 2_000_000)
  }
}
