import Chunking

/// A vector as stores keep and move it.
package struct StoredVector: Sendable, Equatable {
  package var quantized: QuantizedVector
  /// The components before they became bytes; nil where they were not kept.
  package var floats: [Float]?

  package init(quantized: QuantizedVector, floats: [Float]?) {
    self.quantized = quantized
    self.floats = floats
  }

  /// Of a vector that was just made.
  package init(_ values: [Float], keepsFloats: Bool) {
    self.init(quantized: QuantizedVector(values), floats: keepsFloats ? values : nil)
  }

  /// The components for other programs: the kept ones, else each byte times the scale.
  package var components: [Float] { floats ?? quantized.values.map { Float($0) * quantized.scale } }

  /// The inverse of ``components``, exactly.
  ///
  /// - Parameter isExact: whether the components were kept.
  package init(components: [Float], scale: Float, isExact: Bool) throws(KnowledgeError) {
    guard components.allSatisfy(\.isFinite), scale.isFinite, scale >= 0 else {
      throw .wrongVectors(reason: "a moved one has a component or a scale that is not finite")
    }
    if isExact {
      self.init(components, keepsFloats: true)
      return
    }
    var quantized = QuantizedVector([])
    quantized.scale = scale
    for component in components {
      let byte = scale == 0 ? 0 : (component / scale).rounded(.toNearestOrEven)
      // A half of 11 bits is off by less than a sixteenth of a step; more is no vector of this scale.
      guard abs(byte) <= 127, scale == 0 || abs(component / scale - byte) <= 0.125 else {
        throw .wrongVectors(reason: "a moved one has a component that its scale does not fit")
      }
      quantized.values.append(Int8(byte))
    }
    self.init(quantized: quantized, floats: nil)
  }
}

/// A document with everything that was made of it: another store takes it without a model.
package struct MovedDocument: Sendable, Equatable {
  package var document: StoredDocument
  package var text: [UInt8]
  package var chunks: [Chunk]
  /// For each chunk, the key of the text that was embedded.
  package var keys: [[UInt8]]
  /// For each chunk.
  package var vectors: [StoredVector]

  package init(
    document: StoredDocument, text: [UInt8], chunks: [Chunk], keys: [[UInt8]], vectors: [StoredVector]
  ) {
    self.document = document
    self.text = text
    self.chunks = chunks
    self.keys = keys
    self.vectors = vectors
  }

  /// Checks everything that came from outside: places inside the text, keys that are the text's, vectors of
  /// the right size.
  package func validate(dimensions: Int) throws(KnowledgeError) {
    func refuse(_ reason: String) -> KnowledgeError { .moved(document: document.path, reason: reason) }
    guard keys.count == chunks.count, vectors.count == chunks.count else {
      throw refuse("it has \(chunks.count) pieces, \(keys.count) keys and \(vectors.count) vectors")
    }
    for (index, chunk) in chunks.enumerated() {
      guard chunk.bytes.upperBound <= text.count else {
        throw refuse("piece \(index) ends at byte \(chunk.bytes.upperBound) of \(text.count)")
      }
      guard
        KnowledgeModel.key(chunk.lead + String(decoding: text[chunk.bytes], as: UTF8.self)) == keys[index]
      else { throw refuse("piece \(index) is not the text that was embedded") }
      guard vectors[index].quantized.values.count == dimensions else {
        throw refuse(
          "the vector of piece \(index) has \(vectors[index].quantized.values.count) components, not \(dimensions)"
        )
      }
    }
  }
}

/// What a base is, beside its documents.
package struct BaseFacts: Sendable, Equatable {
  package var model: ModelIdentity
  package var keepsFloats: Bool
  /// ``ChunkingOptions/settings``.
  package var chunking: String?
  /// How vectors were made: a note of the command.
  package var vectors: String?

  package init(model: ModelIdentity, keepsFloats: Bool, chunking: String?, vectors: String?) {
    self.model = model
    self.keepsFloats = keepsFloats
    self.chunking = chunking
    self.vectors = vectors
  }
}

/// Takes whole documents: a store, or a file.
package protocol DocumentSink {
  func take(_ documents: [MovedDocument]) async throws
}

/// A document that could not be read.
package struct FailedDocument: Sendable, Equatable {
  package var path: String
  package var modificationTime: Int
  package var reason: String

  package init(path: String, modificationTime: Int, reason: String) {
    self.path = path
    self.modificationTime = modificationTime
    self.reason = reason
  }
}

/// How much is in a store.
package struct StoreSummary: Sendable, Equatable {
  package var documents = 0
  package var chunks = 0
  package var tokens = 0
  package var vectors = 0
  package var unusedVectors = 0
  package var textBytes = 0
  package var byLanguage: [(String, Int)] = []

  package init() {}

  package static func == (one: StoreSummary, other: StoreSummary) -> Bool {
    one.documents == other.documents && one.chunks == other.chunks && one.vectors == other.vectors
  }
}

/// A store that ``Update`` writes to: the embedded one, or a server's.
package protocol DocumentStore: PassageSource, DocumentSink {
  /// Of the folder, or the address of the server without a password.
  var path: String { get }
  var keepsFloats: Bool { get }
  func baseFacts() throws -> BaseFacts
  func document(path: String) throws -> StoredDocument?
  func documentPaths() throws -> [String]
  func chunking() throws -> ChunkingOptions?
  func setChunking(_ options: ChunkingOptions) throws
  func note(_ name: String) throws -> String?
  func setNote(_ name: String, _ value: String) throws
  /// The keys without a vector, each once, in their order.
  func missing(_ keys: [[UInt8]]) throws -> [[UInt8]]
  func add(_ vectors: [(key: [UInt8], values: [Float])]) throws
  /// Puts documents in the place of those with their paths, in one transaction. All vectors must be there.
  func replace(_ documents: [PreparedDocument]) throws
  func touch(_ path: String, modificationTime: Int) throws
  func fail(_ failure: FailedDocument) throws
  func failures() throws -> [FailedDocument]
  func summary() throws -> StoreSummary
  /// The documents that match, by their paths.
  func documents(_ filter: SearchFilter) throws -> [StoredDocument]
  /// The paths that end with a slash and `name`, in their order.
  func documentPaths(endingWith name: String) throws -> [String]
  /// All pieces of a document, in their order.
  func passages(of path: String) throws -> [Passage]
  func remove(_ paths: [String]) throws -> Int
  /// Each document, by its path.
  func forEachDocument(_ body: (MovedDocument) async throws -> Void) async throws
}

extension DocumentStore {
  /// The document of a path, or of the end of one.
  package func document(named name: String) throws -> StoredDocument {
    if let exact = try document(path: name) { return exact }
    let paths = try documentPaths(endingWith: name)
    guard let path = paths.first, let found = try document(path: path) else {
      throw KnowledgeError.noDocument(name)
    }
    guard paths.count == 1 else { throw KnowledgeError.ambiguousDocument(name, count: paths.count) }
    return found
  }
}
