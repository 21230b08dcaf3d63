import ForeignText
import Knowledge
import Touchstone
import TouchstoneServer

/// A knowledge base as the command line names it.
package struct BaseDefinition: Sendable, Equatable {
  package let name: String
  package let path: String

  package static let nameLimit = 64

  /// `NAME=BASE`.
  package init(_ argument: String) throws(ServiceStartError) {
    guard let equals = argument.firstIndex(of: "="), argument.index(after: equals) != argument.endIndex else {
      throw .extensionFailed(
        "--knowledge is \(argument.quoted), but must be NAME=BASE, a name and the folder of a knowledge base")
    }
    let name = String(argument[..<equals])
    guard Self.isName(name) else {
      throw .extensionFailed(
        "the knowledge base's name \(name.quoted) must have 1 to \(Self.nameLimit) letters a to z and A to Z, digits, "
          + "dashes and underscores")
    }
    self.name = name
    path = String(argument[argument.index(after: equals)...])
  }

  static func isName(_ name: String) -> Bool {
    (1...nameLimit).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}

/// What knowledge bases of a service may cost beside the service's own limits.
package struct KnowledgeLimits: Sendable, Equatable {
  /// Bytes of a file that is uploaded.
  package var uploadBytes = 64 << 20
  /// Bytes of all files that are kept.
  package var shelfBytes = 8 << 30
  /// Files that wait to be read, of one base.
  package var waitingFiles = 10_000
  /// Vector stores that clients have made.
  package var madeStores = 1_000
  /// The time that a reranker has for a search that names none.
  package var rerankBudget = Duration.seconds(10)

  package init() {}
}

extension ServiceError {
  /// What an error of a base means to a client.
  init(_ error: KnowledgeError) {
    switch error {
    case .noDocument, .ambiguousDocument, .noBase: self = .notFound(error.description)
    case .locked: self = .unavailable(error.description)
    case .otherModel, .readOnly: self = .conflict(error.description)
    case .option(let sentence): self = .invalid(parameter: "query", sentence)
    case .notABase, .otherVersion, .io, .damaged, .wrongVectors, .moved, .server:
      self = .engine(error.description)
    }
  }
}

/// Runs `body` and has its errors be those of the service.
func served<Result>(_ body: () async throws -> Result) async throws -> Result {
  do {
    return try await body()
  } catch let error as KnowledgeError {
    throw ServiceError(error)
  } catch let error as TouchstoneError {
    throw ServiceError.engine(error.description)
  } catch let error where !(error is ServiceError || error is CancellationError) {
    // SQLite's, whose sentences name tables and not texts.
    throw ServiceError.engine("the knowledge base cannot be read or written: \(reason(of: error))")
  }
}
