/// Bodies of requests to `/v1/embeddings`.
enum ServeRequests {
  static let short = #"{"input":"a","dimensions":2}"#

  /// Half a minute of work or more for the demonstration model, in one request.
  static let long: String = {
    let text = "\"" + String(repeating: "The quick brown fox. ", count: 1200) + "\""
    return "{\"input\":[\(Array(repeating: text, count: 30).joined(separator: ","))]}"
  }()
}
