import Touchstone

/// Runs passes: a model, or a stand-in for one.
package protocol PassRunner: AnyObject, Sendable {
  /// How many threads a pass uses.
  var threadCount: Int { get }

  /// Takes the sequences through the model; blocks the calling thread.
  ///
  /// - Parameter pause: called many times on the way. The pass ends with nil when it returns false. Meanwhile
  ///   it may run other passes with the function that it is given.
  /// - Returns: the states that the pass's pooling reads, sequence after sequence.
  func run(_ pass: Pass, pause: (_ runInPause: (Pass) -> [[Float]]?) -> Bool) -> [[Float]]?
}

extension LoadedModel: PassRunner {}
