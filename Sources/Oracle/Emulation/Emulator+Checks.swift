import GGUF
import Touchstone

/// The emulation beside what it emulates, for tests.
extension Emulator {
  /// The reference's state of a probe's last token, by the engine and by the emulated transformer.
  package func bothStates(of probe: Probe) throws(OracleError) -> (engine: [Float], emulated: [Float]) {
    let ids = try ids(of: probe, .reference)
    let sequence = EmulatedTransformer.Sequence(ids: ids, visibleCount: ids.count)
    let emulated = transformer.states(of: [sequence], rule: .reference)[0]
    return (states(of: sequence, .reference, false).last ?? [], emulated.last ?? [])
  }

  /// The ids of a text, by the engine's tokenizer and by the plain one. The file needs no weights.
  package static func bothTokenizations(of text: String, path: String) throws -> (
    engine: [Int32], plain: [Int32]
  ) {
    let reference = try TextTokenizer(path: path)
    let tokenizer = EmulatedTokenizer(reference: reference, metadata: try GGUFFile.open(path: path).metadata)
    return (try tokenizer.ids(text, .reference), try tokenizer.plainIDs(text, .reference))
  }
}
