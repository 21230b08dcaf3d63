import ForeignText
import Foundation

/// Why a knowledge base cannot do what was asked. `description` is the sentence.
package enum KnowledgeError: Error, Equatable, CustomStringConvertible {
  case noBase(path: String)
  case notABase(path: String)
  case locked(path: String)
  /// By its file system, or for this user.
  case readOnly(path: String, reason: String)
  case otherVersion(path: String, found: Int, supported: Int)
  case otherModel(base: ModelIdentity, asked: ModelIdentity)
  case noDocument(String)
  case ambiguousDocument(String, count: Int)
  case io(path: String, reason: String)
  case damaged(path: String, reason: String)
  case option(String)
  case wrongVectors(reason: String)
  /// A document of another store or a file.
  case moved(document: String, reason: String)
  /// A server that keeps a base.
  case server(name: String, reason: String)

  package var description: String {
    switch self {
    case .noBase(let path):
      "there is no knowledge base at \(path.escaped); make one with: touchstone kb add \(path.escaped) PATH"
    case .notABase(let path):
      "the folder \(path.escaped) holds other files and no catalogue.sqlite; name a new folder or an empty one"
    case .locked(let path):
      "another process is writing to the knowledge base \(path.escaped); wait until it has ended, reading is possible meanwhile"
    case .readOnly(let path, let reason):
      "the knowledge base \(path.escaped) cannot be changed: \(reason); searching is possible meanwhile"
    case .otherVersion(let path, let found, let supported):
      "the knowledge base \(path.escaped) has version \(found), and this program knows \(supported); use the program that made it"
    case .otherModel(let base, let asked):
      "the knowledge base has vectors of \(base), and this is \(asked): their vectors cannot be compared; "
        + "use the first model, or embed everything again with --reembed"
    case .noDocument(let name): "the knowledge base has no document \(name.quoted); kb list shows them"
    case .ambiguousDocument(let name, let count):
      "\(count) documents end in \(name.quoted); give more of the path"
    case .io(let path, let reason): "\(path.escaped) cannot be read or written: \(reason)"
    case .damaged(let path, let reason):
      "\(path.escaped) is damaged: \(reason); run kb check, or make the base again"
    case .option(let sentence): sentence
    case .wrongVectors(let reason): "there are unusable vectors: \(reason)"
    case .moved(let document, let reason): "the document \(document.quoted) cannot be taken: \(reason)"
    case .server(let name, let reason): "\(name) cannot be used: \(reason)"
    }
  }
}

/// Which model made vectors: two with one fingerprint give the same bits.
package struct ModelIdentity: Sendable, Equatable, CustomStringConvertible {
  /// For people: a file's name.
  package var name: String
  package var fingerprint: String
  package var dimensions: Int

  package init(name: String, fingerprint: String, dimensions: Int) {
    self.name = name
    self.fingerprint = fingerprint
    self.dimensions = dimensions
  }

  package var description: String {
    "\(name.quoted) (fingerprint \(fingerprint.escaped), \(dimensions) dimensions)"
  }
}

/// The words for an error of any kind. Those of Foundation describe themselves as dictionaries; the system's
/// reason is in them.
package func reason(of error: any Error) -> String {
  let general = error as NSError
  guard general.domain == NSCocoaErrorDomain || general.domain == NSPOSIXErrorDomain else {
    return "\(error)"
  }
  let inner = (general.userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError } ?? general
  return inner.domain == NSPOSIXErrorDomain
    ? String(cString: strerror(Int32(inner.code))) : general.localizedDescription
}
