import CTouchstone
import Touchstone

/// One call that embeds or counts: its model, its options, and where its inputs come from.
struct EmbeddingCall {
  private let open: OpenModel
  private let model: EmbeddingModel
  private let options: CallOptions
  private let count: Int
  /// The input at an index.
  private let content: (Int) throws(Failure) -> EmbeddingInput.Content

  init(
    _ handle: OpaquePointer?, _ options: UnsafePointer<touchstone_options>?,
    texts: UnsafePointer<touchstone_text>?, count: Int
  ) throws(Failure) {
    let texts = try elements(texts, count, "texts")
    try self.init(handle, options, count: count) { index, name throws(Failure) in
      .text(try String(texts[index], name, index: index))
    }
  }

  init(
    _ handle: OpaquePointer?, _ options: UnsafePointer<touchstone_options>?,
    ids: UnsafePointer<touchstone_ids>?, count: Int
  ) throws(Failure) {
    let inputs = try elements(ids, count, "inputs")
    try self.init(handle, options, count: count) { index, name throws(Failure) in
      .tokenIDs(Array(try elements(inputs[index].ids, inputs[index].count, "the ids of \(name)")))
    }
  }

  private init(
    _ handle: OpaquePointer?, _ options: UnsafePointer<touchstone_options>?, count: Int,
    content: @escaping (Int, String) throws(Failure) -> EmbeddingInput.Content
  ) throws(Failure) {
    open = try OpenModels[handle]
    model = try open.embedding
    let options = try CallOptions(options)
    self.options = options
    self.count = count
    self.content = { index throws(Failure) in
      do throws(Failure) {
        return try content(index, "input \(options.firstIndex + index)")
      } catch {
        throw Failure(Int(error.status), error.message, index: options.firstIndex + index)
      }
    }
  }

  private var dimensions: Int { options.embedding.dimensions ?? model.dimensions }
  private var isPooled: Bool { (options.embedding.pooling ?? model.pooling) != Pooling.none }

  // MARK: Counting

  func counts(to counts: UnsafeMutablePointer<touchstone_counts>?) throws(Failure) {
    let counts = try elements(counts, count, "counts")
    try checkOptions()
    let frame = InstructionFrame(options.role, model.tokenizer)
    for index in 0..<count {
      try open.withTurn { () throws(Failure) in
        counts[index] = try self.counts(of: try content(index), index: index, frame)
      }
    }
  }

  /// An empty call refuses what the model has no place for.
  private func checkOptions() throws(Failure) {
    do { _ = try model.embed([], options: options.embedding) } catch { throw Failure(error) }
  }

  private func counts(
    of content: EmbeddingInput.Content, index: Int, _ frame: InstructionFrame
  ) throws(Failure) -> touchstone_counts {
    var inputTokens: Int
    switch content {
    case .text(let text): inputTokens = model.tokenizer.count(options.role.prefix + text)
    case .tokenIDs(let ids):
      inputTokens = frame.idCount + ids.count
      if let end = model.tokenizer.endOfText, (ids.last ?? frame.lastID) != end { inputTokens += 1 }
    }
    let limit = options.embedding.maximumTokens ?? model.contextLength
    guard inputTokens > 0 else { throw Failure(.noTokens(index: index), first: options.firstIndex) }
    guard inputTokens <= limit || options.embedding.truncation != .error else {
      throw Failure(
        .inputTooLong(index: index, tokens: inputTokens, limit: limit), first: options.firstIndex)
    }
    let tokens = min(inputTokens, limit)
    return touchstone_counts(rows: isPooled ? 1 : tokens, tokens: tokens, input_tokens: inputTokens)
  }

  // MARK: Embedding

  func embed(
    to vectors: UnsafeMutablePointer<Float>?, capacity: Int,
    counts: UnsafeMutablePointer<touchstone_counts>?
  ) throws(Failure) {
    try checkOptions()
    let needed = try floatCount()
    // A capacity beyond Int.max is negative here, and enough.
    guard capacity < 0 || capacity >= needed else {
      throw Failure(
        TOUCHSTONE_BUFFER_TOO_SMALL,
        "the vectors need \(needed) floats, but the buffer has room for \(capacity)")
    }
    guard let vectors = vectors ?? (needed == 0 ? .allocate(capacity: 0) : nil) else {
      throw .argument("there is no place for the vectors: the pointer to them is NULL")
    }
    var written = 0
    var start = 0
    while start < count {
      let inputs = try slice(from: start)
      let embeddings = try open.withTurn { () throws(Failure) in try embed(inputs, start: start) }
      for (index, embedding) in embeddings.enumerated() {
        let place = UnsafeMutableBufferPointer(start: vectors + written, count: embedding.values.count)
        _ = place.update(fromContentsOf: embedding.values)
        written += embedding.values.count
        counts?[start + index] = touchstone_counts(
          rows: embedding.values.count / embedding.dimensions, tokens: embedding.tokenCount,
          input_tokens: embedding.inputTokenCount)
      }
      start += inputs.count
    }
  }

  private func embed(_ inputs: [EmbeddingInput], start: Int) throws(Failure) -> [Embedding] {
    var done = start
    do throws(TouchstoneError) {
      return try model.embed(
        inputs, options: options.embedding, shouldContinue: { options.shouldContinue(done) },
        progress: { done = start + $0 })
    } catch {
      throw Failure(error, first: options.firstIndex + start)
    }
  }

  private func floatCount() throws(Failure) -> Int {
    var rows = count
    if !isPooled {
      let counts = UnsafeMutablePointer<touchstone_counts>.allocate(capacity: count)
      defer { counts.deallocate() }
      try self.counts(to: counts)
      rows = (0..<count).reduce(0) { $0 + counts[$1].rows }
    }
    let (floats, overflows) = rows.multipliedReportingOverflow(by: dimensions)
    guard !overflows else { throw .argument("\(count) texts are more than any memory holds") }
    return floats
  }

  /// The inputs from `start` on that are handed to the engine at once: enough to fill many batches, and few
  /// enough that their vectors are a small part of the memory that the caller has for all.
  private func slice(from start: Int) throws(Failure) -> [EmbeddingInput] {
    let byteLimit = 64 * 4 * options.embedding.batchTokens
    var inputs: [EmbeddingInput] = []
    var byteCount = 0
    while start + inputs.count < count, inputs.count < 4096, byteCount < byteLimit {
      let content = try content(start + inputs.count)
      switch content {
      case .text(let text): byteCount += text.utf8.count
      case .tokenIDs(let ids): byteCount += 4 * ids.count
      }
      inputs.append(EmbeddingInput(content, as: options.role))
    }
    return inputs
  }
}

/// The token ids that an instruction puts in front of token ids.
private struct InstructionFrame {
  let idCount: Int
  let lastID: Int32?

  init(_ role: EmbeddingRole, _ tokenizer: TextTokenizer) {
    guard !role.prefix.isEmpty else {
      idCount = 0
      lastID = nil
      return
    }
    // The tokenizer puts the file's own tokens around every text; those of an empty text are these alone.
    let frame = tokenizer.count("")
    let ids = tokenizer.tokenIDs(of: role.prefix)
    idCount = ids.count - frame
    lastID = tokenizer.endOfText == nil ? ids.last : ids.dropLast().last
  }
}
