/// Where a mistake is explained: one page for each number of the list.
package enum MistakePage {
  /// The path in the repository.
  package static func path(number: Int?) -> String {
    "docs/mistakes/" + (number.flatMap { names.indices.contains($0 - 1) ? names[$0 - 1] : nil } ?? "others")
      + ".md"
  }

  private static let names = [
    "01-end-of-text-missing",
    "02-end-of-text-wrong",
    "03-end-of-text-twice",
    "04-pooling",
    "05-last-index",
    "06-no-causal-mask",
    "07-depends-on-batch",
    "08-before-final-norm",
    "09-head-dimension",
    "10-heads-and-rotation",
    "11-not-finite",
    "12-instruction",
    "13-slice-not-normalised",
    "14-dimensions-ignored",
    "15-not-normalised",
    "16-truncation",
    "17-truncation-end",
    "18-white-space",
    "19-token-ids",
    "20-no-nfc",
    "21-split",
    "22-history",
    "23-reranker",
    "24-precision",
  ]
}
