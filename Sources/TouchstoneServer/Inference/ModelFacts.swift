import Hashing
import Touchstone

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What the dialects tell of a model: facts of the file that was loaded, whatever has become of it since.
package struct ModelFacts: Sendable, Equatable {
  /// The name it is served by.
  package let name: String
  package let path: String
  /// The size of all parts of the file.
  package let byteCount: Int
  /// All numbers that training has set.
  package let parameterCount: Int
  /// The block format of most of its bytes: `Q4_K`.
  package let blockFormat: String
  /// 64 hexadecimal digits that stand for the file: Ollama's clients show their beginning, and tell files
  /// apart by them.
  package let digest: String
  /// When the file was last changed, by the clock of its file system.
  package let modified: Date
  package let configuration: ModelConfiguration
  package let task: ModelTask

  /// To be made when `model` has just been loaded: only its path leads to the time of its last change.
  package init(name: String, model: AnyModel) {
    self.name = name
    path = model.path
    byteCount = model.byteCount
    let formats = model.blockFormats
    parameterCount = formats.reduce(0) { $0 + $1.parameterCount }
    blockFormat = formats.first?.name ?? "unknown"
    let attributes = try? FileManager.default.attributesOfItem(atPath: model.path)
    modified = attributes?[.modificationDate] as? Date ?? Date(timeIntervalSince1970: 0)
    digest = FileDigest.hexadecimal(name: name, path: model.path, byteCount: model.byteCount)
    configuration = model.configuration
    task = ModelTask(of: model)
  }

  /// The number of parameters as people say it: `11.5M`, `7.57B`.
  package var parameterSize: String {
    let units: [(suffix: String, size: Double)] = [("B", 1e9), ("M", 1e6), ("K", 1e3)]
    guard let unit = units.first(where: { Double(parameterCount) >= $0.size }) else {
      return "\(parameterCount)"
    }
    let hundredths = Int((Double(parameterCount) / unit.size * 100).rounded())
    let digits = hundredths % 100
    let fraction =
      digits == 0 ? "" : digits % 10 == 0 ? ".\(digits / 10)" : digits < 10 ? ".0\(digits)" : ".\(digits)"
    return "\(hundredths / 100)\(fraction)\(unit.suffix)"
  }
}

/// Tells files apart without reading all of them, as a SHA-256 of everything would: of the name, the size and
/// the first megabyte, which has the metadata and the beginning of the vocabulary.
private enum FileDigest {
  static func hexadecimal(name: String, path: String, byteCount: Int) -> String {
    var hash = SHA256()
    hash.update(Array("\(byteCount) \(name.utf8.count) \(name)".utf8))
    // A file that cannot be read again has been loaded all the same: size and name are left.
    if let header = try? BoundedFile.beginning(of: path, count: 1 << 20) { hash.update(header) }
    return hash.hexadecimalDigest
  }
}
