#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is known of the terminal behind a file descriptor.
package struct Terminal {
  /// The columns, or nil where no terminal is: then nothing is cut.
  package let width: Int?
  /// Whether colors may be used: a terminal, not a dumb one, and NO_COLOR (no-color.org) is unset or empty.
  package let hasColors: Bool

  /// No terminal is wider; what COLUMNS says may be anything.
  private static let widest = 10_000

  package init(descriptor: Int32 = STDOUT_FILENO) {
    let isTerminal = isatty(descriptor) == 1
    var size = winsize()
    if let columns = Environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 {
      width = min(columns, Self.widest)
    } else if isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      width = Int(size.ws_col)
    } else {
      width = isTerminal ? 80 : nil
    }
    hasColors =
      isTerminal && Environment["TERM"] != "dumb" && (Environment["NO_COLOR"] ?? "").isEmpty
  }
}

/// Colors for a matrix of cosines: darker means nearer.
package enum Shade {
  /// `cell` on a background that grows from white to deep blue as `similarity` goes from 0 to 1.
  package static func paint(_ cell: String, similarity: Double) -> String {
    let share = min(max(similarity, 0), 1)
    // 24-bit: (255, 255, 255) at 0, (8, 64, 129) at 1.
    let red = Int(255 - share * 247)
    let green = Int(255 - share * 191)
    let blue = Int(255 - share * 126)
    let ink = share > 0.55 ? "97" : "30"
    return "\u{1B}[48;2;\(red);\(green);\(blue)m\u{1B}[\(ink)m\(cell)\u{1B}[0m"
  }
}
