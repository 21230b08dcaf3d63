import CTouchstone
import Touchstone

/// The options of a call, read and checked.
struct CallOptions {
  var embedding = EmbeddingOptions()
  var role = EmbeddingRole.document
  /// nil: the model card's.
  var instruction: String?
  var firstIndex = 0
  /// Called with the number of inputs done; false ends the call.
  var shouldContinue: (Int) -> Bool = { _ in true }

  init(_ pointer: UnsafePointer<touchstone_options>?) throws(Failure) {
    guard let options = try copy(pointer, size: pointer?.pointee.size, "touchstone_options") else { return }
    embedding.activations = try Self.choose(
      options.activations, [.i16, .i8, .f32], "activations")
    embedding.pooling = try Self.choose(
      options.pooling, [nil, .last, .mean, .cls, Pooling.none], "pooling")
    embedding.normalization = try Self.choose(options.normalization, [.l2, .none], "normalization")
    embedding.truncation = try Self.choose(options.truncation, [.error, .right, .left], "truncation")
    embedding.dimensions = try Self.count(options.dimensions, "dimensions")
    embedding.maximumTokens = try Self.count(options.maximum_tokens, "maximum_tokens")
    if let tokens = try Self.count(options.batch_tokens, "batch_tokens") { embedding.batchTokens = tokens }
    firstIndex = try Self.count(options.first_index, "first_index") ?? 0

    let text = try String(options.instruction, "the instruction")
    instruction = text.isEmpty ? nil : text
    role = try Self.choose(options.role, [.document, .query, .query(task: text)], "role")
    if let ask = options.should_continue {
      let context = options.context
      shouldContinue = { ask(context, $0) != 0 }
    }
  }

  /// The same for a reranker.
  var rerank: RerankOptions {
    get throws(Failure) {
      guard embedding.dimensions == nil, embedding.pooling == nil, embedding.normalization == .l2,
        role == .document
      else {
        throw .argument(
          "a reranker has no dimensions, pooling, normalization or role; leave these options zero")
      }
      var options = RerankOptions()
      options.activations = embedding.activations
      options.maximumTokens = embedding.maximumTokens
      options.truncation = embedding.truncation
      options.batchTokens = embedding.batchTokens
      return options
    }
  }

  static func choose<Value>(
    _ number: Int32, _ values: [Value], _ name: String
  ) throws(Failure) -> Value {
    guard let index = Int(exactly: number), values.indices.contains(index) else {
      throw .argument("\(name) is \(number), but must be from 0 to \(values.count - 1)")
    }
    return values[index]
  }

  /// nil for 0, the default.
  static func count(_ number: Int, _ name: String) throws(Failure) -> Int? {
    guard number >= 0, number <= Int32.max else {
      throw .argument("\(name) is \(UInt(bitPattern: number)), but must be at most \(Int32.max)")
    }
    return number == 0 ? nil : number
  }
}

/// A structure of the caller's, which may be of a newer header: what this library does not know must be zero.
///
/// - Returns: nil for NULL.
func copy<Structure>(
  _ pointer: UnsafePointer<Structure>?, size: Int?, _ name: String
) throws(Failure) -> Structure? {
  guard let pointer, let size else { return nil }
  let known = MemoryLayout<Structure>.size
  // No structure of a header to come has a megabyte: such a size is memory that was not initialized.
  guard size >= known, size <= 1 << 20 else {
    throw .argument("\(name).size is \(UInt(bitPattern: size)), but must be sizeof(\(name)), \(known)")
  }
  let rest = UnsafeRawBufferPointer(start: pointer, count: size)[known...]
  guard rest.allSatisfy({ $0 == 0 }) else {
    throw .argument(
      "\(name) sets options of a newer library than this one, \(EngineInformation.current.version); leave them zero"
    )
  }
  return pointer.pointee
}

extension String {
  /// - Parameters:
  ///   - name: what errors call the text.
  ///   - index: the input that it is.
  init(_ text: touchstone_text, _ name: String, index: Int? = nil) throws(Failure) {
    guard let bytes = text.bytes else {
      guard text.length == 0 else {
        throw .argument("\(name) is NULL, but its length is not 0", index: index)
      }
      self = ""
      return
    }
    // SIZE_MAX, as the signed number that Swift has for it.
    let length = text.length == -1 ? bytes.byteCountToNUL : text.length
    guard length >= 0 else {
      throw .argument(
        "\(name) has a length of \(UInt(bitPattern: length)), which no memory has", index: index)
    }
    let content = bytes.withMemoryRebound(to: UInt8.self, capacity: length) {
      String(validating: UnsafeBufferPointer(start: $0, count: length), as: UTF8.self)
    }
    guard let content else {
      throw .argument(
        "\(name) is not well-formed UTF-8; encode it, or replace its malformed bytes", index: index)
    }
    self = content
  }
}

extension UnsafePointer<CChar> {
  fileprivate var byteCountToNUL: Int {
    var count = 0
    while self[count] != 0 { count += 1 }
    return count
  }
}

/// Memory of the caller's for `count` elements.
///
/// - Throws: where it is NULL, and there are some.
func elements<Element>(
  _ pointer: UnsafePointer<Element>?, _ count: Int, _ name: String
) throws(Failure) -> UnsafeBufferPointer<Element> {
  guard count >= 0, count <= Int.max / max(1, MemoryLayout<Element>.stride) else {
    throw .argument("the count of \(name) is \(UInt(bitPattern: count)), which no memory has")
  }
  guard pointer != nil || count == 0 else {
    throw .argument("\(name) is NULL, but \(count) of them are named")
  }
  return UnsafeBufferPointer(start: pointer, count: count)
}

func elements<Element>(
  _ pointer: UnsafeMutablePointer<Element>?, _ count: Int, _ name: String
) throws(Failure) -> UnsafeMutableBufferPointer<Element> {
  UnsafeMutableBufferPointer(mutating: try elements(UnsafePointer(pointer), count, name))
}

/// Writes `text` and a NUL into the caller's memory, and its length.
func write(
  _ text: String, to buffer: UnsafeMutablePointer<CChar>?, capacity: Int, length: UnsafeMutablePointer<Int>?
) throws(Failure) {
  let bytes = Array(text.utf8)
  length?.pointee = bytes.count
  guard capacity < 0 || capacity > bytes.count else {
    throw Failure(
      TOUCHSTONE_BUFFER_TOO_SMALL, "the text needs \(bytes.count + 1) bytes, but the buffer has \(capacity)")
  }
  guard let buffer else { throw .argument("the buffer is NULL, but its capacity is not 0") }
  for (index, byte) in bytes.enumerated() { buffer[index] = CChar(bitPattern: byte) }
  buffer[bytes.count] = 0
}
