/// The ways in which a service can go wrong whatever its model computes: seen by comparing its answers with
/// each other.
///
/// Each is believed only with a control and a repetition: the server does the simpler thing right before and
/// after, and does the same thing wrong again.
///
/// Raw values are the ids in reports; those of mistakes that are emulated too are the same as there.
package enum Behaviour: String, CaseIterable, Sendable {
  case alternating = "alternating-results"
  case dependsOnBatch = "depends-on-batch"
  case dependsOnHistory = "depends-on-history"
  case batchOrder = "batch-order-wrong"
  case index = "index-wrong"
  case truncation = "truncation-silent"
  case truncationDropsEnd = "truncation-drops-end"
  case longInputFails = "long-input-fails"
  case whiteSpaceStripped = "white-space-stripped"
  case whiteSpaceStrippedStart = "white-space-stripped-start"
  case whiteSpaceStrippedEnd = "white-space-stripped-end"
  case whiteSpaceCollapsed = "white-space-collapsed"
  case lineEndsReplaced = "line-ends-replaced"
  case carriageReturnsRemoved = "carriage-returns-removed"
  case lowerCase = "lower-case"
  case usage = "usage-wrong"
  case emptyText = "empty-text-no-vector"
  case tokenIDsWithoutEnd = "token-ids-without-end"
  case tokenIDsRetokenized = "token-ids-retokenized"
  case encodingFormat = "encoding-format-ignored"
  case base64Wrong = "base64-wrong"
  case listsRefused = "lists-refused"
  case singleTextRefused = "single-text-refused"
  case statusEmptyList = "status-empty-list"
  case statusWrongType = "status-wrong-type"
  case statusMissingInput = "status-missing-input"
  case statusBrokenJSON = "status-broken-json"
  case statusDimensions = "status-dimensions"
  case statusTokenIDs = "status-token-ids"
  case dropsRequests = "drops-requests"
  case stopsAnswering = "stops-answering"

  /// Whether some input gets another vector than it should have. The others are deviations of the API, which
  /// change no vector.
  package var changesVectors: Bool {
    switch self {
    case .alternating, .dependsOnBatch, .dependsOnHistory, .batchOrder, .index, .truncation,
      .truncationDropsEnd, .whiteSpaceStripped, .whiteSpaceStrippedStart, .whiteSpaceStrippedEnd,
      .whiteSpaceCollapsed, .lineEndsReplaced, .carriageReturnsRemoved, .lowerCase, .tokenIDsWithoutEnd,
      .tokenIDsRetokenized, .base64Wrong:
      true
    case .longInputFails, .usage, .emptyText, .encodingFormat, .listsRefused, .singleTextRefused,
      .statusEmptyList, .statusWrongType, .statusMissingInput, .statusBrokenJSON, .statusDimensions,
      .statusTokenIDs, .dropsRequests, .stopsAnswering:
      false
    }
  }

  /// In the list of known mistakes.
  package var number: Int? {
    switch self {
    case .dependsOnBatch: 7
    case .alternating, .dependsOnHistory: 22
    case .truncation, .longInputFails: 16
    case .truncationDropsEnd: 17
    case .whiteSpaceStripped, .whiteSpaceStrippedStart, .whiteSpaceStrippedEnd, .whiteSpaceCollapsed,
      .lineEndsReplaced, .carriageReturnsRemoved, .lowerCase:
      18
    case .tokenIDsWithoutEnd, .tokenIDsRetokenized: 19
    default: nil
    }
  }

  package var title: String {
    switch self {
    case .alternating: "the same request has different results"
    case .dependsOnBatch: "a text's vector depends on the texts in the same request"
    case .dependsOnHistory: "a text's vector depends on earlier requests"
    case .batchOrder: "a batch's vectors are in another order than its texts"
    case .index: "the indices in an answer do not name the texts"
    case .truncation: "long texts are silently cut"
    case .truncationDropsEnd: "long texts are silently cut, and the end of text is cut off"
    case .longInputFails: "a long text makes the server fail"
    case .whiteSpaceStripped: "white space at both ends is stripped"
    case .whiteSpaceStrippedStart: "white space at the start is stripped"
    case .whiteSpaceStrippedEnd: "white space at the end is stripped"
    case .whiteSpaceCollapsed: "runs of white space become one space"
    case .lineEndsReplaced: "line ends are replaced by spaces"
    case .carriageReturnsRemoved: "carriage returns are removed"
    case .lowerCase: "texts are put into lower case"
    case .usage: "the reported number of tokens is wrong"
    case .emptyText: "an empty text has no vector"
    case .tokenIDsWithoutEnd: "no end-of-text token is added to token-id input"
    case .tokenIDsRetokenized: "token-id input is turned into text and tokenized again"
    case .encodingFormat: "encoding_format is ignored, or fails"
    case .base64Wrong: "a vector in base64 is another one than in numbers"
    case .listsRefused: "a list of texts is refused"
    case .singleTextRefused: "a single text is refused; only lists are taken"
    case .statusEmptyList: "an empty list of texts is accepted, or answered with a server error"
    case .statusWrongType: "input of the wrong type is accepted, or answered with a server error"
    case .statusMissingInput: "a request without input is accepted, or answered with a server error"
    case .statusBrokenJSON: "a request that is not JSON is accepted, or answered with a server error"
    case .statusDimensions: "an impossible dimensions is accepted, or answered with a server error"
    case .statusTokenIDs: "unknown token ids are accepted, or answered with a server error"
    case .dropsRequests: "the connection is closed on some requests"
    case .stopsAnswering: "the server no longer answers"
    }
  }

  package var remedy: String {
    switch self {
    case .alternating:
      "look for state that is shared by workers, uninitialized memory, and kernels chosen by timing"
    case .dependsOnBatch:
      "look at padding, the attention mask and positions of batches; until then send single texts"
    case .dependsOnHistory: "turn off caches of prompts and of slots, or clear them for each text"
    case .batchOrder: "put the vectors back into the order of the texts after sorting them by length"
    case .index: "count indices from 0 in the order of the request's texts"
    case .truncation, .truncationDropsEnd:
      "raise the limit (llama.cpp: -c, -b and -ub; TEI: --auto-truncate false; Ollama: num_ctx), or refuse with a sentence"
    case .longInputFails:
      "raise the limit (llama.cpp: -c, -b and -ub), and refuse longer texts with status 400 or 413"
    case .whiteSpaceStripped, .whiteSpaceStrippedStart, .whiteSpaceStrippedEnd, .whiteSpaceCollapsed,
      .lineEndsReplaced, .carriageReturnsRemoved, .lowerCase:
      "pass texts on as they come; look at the service's input validation and the client library"
    case .usage: "count the ids that go through the model, the end of text included"
    case .emptyText:
      "embed the end of text alone, or refuse with status 400; never leave a text out of the answer"
    case .tokenIDsWithoutEnd: "append <|endoftext|> to ids that do not end with it; until then send it"
    case .tokenIDsRetokenized: "run the ids as they come"
    case .encodingFormat:
      "answer base64 (little-endian float32) where it is asked for, else refuse with status 400"
    case .statusEmptyList, .statusWrongType, .statusMissingInput, .statusBrokenJSON, .statusDimensions,
      .statusTokenIDs:
      "check requests before they reach the model: status 400 or 422 and a sentence"
    case .base64Wrong: "encode the vector's little-endian float32 bytes"
    case .listsRefused: "take 'input' as a text and as a list of texts"
    case .singleTextRefused: "take a text as well as a list of one"
    case .dropsRequests:
      "answer every request with a status; look at the server's log for the failure behind it"
    case .stopsAnswering: "look at the server's log; check requests before they reach the model"
    }
  }

  func diagnosis(_ evidence: String) -> Verdict.Diagnosis {
    Verdict.Diagnosis(
      id: rawValue, number: number, title: title, evidence: evidence, remedy: remedy)
  }
}

/// What one examination says of one behavior.
package struct BehaviourFinding: Sendable, Equatable {
  package enum Outcome: Sendable, Equatable {
    case seen(String)
    /// Tested; the server behaves correctly.
    case notSeen(String)
    /// It could not be looked for.
    case notAsked(String)
  }

  package let behaviour: Behaviour
  package let outcome: Outcome

  package var isSeen: Bool { if case .seen = outcome { true } else { false } }

  static func seen(_ behaviour: Behaviour, _ evidence: String) -> BehaviourFinding {
    BehaviourFinding(behaviour: behaviour, outcome: .seen(evidence))
  }
  static func notSeen(_ behaviour: Behaviour, _ reason: String) -> BehaviourFinding {
    BehaviourFinding(behaviour: behaviour, outcome: .notSeen(reason))
  }
  static func notAsked(_ behaviour: Behaviour, _ reason: String) -> BehaviourFinding {
    BehaviourFinding(behaviour: behaviour, outcome: .notAsked(reason))
  }
}
