extension String {
  /// The text without `suffix`, or nil where it has another end. Compares bytes: the text may be a
  /// stranger's.
  func droppingSuffix(_ suffix: String) -> String? {
    guard utf8.count >= suffix.utf8.count, utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) else {
      return nil
    }
    return String(decoding: utf8.dropLast(suffix.utf8.count), as: UTF8.self)
  }
}
