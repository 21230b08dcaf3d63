import Hashing
import JSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What an interrupted `embed --output OUT` leaves, so that the same command with `--resume` goes on: the
/// vectors that are done, in `OUT.partial`, and what they are of, in `OUT.partial.json`.
struct Resumption {
  /// Where the output is to appear.
  let output: String

  var dataPath: String { output + ".partial" }
  private var statePath: String { output + ".partial.json" }

  /// What the vectors that are done are of. Bytes behind `byteCount` are not counted: they are written again.
  struct State: Equatable {
    /// Everything that decides the bytes of the output: the fingerprint of model and options, the format.
    var making: String
    var textCount: Int
    var byteCount: Int
    /// The hash of the texts that are done.
    var texts: String
  }

  /// What an earlier run left; nil where nothing is there.
  func state() throws(CommandError) -> State? {
    guard access(dataPath, F_OK) == 0, access(statePath, F_OK) == 0 else { return nil }
    let lines = try LineReader(path: statePath)
    guard let line = try lines.next(), let value = try line.json(in: statePath),
      case .string(let making)? = value["making"], case .number(let textDigits)? = value["texts"],
      let textCount = Int(textDigits), case .number(let byteDigits)? = value["bytes"],
      let byteCount = Int(byteDigits), case .string(let texts)? = value["textsSHA256"], textCount > 0,
      byteCount >= 0, making.utf8.count <= 256, texts.utf8.count <= 64
    else { throw .failure("\(statePath) is damaged; remove it and \(dataPath) to begin again") }
    return State(making: making, textCount: textCount, byteCount: byteCount, texts: texts)
  }

  private func write(_ state: State) throws(CommandError) {
    var bytes: [UInt8] = []
    bytes.append(
      json: .object([
        .init("making", .string(state.making)), .init("texts", .number(state.textCount)),
        .init("bytes", .number(state.byteCount)), .init("textsSHA256", .string(state.texts)),
      ]))
    let file = try OutputFile(path: statePath)
    try file.write(bytes + [UInt8(ascii: "\n")])
    try file.finish()
  }

  /// Takes the place of an unfinished file, under a name that is nobody else's.
  ///
  /// - Returns: false where another file has that name.
  func keep(_ file: OutputFile, _ state: State) throws(CommandError) -> Bool {
    guard access(statePath, F_OK) == 0 || access(dataPath, F_OK) != 0 || file.isContinued else {
      return false
    }
    // Never a state beside the data of another run.
    unlink(statePath)
    try file.keep(as: dataPath)
    try write(state)
    return true
  }

  /// The output is complete. Files of these names without a state are somebody else's.
  func forget() {
    guard access(statePath, F_OK) == 0 else { return }
    unlink(statePath)
    unlink(dataPath)
  }
}

/// The texts that are done, as a number and a hash.
struct TextLedger {
  private(set) var count = 0
  private var hash = SHA256()

  mutating func note(_ item: InputItem) {
    count += 1
    var bytes: [UInt8] = []
    // As JSON, so that the parts of two texts cannot be taken for one another.
    bytes.append(
      json: .array([
        .string(item.text), item.task.map(JSONValue.string) ?? .null, item.id ?? .null,
      ]))
    hash.update(bytes + [UInt8(ascii: "\n")])
  }

  var digest: String { SHA256.hexadecimal(hash.digest()) }
}
