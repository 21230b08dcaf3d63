import ForeignText
import Tokenization

/// An explanation as sections of HTML: for the page of the service, and for a page by itself. All texts are
/// escaped; there is no inline style.
package struct ExplanationMarkup {
  let explanation: Explanation
  /// What is shown of each token.
  private let tokenLabels: [String]

  package init(_ explanation: Explanation) {
    self.explanation = explanation
    tokenLabels = explanation.tokens.labels
  }

  package var sections: String {
    let match = explanation.match.map { MatchMarkup(match: $0).sections } ?? ""
    return match + tokens + merges + stream + attention + vectors
  }

  private func section(_ id: String, _ title: String, _ lead: String, _ body: String) -> String {
    """
    <section class="card explained" id="\(id)" aria-labelledby="\(id)-heading">
    <h2 id="\(id)-heading">\(title)</h2>
    <p class="lead">\(lead)</p>
    \(body)</section>

    """
  }

  // MARK: Tokens

  /// Chips beyond these are left out: a browser draws a thousand elements in a tenth of a second.
  private static let mostChips = 500

  private var tokens: String {
    let view = explanation.tokens
    let chips = zip(view.tokens, tokenLabels).prefix(Self.mostChips).map { token, label in
      "<li class=\"\(token.isSpecial ? "special" : "plain")\"><span class=\"piece\" dir=\"auto\">\(TokenText.markup(label))</span>"
        + "<span class=\"bytes\">\(Figures.hexadecimal(token.bytes))</span><span class=\"id\">\(token.id)</span></li>"
    }
    var notes: [String] = []
    if view.added.after > 0 { notes.append("The last token is put after every text.") }
    if view.tokens.count > Self.mostChips {
      notes.append("The first \(Self.mostChips) are shown here, all of them under attention.")
    }
    if tokenLabels.contains("″") { notes.append("″ stands for further bytes of the letter before it.") }
    let special = view.tokens.dropLast(view.added.after).count(where: \.isSpecial) - view.added.before
    if special > 0 {
      notes.append("\(Figures.count(special, "special token")) in the text, each found as a whole.")
    }
    let changes = view.changes.map { change in
      "<li>at byte \(change.original.lowerBound): <code>\(Figures.hexadecimal(change.before))</code> became "
        + "<code>\(Figures.hexadecimal(change.after))</code>, <q dir=\"auto\">"
        + "\(Markup.escaped(String(decoding: change.after, as: UTF8.self)))</q></li>"
    }
    let nfc =
      view.pieces.isEmpty
      ? ""
      : changes.isEmpty
        ? "<p class=\"hint\">NFC changed nothing in this text.</p>"
        : "<h3>NFC</h3><p class=\"hint\">Letters and marks were joined before anything else.</p><ul class=\"changes\">\(changes.joined())</ul>"
    return section(
      "tokens", "Tokens",
      "The model reads \(Figures.count(view.tokens.count, "token")): bytes that it has met often. "
        + notes.joined(separator: " "),
      "<ol class=\"chips\" tabindex=\"0\" aria-label=\"Tokens, with bytes and id\">\(chips.joined())</ol>\(nfc)"
    )
  }

  private var merges: String {
    guard !explanation.pieceMerges.isEmpty else { return "" }
    let chosen = explanation.merges?.piece
    let items = explanation.pieceMerges.map { merges in
      let piece = String(decoding: merges.bytes, as: UTF8.self)
      let tokens = merges.steps.last?.tokens.count ?? merges.bytes.count
      return
        "<details\(merges.piece == chosen ? " open" : "")><summary><span class=\"piece\" dir=\"auto\">\(TokenText.markup(piece))</span> "
        + "<span class=\"hint\">\(Figures.count(merges.bytes.count, "byte")), \(Figures.count(merges.steps.count, "merge")), "
        + "\(Figures.count(tokens, "token"))</span></summary>\(Self.steps(merges))</details>"
    }
    return section(
      "merges", "Merges",
      "Each piece begins as single bytes. The pair with the lowest rank merges first, until no pair has one.",
      items.joined(separator: "\n"))
  }

  private static func steps(_ merges: MergeView) -> String {
    guard !merges.steps.isEmpty else {
      return merges.bytes.count > MergeView.byteLimit
        ? "<p class=\"hint\">A piece of more than \(MergeView.byteLimit) bytes is not shown step by step.</p>"
        : "<p class=\"hint\">Nothing merges.</p>"
    }
    let rows = merges.steps.map { step in
      "<tr><td class=\"figure\">\(step.rank)</td><td>\(spelled(step.left)) + \(spelled(step.right))</td>"
        + "<td class=\"parts\">\(step.tokens.map(spelled).joined(separator: " "))</td></tr>"
    }
    return
      "\(Scrolling.begin("Steps of the merges"))<table><thead><tr><th class=\"figure\">rank</th><th>pair</th><th>the piece after it</th></tr></thead>"
      + "<tbody><tr><td></td><td></td><td class=\"parts\">\(merges.bytes.map { spelled([$0]) }.joined(separator: " "))</td></tr>"
      + "\(rows.joined())</tbody></table></div>"
  }

  private static func spelled(_ bytes: [UInt8]) -> String {
    let text =
      String(validating: bytes, as: UTF8.self).map { TokenText.markup($0) } ?? Figures.hexadecimal(bytes)
    return "<span class=\"part\">\(text)</span>"
  }

  // MARK: The pass

  private var stream: String {
    let stream = explanation.stream
    let labels = ["token"] + stream.layers.map { "\($0.index)" }
    let cosines = [stream.embeddingCosine] + stream.layers.map(\.cosine)
    let lasting = stream.layerOfLasting(0.9).map { "From layer \($0) on, the cosine stays above 0.9." } ?? ""
    let curve = CurvePlot(
      title: "Cosine of the last token's state after each layer to the final vector: "
        + cosines.map { Figures.fixed($0, 2) }.joined(separator: ", "),
      xTitle: "after layer", labels: labels, lines: [("cosine", "first", cosines)],
      range: min(0, (cosines.min() ?? 0).rounded(.down))...1)
    let norms = CurvePlot(
      title:
        "Length of the last token's stream, and of what attention and the feed-forward part add; in the table",
      xTitle: "after layer", labels: labels,
      lines: [
        ("stream", "first", [stream.embeddingNorm] + stream.layers.map(\.norm)),
        ("attention", "second", [0] + stream.layers.map(\.attentionNorm)),
        ("feed-forward", "third", [0] + stream.layers.map(\.feedForwardNorm)),
      ],
      range:
        0...CurvePlot.top(
          stream.layers.flatMap { [$0.norm, $0.attentionNorm, $0.feedForwardNorm] }.max() ?? 1))
    let rows = stream.layers.map { layer in
      return
        "<tr><th scope=\"row\" class=\"figure\">\(layer.index)</th><td class=\"figure\">\(Figures.length(layer.norm))</td>"
        + "<td class=\"figure\">\(Figures.length(layer.attentionNorm))</td><td class=\"figure\">\(Figures.length(layer.feedForwardNorm))</td>"
        + "<td class=\"figure\">\(Figures.fixed(layer.cosineAfterAttention, 4))</td><td class=\"figure\">\(Figures.fixed(layer.cosine, 4))</td>"
        + "<td>\(Figures.length(layer.largestNorm)), token \(layer.largestToken) <span class=\"part\">\(TokenText.markup(tokenLabels[layer.largestToken]))</span></td></tr>"
    }
    let table =
      "<details><summary>The numbers</summary>\(Scrolling.begin("Lengths and cosines by layer"))<table><thead><tr><th class=\"figure\">layer</th>"
      + "<th class=\"figure\">length</th><th class=\"figure\">attention adds</th><th class=\"figure\">feed-forward adds</th>"
      + "<th class=\"figure\">cosine after attention</th><th class=\"figure\">cosine</th><th>longest of all tokens</th></tr></thead>"
      + "<tbody>\(rows.joined())</tbody></table></div></details>"
    return section(
      "stream", "Residual stream",
      "Every layer reads one stream and adds to it. After each layer, the stream of the last token goes through the final norm "
        + "and is compared with the final vector: where the curve rises, the meaning arises. \(lasting)",
      "<h3>How near to the final vector</h3>\(Scrolling.begin("Curve of the cosines"))\(curve.svg)</div>"
        + "<h3>How long</h3><p class=\"legend\"><span class=\"key first\"></span>stream <span class=\"key second\"></span>attention adds "
        + "<span class=\"key third\"></span>feed-forward adds</p>\(Scrolling.begin("Curves of the lengths"))\(norms.svg)</div>\(table)"
    )
  }

  private var attention: String {
    let attention = explanation.attention
    let mean = attention.mean
    let largest = Double(mean.max() ?? 1)
    let text = tokenLabels.enumerated().map { index, label in
      let share = Double(mean[index])
      return
        "<span class=\"token w\(Shading.level(largest > 0 ? share / largest : 0))\" data-token=\"\(index)\" "
        + "title=\"token \(index): \(Figures.percent(share))\">\(TokenText.plain(label))</span>"
    }
    let top = mean.indices.sorted { (-mean[$0], $0) < (-mean[$1], $1) }.prefix(8).map { token in
      "<li><span class=\"part\">\(TokenText.markup(tokenLabels[token]))</span> "
        + "\(Figures.percent(Double(mean[token])))\(token == mean.count - 1 ? ", itself" : "")</li>"
    }
    let sinks = attention.sinks.map { sink in
      "<p>Token \(sink.token), <span class=\"part\">\(TokenText.markup(tokenLabels[sink.token]))</span>, is an attention sink: "
        + "it draws \(Figures.percent(sink.share)) of all attention, the largest share of \(sink.headCount) of "
        + "\(attention.layers.count * attention.headCount) heads. Heads with nothing to say put their attention there.</p>"
    }
    let none = "<p>No token is an attention sink: none draws a fifth of all attention.</p>"
    return section(
      "attention", "Attention of the last token",
      "The vector is the last token's state, and this is what it read: darker tokens got more attention, relative to the one that "
        + "got most.",
      """
      <div class="choosers" hidden>
      <label class="choice">Layer <select class="layer"><option value="">all, the mean</option></select></label>
      <label class="choice">Head <select class="head"><option value="">all, the mean</option></select></label>
      </div>
      <p class="shown" aria-live="polite">The mean over all heads of all layers.</p>
      <p class="attended" dir="auto">\(text.joined())</p>
      <ol class="most" aria-label="Tokens with most attention">\(top.joined())</ol>
      \(sinks.isEmpty ? none : sinks.joined())
      <h3>Heads</h3>
      <p class="hint">Entropy says how many tokens a head looks at: 0 bits for one, \
      \(Figures.fixed(attention.largestEntropy, 1)) bits for all alike. The narrowest head is the darkest.</p>
      \(Scrolling.begin("Grid of heads"))\(HeadGrid(attention: attention).svg)</div>
      \(entropies)
      """)
  }

  private var entropies: String {
    let attention = explanation.attention
    let head = (0..<attention.headCount).map { "<th class=\"figure\" scope=\"col\">\($0)</th>" }.joined()
    let rows = attention.layers.indices.map { layer in
      let cells = (0..<attention.headCount).map {
        "<td class=\"figure\">\(Figures.fixed(attention.entropy(layer: layer, head: $0), 1))</td>"
      }
      return "<tr><th scope=\"row\" class=\"figure\">\(layer)</th>\(cells.joined())</tr>"
    }
    return
      "<details><summary>The entropies, in bits</summary>\(Scrolling.begin("Entropies by layer and head"))<table><thead><tr><th>layer</th>\(head)</tr></thead>"
      + "<tbody>\(rows.joined())</tbody></table></div></details>"
  }

  // MARK: The vector

  private var vectors: String {
    guard let view = explanation.vectors else { return "" }
    let widths = CurvePlot(
      title: "By number of dimensions: "
        + view.widths.map {
          "\($0.name): cosine \(Figures.fixed(1 - $0.distance, 3)), \(Figures.percent($0.agreement)) of pairs in order"
        }.joined(separator: "; "),
      xTitle: "dimensions kept", labels: view.widths.map(\.name),
      lines: [
        ("cosine to the full vector", "first", view.widths.map { 1 - $0.distance }),
        ("pairs of texts in the same order", "second", view.widths.map(\.agreement)),
      ], range: 0...1)
    let nearest = view.nearest.map { text, cosine in
      "<li><span class=\"figure\">\(Figures.fixed(cosine, 4))</span> <span dir=\"auto\">\(Markup.escaped(text))</span></li>"
    }
    let files =
      view.files.isEmpty
      ? ""
      : "<h3>What the weights’ format costs</h3><p class=\"hint\">Against the other file with f32 activations.</p>"
        + Self.table("activations", view.files)
    return section(
      "vector", "The vector",
      "\(view.dimensions) numbers. What matters is the order in which other texts are near: here the order of "
        + "\(BuiltInCorpus.texts.count) built-in texts.",
      "<h3>Fewer dimensions (Matryoshka)</h3><p class=\"legend\"><span class=\"key first\"></span>cosine to the full vector "
        + "<span class=\"key second\"></span>pairs of texts in the same order</p>\(Scrolling.begin("Curves by dimensions"))\(widths.svg)</div>"
        + Self.table("dimensions", view.widths)
        + "<h3>Precision of the activations</h3><p class=\"hint\">Against f32.</p>"
        + Self.table("activations", view.precisions)
        + files + "<h3>Nearest built-in texts</h3><ol class=\"nearest\">\(nearest.joined())</ol>")
  }

  private static func table(_ title: String, _ comparisons: [VectorComparison]) -> String {
    let rows = comparisons.map { row in
      "<tr><th scope=\"row\">\(row.name)</th><td class=\"figure\">\(Figures.distance(row.distance))</td>"
        + "<td class=\"figure\">\(Figures.percent(row.agreement))</td><td class=\"figure\">\(row.commonNearest) of 5</td>"
        + "<td class=\"figure\">\(Figures.distance(row.largestChange))</td></tr>"
    }
    return
      "\(Scrolling.begin("Vectors compared"))<table><thead><tr><th>\(title)</th><th class=\"figure\">1 − cosine</th><th class=\"figure\">pairs in order</th>"
      + "<th class=\"figure\">same nearest</th><th class=\"figure\">largest change of a cosine</th></tr></thead><tbody>\(rows.joined())"
      + "</tbody></table></div>"
  }
}

/// What is wider than a telephone scrolls by itself, with the keyboard too.
enum Scrolling {
  static func begin(_ label: String) -> String {
    "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"\(label)\">"
  }
}

/// A token's text with white space that can be seen.
enum TokenText {
  /// With lines that end where the text has them, and without elements: there may be thousands.
  static func plain(_ text: String) -> String {
    Markup.escaped(text.replacing(" ", with: "·").replacing("\t", with: "⇥")).replacing("&#10;", with: "↵\n")
  }

  static func markup(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case " ": result += "<span class=\"blank\">·</span>"
      case "\n", "\r\n": result += "<span class=\"blank\">↵</span>"
      case "\t": result += "<span class=\"blank\">⇥</span>"
      default: result += Markup.escaped(String(character))
      }
    }
    return result
  }
}
