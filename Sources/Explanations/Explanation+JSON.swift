import JSON
import Tokenization

extension Explanation {
  /// How many tokens of each head are in the JSON: those with the largest shares. Rows of short texts are
  /// whole.
  static let tokensOfHead = 32

  /// For programs and the page. Tokens count from 0; numbers have seven digits, shares of attention four.
  package var json: JSONValue {
    .object([
      .init("object", .string("explanation")), .init("model", .string(subject.model)),
      .init("task", .string(subject.isReranker ? "reranking" : "embedding")),
      .init("layer_count", .number(subject.layerCount)), .init("head_count", .number(subject.headCount)),
      .init("hidden_size", .number(subject.hiddenSize)),
      .init("pooling", .string(subject.pooling.rawValue)),
      .init("activations", .string(subject.activations.rawValue)), .init("text", .string(subject.text)),
      .init("tokens", .array(tokens.tokens.map(\.json))),
      .init("pieces", .array(tokens.pieces.map(\.json))), .init("nfc", .array(tokens.changes.map(\.json))),
      .init("merges", merges?.json ?? .null), .init("residual", stream.json),
      .init("attention", attention.json), .init("vectors", vectors?.json ?? .null),
      .init("match", match?.json ?? .null),
    ])
  }
}

extension JSONValue {
  /// Seven significant digits: more are noise of the last bits.
  fileprivate static func short(_ value: Double) -> JSONValue {
    guard value.isFinite, value != 0 else { return .number(value) }
    var scale = 1.0
    while value.magnitude * scale < 1e6, scale < 1e300 { scale *= 10 }
    while value.magnitude * scale >= 1e7 { scale /= 10 }
    return .number((value * scale).rounded() / scale)
  }

  /// A share of 1, to a ten-thousandth: there are many of them.
  fileprivate static func share(_ value: Float) -> JSONValue {
    .number((Double(value) * 10_000).rounded() / 10_000)
  }

  fileprivate static func bytes(_ bytes: [UInt8]) -> JSONValue {
    .array(bytes.map { .number(Int($0)) })
  }

  fileprivate static func range(_ range: Range<Int>) -> JSONValue {
    .array([.number(range.lowerBound), .number(range.upperBound)])
  }
}

extension TokenView.Token {
  fileprivate var json: JSONValue {
    .object([
      .init("id", .number(Int(id))), .init("text", .string(text)), .init("bytes", .bytes(bytes)),
      .init("special", .bool(isSpecial)),
    ])
  }
}

extension TokenView.Piece {
  fileprivate var json: JSONValue {
    .object([
      .init("text", .string(text)), .init("tokens", .range(tokens)), .init("special", .bool(isSpecial)),
    ])
  }
}

extension TokenizationHistory.Change {
  fileprivate var json: JSONValue {
    .object([
      .init("bytes", .range(original)), .init("before", .string(String(decoding: before, as: UTF8.self))),
      .init("after", .string(String(decoding: after, as: UTF8.self))),
      .init("before_bytes", .bytes(before)), .init("after_bytes", .bytes(after)),
    ])
  }
}

extension MergeView {
  fileprivate var json: JSONValue {
    .object([
      .init("piece", .number(piece)), .init("bytes", .bytes(bytes)),
      .init(
        "steps",
        .array(
          steps.map { step in
            .object([
              .init("rank", .number(step.rank)), .init("left", .bytes(step.left)),
              .init("right", .bytes(step.right)), .init("id", .number(Int(step.id))),
              .init("tokens", .array(step.tokens.map(JSONValue.bytes))),
            ])
          })),
    ])
  }
}

extension ResidualStream {
  fileprivate var json: JSONValue {
    let layers = layers.map { layer in
      JSONValue.object([
        .init("layer", .number(layer.index)), .init("norm", .short(layer.norm)),
        .init("attention_norm", .short(layer.attentionNorm)),
        .init("feed_forward_norm", .short(layer.feedForwardNorm)),
        .init("cosine_after_attention", .short(layer.cosineAfterAttention)),
        .init("cosine", .short(layer.cosine)), .init("largest_norm", .short(layer.largestNorm)),
        .init("largest_token", .number(layer.largestToken)),
      ])
    }
    return .object([
      .init("embedding_norm", .short(embeddingNorm)), .init("embedding_cosine", .short(embeddingCosine)),
      .init("layers", .array(layers)),
    ])
  }
}

