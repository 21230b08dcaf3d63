import CTouchstone
import Touchstone

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Why a call failed, as `touchstone.h` has it.
struct Failure: Error {
  let status: touchstone_status
  let message: String
  /// The input that it is about, counted from the call's first.
  var index: Int?

  init(_ status: Int, _ message: String, index: Int? = nil) {
    self.status = touchstone_status(status)
    self.message = message
    self.index = index
  }

  static func argument(_ message: String, index: Int? = nil) -> Failure {
    Failure(TOUCHSTONE_INVALID_ARGUMENT, message, index: index)
  }

  /// - Parameter first: what the first input of the call is called.
  init(_ error: TouchstoneError, first: Int = 0) {
    switch error {
    case .file, .model, .vocabulary: self.init(TOUCHSTONE_FILE, "\(error)")
    case .inputTooLong(let index, let tokens, let limit):
      self.init(
        TOUCHSTONE_INPUT_TOO_LONG,
        "\(TouchstoneError.inputTooLong(index: first + index, tokens: tokens, limit: limit))",
        index: first + index)
    case .queryTooLong: self.init(TOUCHSTONE_INPUT_TOO_LONG, "\(error)")
    case .tokenIDOutOfRange(let index, let id, let size):
      self.init(
        TOUCHSTONE_INVALID_INPUT,
        "\(TouchstoneError.tokenIDOutOfRange(index: first + index, id: id, vocabularySize: size))",
        index: first + index)
    case .noTokens(let index):
      self.init(
        TOUCHSTONE_INVALID_INPUT, "\(TouchstoneError.noTokens(index: first + index))", index: first + index)
    case .notFinite(let index):
      self.init(
        TOUCHSTONE_NOT_FINITE, "\(TouchstoneError.notFinite(index: first + index))", index: first + index)
    case .zeroLength(let index):
      self.init(
        TOUCHSTONE_NOT_FINITE, "\(TouchstoneError.zeroLength(index: first + index))", index: first + index)
    case .invalidOption: self.init(TOUCHSTONE_INVALID_OPTION, "\(error)")
    case .environment: self.init(TOUCHSTONE_ENVIRONMENT, "\(error)")
    case .cancelled: self.init(TOUCHSTONE_CANCELLED, "\(error)")
    }
  }
}

/// Runs the body of an exported function; a failure becomes its status, and the thread's last error.
func reporting(_ body: () throws(Failure) -> Void) -> touchstone_status {
  do {
    try body()
    return touchstone_status(TOUCHSTONE_OK)
  } catch {
    LastError.set(error)
    return error.status
  }
}

/// The last failure of each thread, freed with the thread.
enum LastError {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { value in
      guard let value = value as UnsafeMutableRawPointer? else { return }
      Unmanaged<Stored>.fromOpaque(value).release()
    }
    return key
  }()

  /// Outlives threads only in the hands of `pthread_key_create`.
  final class Stored {
    let message: UnsafeMutablePointer<CChar>?
    let index: Int64

    init(_ failure: Failure) {
      message = strdup(failure.message)
      index = failure.index.map(Int64.init) ?? -1
    }

    deinit { free(message) }
  }

  static var current: Stored? {
    pthread_getspecific(key).map { Unmanaged<Stored>.fromOpaque($0).takeUnretainedValue() }
  }

  static func set(_ failure: Failure) {
    let before = pthread_getspecific(key)
    pthread_setspecific(key, Unmanaged.passRetained(Stored(failure)).toOpaque())
    if let before { Unmanaged<Stored>.fromOpaque(before).release() }
  }
}
