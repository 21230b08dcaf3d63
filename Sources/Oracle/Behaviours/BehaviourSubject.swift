import Touchstone

/// What is known of the model, to judge a service's behavior by.
package struct BehaviourReference {
  package var hiddenSize: Int
  package var vocabularySize: Int
  package var endOfText: Int32
  /// The tokens of a text as the other side makes them, as far as that is known.
  package var tokenCount: (String) -> Int
  /// The ids of a text without the end of text; those of its single bytes.
  package var tokenIDs: (String) -> [Int32]
  package var byteTokenIDs: (String) -> [Int32]
  /// The vector that is expected of a text, under a limit.
  package var vector: (String, TokenLimit?) -> [Float]?

  package init(
    hiddenSize: Int, vocabularySize: Int, endOfText: Int32, tokenCount: @escaping (String) -> Int,
    tokenIDs: @escaping (String) -> [Int32], byteTokenIDs: @escaping (String) -> [Int32],
    vector: @escaping (String, TokenLimit?) -> [Float]?
  ) {
    self.hiddenSize = hiddenSize
    self.vocabularySize = vocabularySize
    self.endOfText = endOfText
    self.tokenCount = tokenCount
    self.tokenIDs = tokenIDs
    self.byteTokenIDs = byteTokenIDs
    self.vector = vector
  }
}

/// The other side under examination: requests, and what counts as a difference.
package final class BehaviourSubject {
  let backend: RemoteBackend
  let reference: BehaviourReference
  /// The tokens of the longest text that may be sent.
  let longestText: Int
  /// Two vectors of one text that differ by more are no rounding.
  let tolerance: Double
  /// Two vectors that differ by less are of the same input. Grows when the same request differs from itself.
  private(set) var sameness = 1e-10

  package init(
    _ backend: RemoteBackend, _ reference: BehaviourReference, longestText: Int, tolerance: Double
  ) {
    self.backend = backend
    self.reference = reference
    self.longestText = longestText
    self.tolerance = tolerance
  }

  /// The vector of one text; nil where the answer has none that is finite.
  func vector(_ text: String) async throws(BackendError) -> [Float]? {
    try await vectors([.text(text)])[0]
  }

  func vectors(_ inputs: [BackendInput]) async throws(BackendError) -> [[Float]?] {
    try await backend.embed(VectorRequest(inputs)).vectors.map(\.vector)
  }

  /// Whether the simplest request is answered: a control for everything else. A server that was busy or broke
  /// a connection is asked again, after a pause.
  ///
  /// - Throws: the last error, where the server answers no longer.
  func checkThatItAnswers() async throws(BackendError) {
    for pause in [0, 1, 2] {
      if pause > 0 {
        do { try await Task.sleep(for: .seconds(pause)) } catch { throw BackendError.cancelled }
      }
      do {
        _ = try await vector(Consistency.text)
        return
      } catch {
        if case .cancelled = error { throw error }
        if pause == 2 { throw error }
      }
    }
  }

  /// Why lists of texts cannot be examined; nil where they are taken.
  ///
  /// - Parameter again: asks even where the answer is known.
  func refusalOfLists(again: Bool = false) async throws(BackendError) -> String? {
    if !again, let listRefusal { return listRefusal.reason }
    let reason: String?
    do {
      let vectors = try await vectors([.text("a"), .text("deep water")])
      reason = vectors.allSatisfy { $0 != nil } ? nil : "the answer to two texts has no two vectors"
    } catch {
      switch error {
      case .status, .malformed: reason = "\(error)"
      case .unreachable, .late:
        try await checkThatItAnswers()
        reason = "\(error)"
      case .cancelled: throw error
      }
    }
    listRefusal = ListRefusal(reason: reason)
    return reason
  }

  private struct ListRefusal {
    let reason: String?
  }

  private var listRefusal: ListRefusal?

  /// 1 − cosine; infinite where the vectors cannot be compared.
  static func difference(_ a: [Float]?, _ b: [Float]?) -> Double {
    guard let a, let b, a.count == b.count else { return .infinity }
    let difference = cosineDistance(a, b)
    return difference.isNaN ? .infinity : difference
  }

  func isSame(_ a: [Float]?, _ b: [Float]?) -> Bool { Self.difference(a, b) <= sameness }

  /// Widens the tolerance to what two answers to the same request differ by.
  func noteRepetition(_ difference: Double) { sameness = max(sameness, min(4 * difference, tolerance)) }

  /// Whether the vector changes with the end of a text, and with its start: a server that takes the first
  /// token's state, say, makes the same vector of texts that differ at the end.
  lazy var seesBothEnds = BothEnds(self)
}

/// Controls for conclusions from equal vectors.
final class BothEnds {
  private unowned let subject: BehaviourSubject
  private var known: (start: Bool, end: Bool)?

  init(_ subject: BehaviourSubject) { self.subject = subject }

  func seen() async throws(BackendError) -> (start: Bool, end: Bool) {
    if let known { return known }
    let plain = try await subject.vector("the lamp stands on the table")
    let start = try await subject.vector("under the lamp stands on the table")
    let end = try await subject.vector("the lamp stands on the table there")
    let seen = (start: !subject.isSame(plain, start), end: !subject.isSame(plain, end))
    known = seen
    return seen
  }
}
