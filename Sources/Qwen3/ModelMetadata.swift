import GGUF

/// A file's metadata, with errors of the engine: a missing key or another type is ``ModelError/file(_:)``.
struct ModelMetadata {
  let metadata: Metadata

  init(_ metadata: Metadata) { self.metadata = metadata }

  subscript(key: String) -> MetadataValue? { metadata[key] }

  func string(_ key: String) throws(ModelError) -> String {
    try read { (metadata) throws(GGUFError) in try metadata.string(key) }
  }

  func stringIfPresent(_ key: String) throws(ModelError) -> String? {
    try read { (metadata) throws(GGUFError) in try metadata.stringIfPresent(key) }
  }

  func unsignedInteger(_ key: String) throws(ModelError) -> Int {
    try read { (metadata) throws(GGUFError) in try metadata.unsignedInteger(key) }
  }

  func unsignedIntegerIfPresent(_ key: String) throws(ModelError) -> Int? {
    try read { (metadata) throws(GGUFError) in try metadata.unsignedIntegerIfPresent(key) }
  }

  func float(_ key: String) throws(ModelError) -> Float {
    try read { (metadata) throws(GGUFError) in try metadata.float(key) }
  }

  func floatIfPresent(_ key: String) throws(ModelError) -> Float? {
    try read { (metadata) throws(GGUFError) in try metadata.floatIfPresent(key) }
  }

  func boolIfPresent(_ key: String) throws(ModelError) -> Bool? {
    try read { (metadata) throws(GGUFError) in try metadata.boolIfPresent(key) }
  }

  func arrayIfPresent(_ key: String) throws(ModelError) -> MetadataArray? {
    try read { (metadata) throws(GGUFError) in try metadata.arrayIfPresent(key) }
  }

  private func read<Value>(_ body: (Metadata) throws(GGUFError) -> Value) throws(ModelError) -> Value {
    do { return try body(metadata) } catch { throw .file(error) }
  }
}
