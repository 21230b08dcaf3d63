import CTouchstone
import Touchstone

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A model behind a handle, and the strings that its caller may hold on to.
///
/// Sendable: everything is written in `init` and freed in `deinit`.
final class OpenModel: @unchecked Sendable {
  let model: AnyModel
  let name: UnsafeMutablePointer<CChar>?
  let kernels: UnsafeMutablePointer<CChar>?
  let warnings: [UnsafeMutablePointer<CChar>?]

  private let turn = ForkSafeLock()

  init(path: String, threads: Int?) throws(TouchstoneError) {
    model = try AnyModel(path: path, threads: threads)
    name = strdup(model.name ?? "")
    kernels = strdup(EngineInformation.current.kernels ?? "")
    warnings = model.warnings.map { strdup("\($0)") }
  }

  deinit {
    free(name)
    free(kernels)
    for warning in warnings { free(warning) }
  }

  /// The engine's own locks know the thread that took them by a number that a fork makes stale; behind this
  /// one nobody ever waits for them.
  func withTurn<Result, Problem>(_ body: () throws(Problem) -> Result) throws(Problem) -> Result {
    turn.lock()
    defer { turn.unlock() }
    return try body()
  }

  var embedding: EmbeddingModel {
    get throws(Failure) {
      guard case .embedding(let model) = model else {
        throw Failure(
          TOUCHSTONE_WRONG_MODEL, "\(model.path) is a reranker, which has no vectors; use touchstone_rerank")
      }
      return model
    }
  }

  var reranker: RerankModel {
    get throws(Failure) {
      guard case .reranker(let model) = model else {
        throw Failure(
          TOUCHSTONE_WRONG_MODEL,
          "\(model.path) is an embedding model, which scores no documents; open a Qwen3-Reranker file")
      }
      return model
    }
  }

  /// The whole file is read the first time.
  func fingerprint(_ options: EmbeddingOptions, _ role: EmbeddingRole) throws(Failure) -> String {
    let model = try embedding
    return try withTurn { () throws(Failure) in
      do throws(TouchstoneError) {
        return try model.fingerprint(options: options, role: role)
      } catch {
        throw Failure(error)
      }
    }
  }
}

/// All handles. A handle is a number that is never used again, so a closed one is an error and no crash, and
/// a model lives until the last call that uses it has ended.
enum OpenModels {
  // Guarded by `lock`.
  private nonisolated(unsafe) static var models: [UInt: OpenModel] = [:]
  private nonisolated(unsafe) static var last: UInt = 0
  private static let lock: ForkSafeLock = {
    let lock = ForkSafeLock()
    // A child must not find the table in the hands of a thread that it does not have.
    pthread_atfork(
      { OpenModels.lock.lock() }, { OpenModels.lock.unlock() }, { OpenModels.lock.unlock() })
    return lock
  }()

  static func add(_ model: OpenModel) -> OpaquePointer? {
    lock.lock()
    defer { lock.unlock() }
    last += 1
    models[last] = model
    return OpaquePointer(bitPattern: last)
  }

  static func remove(_ handle: OpaquePointer?) {
    lock.lock()
    // The model's end may take time: outside of the lock.
    let model = models.removeValue(forKey: UInt(bitPattern: handle))
    lock.unlock()
    withExtendedLifetime(model) {}
  }

  static subscript(_ handle: OpaquePointer?) -> OpenModel {
    get throws(Failure) {
      guard handle != nil else { throw .argument("the model is NULL; open one with touchstone_open") }
      lock.lock()
      defer { lock.unlock() }
      guard let model = models[UInt(bitPattern: handle)] else {
        throw .argument("the model is not open: it was closed, or never came from touchstone_open")
      }
      return model
    }
  }
}

/// A lock of the C library, which works in a child process too.
///
/// Sendable: the pointer is a constant, and what it points to is the C library's to guard.
final class ForkSafeLock: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init() {
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func lock() { pthread_mutex_lock(mutex) }
  func unlock() { pthread_mutex_unlock(mutex) }
}
