/// What somebody meant who wrote something else.
package enum Spelling {
  /// The word that is at most two letters away, nearest first; nil where none is, or the word itself is among
  /// them.
  package static func nearest(to word: String, among words: [String]) -> String? {
    // Longer than any word here.
    guard word.utf8.count <= 32 else { return nil }
    let distances = words.map { (word: $0, distance: distance(Array(word.utf8), Array($0.utf8))) }
    guard let best = distances.min(by: { $0.distance < $1.distance }), best.distance > 0,
      best.distance <= (best.word.utf8.count < 5 ? 1 : 2)
    else { return nil }
    return best.word
  }

  /// How many letters must be put in, taken out, replaced or exchanged with their neighbor.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var older: [Int] = []
    var old = Array(0...b.count)
    for i in a.indices {
      var new = [i + 1]
      for j in b.indices {
        var least = min(old[j + 1] + 1, new[j] + 1, old[j] + (lower(a[i]) == lower(b[j]) ? 0 : 1))
        if i > 0, j > 0, lower(a[i]) == lower(b[j - 1]), lower(a[i - 1]) == lower(b[j]) {
          least = min(least, older[j - 1] + 1)
        }
        new.append(least)
      }
      (older, old) = (old, new)
    }
    // A word in other letters is another word.
    return old[b.count] == 0 && a != b ? 1 : old[b.count]
  }

  private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
