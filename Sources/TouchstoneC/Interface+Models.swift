import CTouchstone
import Touchstone

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

// The functions that `touchstone.h` documents. A change of a signature there is a change here; the C program
// of the tests is compiled against the header.

// Written once, never freed.
private nonisolated(unsafe) let version = UnsafePointer(strdup(EngineInformation.current.version))
private nonisolated(unsafe) let noError = UnsafePointer(strdup(""))

@_cdecl("touchstone_version")
public func touchstoneVersion() -> UnsafePointer<CChar>? { version }

@_cdecl("touchstone_interface_version")
public func touchstoneInterfaceVersion() -> Int32 { TOUCHSTONE_INTERFACE_VERSION }

@_cdecl("touchstone_last_error")
public func touchstoneLastError() -> UnsafePointer<CChar>? {
  LastError.current.flatMap { UnsafePointer($0.message) } ?? noError
}

@_cdecl("touchstone_last_error_index")
public func touchstoneLastErrorIndex() -> Int64 { LastError.current?.index ?? -1 }

@_cdecl("touchstone_open")
public func touchstoneOpen(
  _ path: UnsafePointer<CChar>?, _ options: UnsafePointer<touchstone_open_options>?,
  _ model: UnsafeMutablePointer<OpaquePointer?>?
) -> touchstone_status {
  reporting { () throws(Failure) in
    guard let model else { throw .argument("there is no place for the model: the pointer to it is NULL") }
    model.pointee = nil
    guard let path else { throw .argument("the path is NULL; name a GGUF file") }
    guard let path = String(validatingCString: path) else { throw .argument("the path is not UTF-8") }
    let options = try copy(options, size: options?.pointee.size, "touchstone_open_options")
    let threads = options.flatMap { $0.threads == 0 ? nil : Int($0.threads) }
    let open: OpenModel
    do throws(TouchstoneError) {
      open = try OpenModel(path: path, threads: threads)
    } catch {
      throw Failure(error)
    }
    model.pointee = OpenModels.add(open)
  }
}

@_cdecl("touchstone_close")
public func touchstoneClose(_ model: OpaquePointer?) { OpenModels.remove(model) }

@_cdecl("touchstone_get_facts")
public func touchstoneGetFacts(
  _ model: OpaquePointer?, _ facts: UnsafeMutablePointer<touchstone_facts>?
) -> touchstone_status {
  reporting { () throws(Failure) in
    let open = try OpenModels[model]
    guard let facts else { throw .argument("there is no place for the facts: the pointer to them is NULL") }
    let size = facts.pointee.size
    let known = MemoryLayout<touchstone_facts>.size
    guard size >= known, size <= 1 << 20 else {
      throw .argument(
        "touchstone_facts.size is \(UInt(bitPattern: size)), but must be sizeof(touchstone_facts), \(known)")
    }
    memset(facts, 0, size)
    facts.pointee.size = size
    switch open.model {
    case .embedding: facts.pointee.kind = Int32(TOUCHSTONE_KIND_EMBEDDING)
    case .reranker: facts.pointee.kind = Int32(TOUCHSTONE_KIND_RERANKER)
    }
    facts.pointee.pooling = (open.model.pooling ?? .last).number
    facts.pointee.threads = Int32(open.model.threadCount)
    facts.pointee.end_of_text = open.model.tokenizer.endOfText ?? -1
    facts.pointee.dimensions = open.model.dimensions
    facts.pointee.context_length = open.model.contextLength
    facts.pointee.vocabulary_size = open.model.tokenizer.vocabularySize
    facts.pointee.layer_count = open.model.layerCount
    facts.pointee.warning_count = open.warnings.count
    facts.pointee.name = UnsafePointer(open.name)
    facts.pointee.kernels = UnsafePointer(open.kernels)
  }
}

@_cdecl("touchstone_warning")
public func touchstoneWarning(_ model: OpaquePointer?, _ index: Int) -> UnsafePointer<CChar>? {
  guard let open = try? OpenModels[model], open.warnings.indices.contains(index) else { return nil }
  return UnsafePointer(open.warnings[index])
}

extension Pooling {
  /// As `touchstone.h` numbers it.
  var number: Int32 {
    switch self {
    case .last: Int32(TOUCHSTONE_POOLING_LAST)
    case .mean: Int32(TOUCHSTONE_POOLING_MEAN)
    case .cls: Int32(TOUCHSTONE_POOLING_CLS)
    case .none: Int32(TOUCHSTONE_POOLING_NONE)
    }
  }
}
