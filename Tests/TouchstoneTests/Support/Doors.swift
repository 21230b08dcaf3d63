import Testing
import Touchstone

/// Everything that opens a model, and the sentence with which each refuses it.
enum Doors {
  /// The sentences without the path in front; nil where a door takes the file.
  static func refusals(of path: String) -> [String: String?] {
    func sentence(_ open: () throws -> Void) -> String? {
      do { try open() } catch { return "\(error)".replacingPrefix("\(path): ") }
      return nil
    }
    return [
      "embedding": sentence { _ = try EmbeddingModel(path: path) },
      "any": sentence { _ = try AnyModel(path: path) },
      "inspection": (try? ModelInspection(path: path))?.errors.first,
    ]
  }

  /// Expects every door to refuse an edited model with the same sentence.
  static func expect(
    _ sentence: String, from model: EditableModel, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try model.withFile { path in
      for (door, found) in refusals(of: path) {
        #expect(found == sentence, "\(door)", sourceLocation: sourceLocation)
      }
    }
  }

  /// Expects an edited model to load, and returns its warnings, those of its inspection.
  static func warnings(
    of model: EditableModel, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [ModelWarning] {
    try model.withFile { path in
      let inspection = try ModelInspection(path: path)
      #expect(inspection.errors == [], sourceLocation: sourceLocation)
      let loaded = try AnyModel(path: path).warnings
      #expect(inspection.warnings == loaded, sourceLocation: sourceLocation)
      return loaded
    }
  }
}

extension String {
  fileprivate func replacingPrefix(_ prefix: String) -> String {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }
}
