import ForeignText
import JSON
import Touchstone

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A model as the command line names it.
package struct ModelDefinition: Sendable, Equatable {
  /// nil: the name that the file states, or its file name.
  package let name: String?
  package let path: String
  /// Further names that requests may use.
  package var aliases: [String]

  package init(name: String? = nil, path: String, aliases: [String] = []) {
    self.name = name
    self.path = path
    self.aliases = aliases
  }

  /// `PATH` or `NAME=PATH`. What is a file as it stands is a path, with `=` in it or not.
  package init(_ argument: String) {
    if !FileManager.default.fileExists(atPath: argument), let equals = argument.firstIndex(of: "="),
      equals != argument.startIndex
    {
      self.init(
        name: String(argument[..<equals]), path: String(argument[argument.index(after: equals)...]))
    } else {
      self.init(path: argument)
    }
  }
}

/// A model that is ready.
package struct ServedModel: Sendable {
  package let name: String
  package let aliases: [String]
  package let model: AnyModel
  /// Seconds since 1970, when it was loaded.
  package let created: Int
  package let loadTime: Duration
  package let facts: ModelFacts
  /// The bytes of the longest token: a text of many more than fit need not be tokenized to be refused.
  let longestTokenBytes: Int

  package init(
    name: String, aliases: [String] = [], model: AnyModel, created: Int, loadTime: Duration = .zero
  ) {
    self.name = name
    self.aliases = aliases
    self.model = model
    self.created = created
    self.loadTime = loadTime
    facts = ModelFacts(name: name, model: model)
    longestTokenBytes = model.tokenizer.longestTokenBytes
  }

  package var task: ModelTask { ModelTask(of: model) }
  var tokenizer: TextTokenizer { model.tokenizer }

  /// Whether requests may call the model so. `name` is a stranger's: compared by its bytes.
  func answers(to name: String) -> Bool {
    self.name.hasBytes(of: name) || aliases.contains { $0.hasBytes(of: name) }
  }

  /// The name a model gets from its file: what the file states, else the file's own name.
  static func defaultName(_ model: AnyModel) -> String {
    if let name = model.configuration.name, !name.isEmpty { return name }
    let file = model.path.split(separator: "/").last.map(String.init) ?? model.path
    return file.droppingSuffix(".gguf") ?? file
  }
}
