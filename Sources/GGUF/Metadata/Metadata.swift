import ForeignText

/// The key-value section of a GGUF file, in file order.
///
/// Keys are told apart by their bytes. `subscript` gives a value as it is; the typed accessors of
/// `Metadata+Lookup.swift` give what a caller needs or an error that names the key.
package struct Metadata: Sendable {
  package struct Entry: Hashable, Sendable {
    package let key: String
    package let value: MetadataValue

    package init(key: String, value: MetadataValue) {
      self.key = key
      self.value = value
    }
  }

  package private(set) var entries: [Entry] = []
  private var positions: [ByteString: Int] = [:]
  /// The file, for error messages.
  let path: String

  /// Metadata with nothing in it, to be filled and written.
  package init() { self.init(path: "memory") }

  init(path: String) { self.path = path }

  package subscript(key: String) -> MetadataValue? {
    get { positions[ByteString(key)].map { entries[$0].value } }
    set {
      switch (positions[ByteString(key)], newValue) {
      case (nil, nil): break
      case (nil, let value?):
        positions[ByteString(key)] = entries.count
        entries.append(Entry(key: key, value: value))
      case (let position?, let value?):
        entries[position] = Entry(key: key, value: value)
      case (let position?, nil):
        entries.remove(at: position)
        positions = Dictionary(uniqueKeysWithValues: zip(entries.map { ByteString($0.key) }, entries.indices))
      }
    }
  }
}

extension Metadata {
  /// The least an entry can take: an empty key, its type and one byte of value.
  static let minimumEntryByteCount = 8 + 4 + 1

  /// The longest key, in bytes: the format's own limit.
  static let keyByteCountLimit = 0xFFFF

  /// Reads `count` entries.
  ///
  /// - Throws: ``GGUFError`` also where a key occurs twice: two readers would choose different values.
  static func read(from reader: inout ByteReader, count: Int) throws(GGUFError) -> Metadata {
    var metadata = Metadata(path: reader.storage.path)
    for index in 0..<count {
      reader.item = .metadataKey(number: index + 1)
      let key = try reader.name(byteCountLimit: keyByteCountLimit)
      guard metadata.positions[ByteString(key)] == nil else { throw reader.failure(.duplicateKey(key)) }
      reader.item = .metadataValue(key: key)
      metadata[key] = try MetadataValue.read(from: &reader, key: key)
    }
    return metadata
  }
}

extension Metadata {
  static let alignmentKey = "general.alignment"
  /// What the format prescribes for files without the key.
  static let defaultAlignment = 32
  /// Far above any page or sector, and low enough that padding never matters.
  static let alignmentLimit = 1 << 24

  /// The number of bytes that every tensor's offset is a multiple of: a power of two.
  func alignment() throws(GGUFError) -> Int {
    guard let alignment = try unsignedIntegerIfPresent(Self.alignmentKey) else {
      return Self.defaultAlignment
    }
    guard alignment <= Self.alignmentLimit, alignment.nonzeroBitCount == 1 else {
      throw GGUFError(path, .invalidAlignment(found: alignment, limit: Self.alignmentLimit))
    }
    return alignment
  }
}
