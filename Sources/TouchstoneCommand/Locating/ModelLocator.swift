import Touchstone
import Workbench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds the model that a command is to use.
package enum ModelLocator {
  package static let variable = "TOUCHSTONE_MODEL"
  package static let demonstrationModel = "testdata/demo/demo-q4_k_m.gguf"
  /// Beside an installed command: `bin/touchstone` has it in `share`.
  package static let installedModel = "share/touchstone/demo-q4_k_m.gguf"

  /// The model named on the command line, else in the environment, else the demonstration model: of the
  /// repository that the executable was built in or that the command runs in, or installed with the command.
  package static func locate(_ path: String?) throws(CommandError) -> String {
    if let path { return try resolve(path) }
    if let path = Environment[variable], !path.isEmpty { return try resolve(path) }
    guard let model = find(demonstrationModel) ?? find(installedModel) else { throw .noModel }
    return model
  }

  package static let rerankVariable = "TOUCHSTONE_RERANK_MODEL"

  /// The reranker named on the command line, else in the environment.
  package static func locateReranker(_ path: String?) throws(CommandError) -> String {
    if let path { return try resolve(path) }
    guard let path = Environment[rerankVariable], !path.isEmpty else { throw .noReranker }
    return try resolve(path)
  }

  /// A file that is there stays as it was named; else the model of this name in the folders of
  /// ``ModelStore``.
  package static func resolve(_ name: String, in store: ModelStore = .current) throws(CommandError) -> String
  {
    guard access(name, F_OK) != 0, !name.contains("/") else { return name }
    if let path = store.path(of: name) { return path }
    guard let entry = ModelCatalogue.entry(named: name) else { return name }
    throw .failure("the model \(entry.name) is not on this machine; fetch it with 'touchstone pull \(name)'")
  }

  /// A file of the repository that the executable was built in or that the command runs in.
  static func find(_ path: String) -> String? {
    let executable = resolvedPath("/proc/self/exe")
    let folders = (executable.map(ancestors(of:)) ?? []) + ["."]
    return folders.lazy.compactMap { resolvedPath("\($0)/\(path)") }.first
  }

  /// The folders above an absolute path, nearest first.
  package static func ancestors(of path: String) -> [String] {
    var folders: [String] = []
    var rest = path[...]
    while let slash = rest.lastIndex(of: "/") {
      rest = rest[..<slash]
      folders.append(String(rest))
    }
    return folders
  }
}

/// Finds the vocabulary for a model to be made.
enum VocabularyLocator {
  static let repositoryVocabulary = "testdata/qwen2-vocab.gguf"

  /// The one in the file that is named, else Qwen's in the repository, else the 256 bytes.
  static func vocabulary(_ path: String?) throws -> SyntheticVocabulary {
    guard let path = path ?? ModelLocator.find(repositoryVocabulary) else { return .bytes }
    return try SyntheticVocabulary(path: path)
  }
}
