/// How many components vectors have: all as many, and no more than the model's. Fewer are a cut, which is
/// judged.
struct ComponentCounts {
  let hiddenSize: Int
  /// Of the first whole vector.
  private var common: (count: Int, name: String)?

  init(hiddenSize: Int) { self.hiddenSize = hiddenSize }

  /// - Parameter place: where the vector was found, for the sentence.
  mutating func check(_ count: Int, _ probe: Probe, _ place: String) throws(OracleError) {
    guard count <= hiddenSize else {
      throw .input(
        "\(place): the vector of '\(probe.name)' has \(count) components, and this file's model has \(hiddenSize): it is "
          + "another model; name the right file with --model")
    }
    guard count != probe.dimensions else { return }
    guard count >= 2 else {
      throw .input(
        "\(place): the vector of '\(probe.name)' has \(count) components, which is no vector of a text")
    }
    guard let common else {
      self.common = (count, probe.name)
      return
    }
    guard count == common.count else {
      throw .input(
        "\(place): the vector of '\(probe.name)' has \(count) components, and that of '\(common.name)' \(common.count); all "
          + "must be of one model")
    }
  }
}