extension LastTokenAttention {
  var json: JSONValue {
    let layers = layers.enumerated().map { layer, heads in
      JSONValue.object([
        .init("mean", .array(mean(layer: layer).map(JSONValue.share))),
        .init("heads", .array(heads.map(Self.head))),
      ])
    }
    return .object([
      .init("largest_entropy", .short(largestEntropy)),
      .init("mean", .array(mean.map(JSONValue.share))),
      .init(
        "sinks",
        .array(
          sinks.map { sink in
            .object([
              .init("token", .number(sink.token)), .init("share", .short(sink.share)),
              .init("heads", .number(sink.headCount)),
            ])
          })), .init("layers", .array(layers)),
    ])
  }

  /// The entropy, and the largest shares as pairs of token and share, in the order of the tokens.
  private static func head(_ shares: [Float]) -> JSONValue {
    let top = shares.indices.sorted { (-shares[$0], $0) < (-shares[$1], $1) }
      .prefix(Explanation.tokensOfHead).sorted()
    return .object([
      .init("entropy", .short(Explanations.entropy(shares))),
      .init("shares", .array(top.map { .array([.number($0), .share(shares[$0])]) })),
    ])
  }
}

extension VectorComparison {
  fileprivate var json: JSONValue {
    .object([
      .init("name", .string(name)), .init("one_minus_cosine", .short(distance)),
      .init("pairs_in_order", .short(agreement)), .init("common_nearest", .number(commonNearest)),
      .init("largest_change", .short(largestChange)),
    ])
  }
}

extension VectorView {
  fileprivate var json: JSONValue {
    .object([
      .init("dimensions", .number(dimensions)), .init("widths", .array(widths.map(\.json))),
      .init("precisions", .array(precisions.map(\.json))), .init("files", .array(files.map(\.json))),
      .init(
        "nearest",
        .array(
          nearest.map { .object([.init("text", .string($0.text)), .init("cosine", .short($0.cosine))]) })),
    ])
  }
}

extension MatchExplanation {
  fileprivate var json: JSONValue {
    let documents = documents.map { document in
      JSONValue.object([
        .init("text", .string(document.text)), .init("tokens", .number(document.tokenCount)),
        .init("value", .number(document.value)),
        .init("score", document.probability.map(JSONValue.number) ?? .null),
        .init("document", document.ofDocument.json), .init("query", document.ofQuery.json),
      ])
    }
    return .object([
      .init("measure", .string(measure.rawValue)), .init("query", .string(query)),
      .init("documents", .array(documents)), .init("comparison", comparison?.json ?? .null),
      .init("texts_run", .number(passCount)), .init("tokens_run", .number(tokenCount)),
    ])
  }
}

extension MatchExplanation.Units {
  fileprivate var json: JSONValue {
    .object([
      .init("words_together", .number(wordsTogether)), .init("words", .array(words.map(\.json))),
      .init("sentences", .array(sentences.map(\.json))),
    ])
  }
}

extension MatchExplanation.Unit {
  /// Without rounding: these numbers are exactly those of the shortened texts.
  fileprivate var json: JSONValue {
    .object([
      .init("bytes", .range(bytes)), .init("text", .string(text)), .init("without", .number(without)),
      .init("effect", .number(effect)),
    ])
  }
}

extension HitComparison {
  fileprivate var json: JSONValue {
    .object([
      .init("above", .number(above)), .init("below", .number(below)), .init("lead", .number(lead)),
      .init("query", .array(queryWords.map(\.json))),
      .init(
        "decisive",
        decisive.map { .object([.init("unit", $0.unit.json), .init("turns", .bool($0.turns))]) } ?? .null),
    ])
  }
}
