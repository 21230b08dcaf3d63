/// Colours for a matrix of cosines: darker means nearer.
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
