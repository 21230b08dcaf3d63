/// Cuts a stream of texts into batches that are worth a call of the model.
///
/// A batch ends when it holds about `bytes` of text, and also when the next text has not been written yet: a
/// program that sends one line and waits for the answer gets it.
package struct InputBatcher {
  private let reader: any InputReader
  private let bytes: Int
  private var failure: CommandError?

  /// - Parameter bytes: the size of a full batch; about four bytes make a token.
  package init(_ reader: any InputReader, bytes: Int) {
    self.reader = reader
    self.bytes = bytes
  }

  /// The next texts; empty at the end. Texts before a faulty line come out before its error is thrown.
  package mutating func next() throws(CommandError) -> [InputItem] {
    if let failure { throw failure }
    var items: [InputItem] = []
    var size = 0
    do {
      while size < bytes, items.isEmpty || !reader.wouldBlock, let item = try reader.next() {
        items.append(item)
        // Every text costs its end of text at least, so that empty ones fill a batch too.
        size += item.text.utf8.count + Self.bytesPerToken
      }
    } catch {
      failure = error
      if items.isEmpty { throw error }
    }
    return items
  }

  package static let bytesPerToken = 4
}
