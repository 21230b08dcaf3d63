import Oracle

/// What a test's server does; without flaws all is right.
struct ServedBehaviour: Sendable {
  /// What its model does.
  var recipe = Recipe()
  var flaws: Set<Flaw> = []
  /// It fails with this status above so many tokens.
  var failure: (tokens: Int, status: Int)?
  var key: String?
  var models = ["test-model"]

  enum Flaw: String, CaseIterable, Sendable {
    case alternates, dependsOnBatch, dependsOnHistory
    case reversesBatch, countsIndicesFromOne
    case usageWithoutEnd, usageInBytes, usageAlwaysZero
    case dropsEmptyTexts, answersEmptyListForEmptyText
    case ignoresEncodingFormat, sendsBigEndian
    case acceptsEmptyList, failsOnWrongType, acceptsMissingInput, failsOnBrokenJSON
    case ignoresDimensions, acceptsAnyDimensions, failsOnUnknownTokenIDs, ignoresModel
    case sendsNull, sendsNaN, sendsNaNForLongTexts, failsOnNaN, doesNotNormalize, doesNotNormalizeSlices
    case isBusyAtFirst, isAlwaysBusy
    case sendsGarbage
    /// Kinds of requests that are answered wrongly: see ``Kind``.
    case refusesLists, refusesSingleTexts, errorsHaveStatus200, wrapsAnswers, isBusyEveryThirdTime,
      refusesTokenIDs
    case keyForModelsOnly
    case answersText, answersAPage, answersNothing, answersTooMany, redirects
  }

  /// A kind of request, and what becomes of it.
  enum Kind: String, CaseIterable, Sendable {
    case list, emptyText, base64, dimensions, tokenIDs, longText, brokenJSON, wrongType, emptyList
  }

  enum Fate: Sendable, Equatable {
    case status(Int)
    case closed, late
  }

  /// Requests of a kind meet this fate, always or the first time only.
  var fate: (kind: Kind, fate: Fate, onlyOnce: Bool)?

  init(_ kind: Kind, _ fate: Fate, onlyOnce: Bool = false) { self.fate = (kind, fate, onlyOnce) }

  init(_ flaws: Flaw...) { self.flaws = Set(flaws) }

  init(_ change: (inout Recipe) -> Void) { change(&recipe) }

  init(failsAbove tokens: Int, status: Int) { failure = (tokens, status) }
}
