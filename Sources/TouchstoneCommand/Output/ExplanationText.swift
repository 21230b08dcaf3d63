import Explanations

/// An explanation for a terminal of 80 columns.
struct ExplanationText {
  let explanation: Explanation
  let width: Int
  let hasColors: Bool
  let parts: Set<ExplanationPart>

  /// - Parameter width: nil: 80 columns.
  init(_ explanation: Explanation, width: Int?, hasColors: Bool, parts: Set<ExplanationPart>) {
    self.explanation = explanation
    self.width = min(max(width ?? 80, 60), 120)
    self.hasColors = hasColors
    self.parts = parts
  }

  var text: String {
    var sections: [[String]] = [head]
    if parts.contains(.match), let match = explanation.match { sections += matchSections(match) }
    if parts.contains(.tokens) { sections.append(tokens) }
    if parts.contains(.merges), let merges = explanation.merges { sections.append(steps(merges)) }
    if parts.contains(.stream) { sections.append(stream) }
    if parts.contains(.attention) { sections.append(attention) }
    if parts.contains(.vector), let vectors = explanation.vectors { sections += vectorSections(vectors) }
    return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private var head: [String] {
    let subject = explanation.subject
    return [
      DisplayText.cut(
        "\(DisplayText.oneLine(subject.model)): \(subject.layerCount) layers, \(subject.headCount) heads, "
          + "\(subject.hiddenSize) components, \(subject.activations.rawValue)", to: width)
    ]
  }

  // MARK: Tokens

  private var tokens: [String] {
    let view = explanation.tokens
    var lines = [
      "TOKENS: the model reads \(count(view.tokens.count, "token"))",
      "    #       id  bytes                     token",
    ]
    let shown = view.tokens.count > 200 ? 100 : view.tokens.count
    let labels = view.labels
    for (index, token) in view.tokens.prefix(shown).enumerated() {
      let bytes = token.bytes.map(hexadecimal).joined(separator: " ")
      let special = token.isSpecial ? "  special" : ""
      lines.append(
        "\(right("\(index)", 5))  \(right("\(token.id)", 7))  \(DisplayText.padded(bytes, to: 24))  "
          + visible(labels[index], most: width - 52) + special)
    }
    if shown < view.tokens.count {
      lines.append("       and \(view.tokens.count - shown) more; --json has all")
    }
    if view.added.after > 0 {
      lines.append("The last token is put after every text: the vector is its state.")
    }
    for change in view.changes.prefix(10) {
      lines.append(
        "NFC, at byte \(change.original.lowerBound): \(hexadecimal(change.before)) became \(hexadecimal(change.after)), "
          + visible(String(decoding: change.after, as: UTF8.self), most: 12))
    }
    if labels.contains("″") { lines.append("″ stands for further bytes of the letter before it.") }
    if view.changes.isEmpty, !view.pieces.isEmpty { lines.append("NFC changed nothing.") }
    return lines
  }

  private func steps(_ merges: MergeView) -> [String] {
    var lines = [
      "MERGES of piece \(merges.piece), \(visible(String(decoding: merges.bytes, as: UTF8.self), most: 30)): the lowest rank first",
      "     rank  pair                      the piece after it",
      "           " + DisplayText.padded("", to: 26)
        + DisplayText.cut(merges.bytes.map { spelled([$0]) }.joined(separator: " "), to: width - 37),
    ]
    for step in merges.steps {
      let pair = "\(spelled(step.left)) + \(spelled(step.right))"
      lines.append(
        "\(right(Decimal.grouped(step.rank), 9))  \(DisplayText.padded(pair, to: 24))  "
          + DisplayText.cut(step.tokens.map(spelled).joined(separator: " "), to: width - 37))
    }
    if merges.steps.isEmpty {
      lines.append(
        merges.bytes.count > MergeView.byteLimit
          ? "           a piece of more than \(MergeView.byteLimit) bytes is not shown step by step"
          : "           nothing merges")
    }
    return lines
  }

  // MARK: The pass

  private var stream: [String] {
    let stream = explanation.stream
    var lines = [
      "RESIDUAL STREAM of the last token: lengths, and the cosine to the final vector",
      "  layer    length  + attention  + feed-forward  cosine",
      "  token  \(number(stream.embeddingNorm, 8))  \(right("", 11))  \(right("", 14))  "
        + bar(stream.embeddingCosine),
    ]
    for layer in stream.layers {
      lines.append(
        "  \(right("\(layer.index)", 5))  \(number(layer.norm, 8))  \(number(layer.attentionNorm, 11))  "
          + "\(number(layer.feedForwardNorm, 14))  \(bar(layer.cosine))")
    }
    let lasting = [0.5, 0.9].compactMap { level in
      stream.layerOfLasting(level).map { "above \(Decimal.text(level, digits: 1)) from layer \($0) on" }
    }
    if !lasting.isEmpty { lines.append("The cosine stays \(lasting.joined(separator: ", ")).") }
    if let largest = stream.layers.max(by: { $0.largestNorm < $1.largestNorm }) {
      lines.append(
        "The longest stream is of token \(largest.largestToken) after layer \(largest.index): "
          + "\(Decimal.text(largest.largestNorm, digits: 1)).")
    }
    return lines
  }

  /// `0.873 ████████████████▌`
  private func bar(_ cosine: Double) -> String {
    let columns = max(8, width - 62)
    let eighths = Int((min(max(cosine, 0), 1) * Double(columns * 8)).rounded())
    let part = eighths % 8 == 0 ? "" : String(Array("▏▎▍▌▋▊▉")[eighths % 8 - 1])
    return right(Decimal.text(cosine, digits: 3), 6) + " " + String(repeating: "█", count: eighths / 8) + part
  }

  private var attention: [String] {
    let attention = explanation.attention
    let tokens = explanation.tokens.labels
    var lines = [
      "ATTENTION of the last token: the mean over \(attention.headCount) heads, and the entropy of each head",
      "An entropy of 0 bits is one token; of \(Decimal.text(attention.largestEntropy, digits: 1)) bits, all tokens alike.",
    ]
    for layer in attention.layers.indices {
      let mean = attention.mean(layer: layer)
      let entropies = attention.layers[layer].indices.map {
        Decimal.text(attention.entropy(layer: layer, head: $0), digits: 1)
      }
      let top = mean.indices.sorted { (-mean[$0], $0) < (-mean[$1], $1) }.prefix(6).map { token in
        "\(token == tokens.count - 1 ? "itself" : visible(tokens[token], most: 12)) \(percent(mean[token]))"
      }
      lines.append(
        "  " + DisplayText.cut("\(right("\(layer)", 3))  \(top.joined(separator: "  "))", to: width - 2))
      lines.append("       " + DisplayText.cut("bits \(entropies.joined(separator: " "))", to: width - 7))
    }
    if hasColors {
      let mean = attention.mean.dropLast()
      let largest = mean.max() ?? 1
      let painted = zip(tokens, mean).prefix(300).map { token, share in
        Shade.paint(
          DisplayText.oneLine(token), similarity: largest > 0 ? Double(share / largest) : 0)
      }
      lines += ["Mean over all layers, darker for more:", painted.joined()]
    }
    for sink in attention.sinks {
      lines.append(
        "Sink: token \(sink.token), \(visible(tokens[sink.token], most: 12)), draws \(percent(Float(sink.share))) of all "
          + "attention, the largest share of \(sink.headCount) of \(attention.layers.count * attention.headCount) heads."
      )
    }
    if attention.sinks.isEmpty { lines.append("No token is a sink: none draws a fifth of all attention.") }
    return lines
  }

  // MARK: The vector

  private func vectorSections(_ view: VectorView) -> [[String]] {
    let head = " 1 − cosine  pairs in order  same of nearest 5  largest change"
    func row(_ comparison: VectorComparison, _ name: String) -> String {
      "  \(DisplayText.padded(name, to: 12))\(right(scientific(comparison.distance), 11))"
        + "\(right(Decimal.text(comparison.agreement * 100, digits: 1) + " %", 16))"
        + "\(right("\(comparison.commonNearest)", 19))\(right(scientific(comparison.largestChange), 16))"
    }
    var sections = [
      [
        "DIMENSIONS: the first components against all \(view.dimensions), ranking \(BuiltInCorpus.texts.count) built-in texts",
        "  dimensions  " + head,
      ]
        + view.widths.map { row($0, $0.name) },
      ["PRECISION of the activations, against f32", "  activations " + head]
        + view.precisions.map { row($0, $0.name) },
    ]
    if !view.files.isEmpty {
      sections.append(
        ["FORMAT: this file's weights, against the other file with f32 activations", "  activations " + head]
          + view.files.map { row($0, $0.name) })
    }
    sections.append(
      ["NEAREST of the built-in texts"]
        + view.nearest.map {
          "  \(Decimal.text($0.cosine, digits: 4))  \(DisplayText.cut($0.text, to: width - 10))"
        })
    return sections
  }

  // MARK: The match

  private func matchSections(_ match: MatchExplanation) -> [[String]] {
    var sections: [[String]] = []
    if let comparison = match.comparison { sections.append(lines(of: comparison, match)) }
    for (index, document) in match.documents.enumerated() {
      let name = match.documents.count > 1 ? "document \(letter(index))" : "the document"
      let value = Decimal.text(document.value, digits: 4)
      let measure =
        document.probability.map { "score \(Decimal.text($0, digits: 4)), logit \(value)" }
        ?? "cosine \(value)"
      sections.append(
        ["MATCH of the query and \(name): \(measure)"]
          + units(document.ofDocument, "What carries it in \(name)", document.text)
          + units(document.ofQuery, "What carries it in the query", match.query))
    }
    sections.append([
      "Each row is without that part: \(count(match.passCount, "text")), \(count(match.tokenCount, "token")) were run."
    ])
    return sections
  }

  private func units(_ units: MatchExplanation.Units, _ title: String, _ text: String) -> [String] {
    let words = units.words
    guard !words.isEmpty else { return [title + ": it is one word."] }
    let together = units.wordsTogether > 1 ? ", \(units.wordsTogether) words at a time" : ""
    var lines = ["\(title), by word\(together):"]
    if hasColors {
      let largest = words.map(\.effect).max() ?? 0
      lines.append(
        "  "
          + words.map { unit in
            Shade.paint(DisplayText.oneLine(unit.text), similarity: largest > 0 ? unit.effect / largest : 0)
          }.joined())
    }
    lines += rows(words)
    if !units.sentences.isEmpty { lines += ["\(title), by sentence:"] + rows(units.sentences) }
    return lines
  }

  /// The units that carry most, and those that stand against it.
  private func rows(_ units: [MatchExplanation.Unit]) -> [String] {
    let most = 12
    let largest = units.map(\.effect.magnitude).max() ?? 0
    let sorted = units.sorted { ($0.effect, $1.bytes.lowerBound) > ($1.effect, $0.bytes.lowerBound) }
    let shown = sorted.count > most ? sorted.prefix(most - 4) + sorted.suffix(4) : sorted[...]
    var lines = shown.map { unit in
      let columns = largest > 0 ? Int((unit.effect.magnitude / largest * 16).rounded()) : 0
      let mark = String(repeating: unit.effect < 0 ? "░" : "█", count: columns)
      return "  \(signed(unit.effect))  \(DisplayText.padded(mark, to: 16))  "
        + DisplayText.cut(DisplayText.oneLine(unit.text.trimmed), to: width - 30)
    }
    if sorted.count > most { lines.insert("  … \(sorted.count - most) between", at: most - 4) }
    return lines
  }

  private func lines(of comparison: HitComparison, _ match: MatchExplanation) -> [String] {
    let (above, below) = (letter(comparison.above), letter(comparison.below))
    var lines = [
      "WHY document \(above) is above document \(below): it leads by \(Decimal.text(comparison.lead, digits: 4))"
    ]
    if !comparison.queryWords.isEmpty {
      lines.append("How much of the lead each word of the query carries:")
      lines += rows(comparison.queryWords)
    }
    if let decisive = comparison.decisive {
      let word = "'\(DisplayText.cut(DisplayText.oneLine(decisive.unit.text.trimmed), to: 24))'"
      lines.append(
        decisive.turns
          ? "Without \(word), document \(above) would be below document \(below)."
          : "No single part of document \(above) decides: without \(word) it still leads, by "
            + "\(Decimal.text(comparison.lead - decisive.unit.effect, digits: 4)).")
    }
    return lines
  }

  private func letter(_ index: Int) -> String { index == 0 ? "A" : "B" }

  // MARK: Numbers and texts

  private func count(_ number: Int, _ noun: String) -> String {
    "\(Decimal.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  private func right(_ text: String, _ width: Int) -> String { DisplayText.rightAligned(text, to: width) }

  private func number(_ value: Double, _ width: Int) -> String {
    Decimal.text(value, digits: value < 100 ? 2 : 0, width: width)
  }

  private func percent(_ share: Float) -> String { Decimal.text(Double(share) * 100, digits: 0) + " %" }

  private func signed(_ value: Double) -> String {
    right((value < 0 ? "" : "+") + Decimal.text(value, digits: 4), 8)
  }

  /// `1.4e-05`, and 0 for nothing at all.
  private func scientific(_ value: Double) -> String {
    let value = max(value, 0)
    guard value > 1e-16 else { return "0" }
    guard value < 0.001 else { return Decimal.text(value, digits: 4) }
    var (mantissa, exponent) = (value, 0)
    while mantissa < 0.995 {
      mantissa *= 10
      exponent += 1
    }
    return "\(Decimal.text(mantissa, digits: 1))e-\(exponent)"
  }

  private func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    DisplayText.cut(bytes.map(hexadecimal).joined(separator: " "), to: 24)
  }

  /// With white space that can be seen.
  private func visible(_ text: String, most: Int) -> String {
    DisplayText.cut(DisplayText.oneLine(text).replacing(" ", with: "·"), to: max(most, 4))
  }

  /// Bytes as text where they are characters, else as numbers.
  private func spelled(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return visible(text, most: 24) }
    return bytes.map(hexadecimal).joined()
  }
}

extension String {
  /// Without white space around it.
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}

/// A part of an explanation, by the name that the command line has for it.
enum ExplanationPart: String, CaseIterable {
  case match, tokens, merges, stream, attention, vector
}
