/// The other side of a check, reached over a network.
package protocol Backend: Sendable {
  /// Asks for the vectors of several inputs in one request.
  ///
  /// - Returns: an answer for each input, in their order.
  /// - Throws: ``BackendError`` where there is no answer at all.
  func embed(_ inputs: [BackendInput], dimensions: Int?) async throws(BackendError) -> BackendAnswer
  /// Whether the dialect can carry token ids, and a number of dimensions.
  var takesTokenIDs: Bool { get }
  var takesDimensions: Bool { get }
}

package enum BackendInput: Sendable, Equatable {
  case text(String)
  case tokenIDs([Int32])
}

package struct BackendAnswer: Sendable {
  /// In the order of the inputs.
  package var vectors: [Observation]
  /// The tokens that the other side says it has computed, for all inputs together.
  package var tokenCount: Int?
  /// The vectors as they stand in the answer, and the indices there; empty where the dialect has none.
  package var inAnswerOrder: [Observation]
  package var indices: [Int?] = []
  /// Whether a vector came as base64.
  package var isBase64 = false

  package init(vectors: [Observation], tokenCount: Int?) {
    self.vectors = vectors
    self.tokenCount = tokenCount
    inAnswerOrder = vectors
  }
}

/// Why the other side gave no vectors. One sentence for a person; it never quotes a text.
package enum BackendError: Error, Equatable, CustomStringConvertible {
  /// Nothing answers there, or the connection ends before the answer is complete.
  case unreachable(String)
  /// The answer did not come in time. A slow machine is enough for that.
  case late(String)
  /// An answer with an HTTP status that says error.
  case status(Int, String)
  /// An answer that is not what the dialect says.
  case malformed(String)
  /// The task was canceled.
  case cancelled

  package var description: String {
    switch self {
    case .unreachable(let sentence), .late(let sentence), .malformed(let sentence): sentence
    case .status(let code, let reason): "the other side answered with status \(code): \(reason)"
    case .cancelled: "interrupted"
    }
  }
}
