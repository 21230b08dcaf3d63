/// Something that takes hostile input, and what must hold whatever that is.
package enum FuzzTarget: String, CaseIterable, Sendable {
  /// A model file with changed fields, through inspecting, tokenizing, embedding and reranking.
  case model
  /// A vocabulary with added tokens of any bytes, and texts made for it.
  case vocabulary
  /// JSON and what looks like it.
  case json
  /// Models of odd shapes, on every instruction set of this processor.
  case shapes
  /// Traces, golden sets and arrays of other programs.
  case formats
  /// Documents of all formats, read and cut into pieces.
  case documents

  /// Makes an input from `bytes` and runs it.
  ///
  /// - Throws: a ``Finding`` where what must hold does not. What is worse, a trap or a read beyond a buffer,
  ///   ends the process.
  package func run(_ bytes: some Sequence<UInt8>) throws {
    var decisions = Decisions(bytes)
    switch self {
    case .model: try ModelFuzzing.run(&decisions)
    case .vocabulary: try VocabularyFuzzing.run(&decisions)
    case .json: try JSONFuzzing.run(&decisions)
    case .shapes: try ShapeFuzzing.run(&decisions)
    case .formats: try FormatsFuzzing.run(&decisions)
    case .documents: try DocumentsFuzzing.run(&decisions)
    }
  }
}

/// Something that must hold does not.
package struct Finding: Error, CustomStringConvertible {
  package let description: String
}

/// Throws where `condition` does not hold.
func demand(_ condition: Bool, _ description: @autoclosure () -> String) throws(Finding) {
  if !condition { throw Finding(description: description()) }
}

/// What every error sentence must be: something, on one line, of a length that a person reads, with nothing
/// that a terminal obeys.
func demandSentence(_ error: some Error) throws(Finding) {
  let sentence = "\(error)"
  try demand(!sentence.isEmpty, "\(type(of: error)) has no sentence")
  try demand(
    sentence.utf8.count <= 2000, "the sentence of \(type(of: error)) has \(sentence.utf8.count) bytes")
  let isTame = sentence.unicodeScalars.allSatisfy {
    $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) && !(0x202A...0x202E).contains($0.value)
      && !(0x2066...0x2069).contains($0.value)
  }
  try demand(isTame, "the sentence of \(type(of: error)) has control characters")
}
