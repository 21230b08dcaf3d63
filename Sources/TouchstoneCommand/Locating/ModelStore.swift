import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folders in which models have names, and the files there.
package struct ModelStore: Sendable, Equatable {
  package struct Item: Sendable, Equatable {
    /// Names the file in --model: a published name, else the file's without `.gguf`.
    package let name: String
    package let path: String
  }

  package static let variable = "TOUCHSTONE_MODELS"
  /// Where services of the system have theirs.
  static let systemFolder = "/var/lib/touchstone"

  /// Looked through in this order; `pull` writes to the first.
  package let folders: [String]

  package init(folders: [String]) { self.folders = folders }

  /// `TOUCHSTONE_MODELS`, else the user's data folder; then the system's folder; then `models` of the
  /// repository.
  package static var current: ModelStore {
    var folders: [String] = []
    if let folder = Environment[variable], !folder.isEmpty {
      folders.append(folder)
    } else if let data = Environment["XDG_DATA_HOME"], data.hasPrefix("/") {
      folders.append("\(data)/touchstone/models")
    } else if let home = Environment["HOME"], home.hasPrefix("/") {
      folders.append("\(home)/.local/share/touchstone/models")
    }
    folders.append(systemFolder)
    if let folder = ModelLocator.find("models") { folders.append(folder) }
    return ModelStore(folders: folders)
  }

  /// All GGUF files of the folders, the first of a name only.
  package var items: [Item] {
    var items: [Item] = []
    for folder in folders {
      for file in Self.files(folder) where !items.contains(where: { $0.path.hasSuffix("/\(file)") }) {
        let name =
          ModelCatalogue.entries.first { $0.file.hasBytes(of: file) }?.name ?? String(file.dropLast(5))
        items.append(Item(name: name, path: "\(folder)/\(file)"))
      }
    }
    return items
  }

  private static func files(_ folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let name, name.hasSuffix(".gguf"), !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// The file that a name means, in any case: the published file, else a file of that name, else the first of
  /// that size.
  package func path(of name: String) -> String? {
    let items = items
    let wanted = name.lowercased()
    func isNamed(_ item: Item, _ name: String) -> Bool {
      let file = item.path.split(separator: "/").last.map { $0.lowercased() } ?? ""
      return item.name.lowercased().hasBytes(of: name) || file.hasBytes(of: name)
        || file.hasBytes(of: name + ".gguf")
    }
    let published = ModelCatalogue.entry(named: name)?.name.lowercased()
    return
      (items.first { isNamed($0, wanted) }
      ?? published.flatMap { published in items.first { isNamed($0, published) } }
      ?? items.first { $0.name.lowercased().hasPrefix(wanted + "-") })?.path
  }
}
