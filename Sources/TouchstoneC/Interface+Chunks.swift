import CTouchstone
import Chunking
import Touchstone

@_cdecl("touchstone_chunk_text")
public func touchstoneChunkText(
  _ model: OpaquePointer?, _ options: UnsafePointer<touchstone_chunk_options>?, _ text: touchstone_text,
  _ each: (@convention(c) (UnsafeMutableRawPointer?, UnsafePointer<touchstone_chunk>?) -> Int32)?,
  _ context: UnsafeMutableRawPointer?
) -> touchstone_status {
  reporting { () throws(Failure) in
    let open = try OpenModels[model]
    guard let each else { throw .argument("there is no function that takes the chunks: it is NULL") }
    let options = try ChunkCallOptions(options, contextLength: open.model.contextLength)
    let document = options.document(try String(text, "the text"))
    let chunks = Chunker(meter: TurnMeter(open: open), options: options.chunking).chunks(of: document)
    for (index, chunk) in chunks.enumerated() {
      guard chunk.handed(to: each, context) else {
        throw Failure(TOUCHSTONE_CANCELLED, "the call was stopped at chunk \(index) of \(chunks.count)")
      }
    }
  }
}

/// The options of a call, read and checked.
private struct ChunkCallOptions {
  let chunking: ChunkingOptions
  private let format: DocumentFormat
  private let title: String

  init(
    _ pointer: UnsafePointer<touchstone_chunk_options>?, contextLength: Int
  ) throws(Failure) {
    let given = try copy(pointer, size: pointer?.pointee.size, "touchstone_chunk_options")
    let options = given ?? touchstone_chunk_options()
    format = try CallOptions.choose(options.format, [.text, .markdown, .code], "format")
    title = try String(options.title, "the title")

    let size = try CallOptions.count(options.characters, "characters")
    let overlap = try CallOptions.count(options.overlap_characters, "overlap_characters")
    let langchain = ChunkingOptions.Method.langchain(
      size: size ?? 8_192, overlap: size == nil ? overlap ?? 512 : overlap ?? 0)
    let method = try CallOptions.choose(options.method, [.structure, .whole, langchain], "method")
    if case .langchain(let size, let overlap) = method {
      guard overlap < size else {
        throw .argument("overlap_characters is \(overlap), but must be below characters, which is \(size)")
      }
    } else if size != nil || overlap != nil {
      throw .argument("characters and overlap_characters are of the method langchain; leave them zero")
    }

    let ordinary = method == .structure ? min(400, contextLength) : contextLength
    let tokens = try CallOptions.count(options.tokens, "tokens") ?? ordinary
    guard (ChunkingOptions.minimumTokens...max(ChunkingOptions.minimumTokens, contextLength)).contains(tokens)
    else {
      throw .argument(
        "tokens is \(tokens), but must be from \(ChunkingOptions.minimumTokens) to the context length, "
          + "\(contextLength)")
    }
    guard (0...50).contains(options.overlap_percent) else {
      throw .argument("overlap_percent is \(options.overlap_percent), but must be from 0 to 50")
    }
    chunking = ChunkingOptions(
      method: method, tokens: tokens, overlapPercent: Int(options.overlap_percent))
  }

  func document(_ text: String) -> ExtractedDocument {
    let bytes = Array(text.utf8)
    var document =
      format == .markdown ? MarkdownScanner.document(bytes) : PlainText.document(bytes, format: format)
    if !title.isEmpty { document.title = title }
    return document
  }
}

/// Counts with the model's tokenizer, a turn for each count: other calls go on in between.
private struct TurnMeter: TokenMeter {
  let open: OpenModel

  func count(_ text: String) -> Int { open.withTurn { open.model.tokenizer.count(text) } }

  func tokenStarts(of text: String) -> [Int] { open.withTurn { open.model.tokenizer.tokenStarts(of: text) } }
}

extension Chunk {
  /// - Returns: whether the caller wants to go on.
  fileprivate func handed(
    to each: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<touchstone_chunk>?) -> Int32,
    _ context: UnsafeMutableRawPointer?
  ) -> Bool {
    // One block holds the lead and the headings, each with its NUL.
    var strings: [CChar] = []
    var starts: [Int] = []
    for string in [lead] + headings {
      starts.append(strings.count)
      strings += string.utf8.map { CChar(bitPattern: $0) } + [0]
    }
    return strings.withUnsafeBufferPointer { strings in
      let pointers = starts.map { Optional(strings.baseAddress! + $0) }
      return pointers.dropFirst().withContiguousStorageIfAvailable { headings in
        var chunk = touchstone_chunk()
        chunk.begin = bytes.lowerBound
        chunk.end = bytes.upperBound
        chunk.tokens = tokenCount
        chunk.first_line = lines.lowerBound
        chunk.last_line = lines.upperBound
        chunk.lead = pointers[0]
        chunk.lead_length = lead.utf8.count
        chunk.headings = headings.baseAddress
        chunk.heading_count = headings.count
        return each(context, &chunk) != 0
      }!
    }
  }
}
