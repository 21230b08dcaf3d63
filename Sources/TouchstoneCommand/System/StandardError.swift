import Glibc

/// Sentences for the person at the terminal. What cannot be said is dropped: it is never worth a failure.
package enum StandardError {
  /// One line, with the command's name in front.
  package static func say(_ sentence: String) {
    write("touchstone: \(DisplayText.harmless(sentence))\n")
  }

  package static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      _ = retryingInterrupts { Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
  }
}
