import GGUF
import Hashing

/// Which file of weights: the SHA-256 of its bytes, as `sha256sum` prints it and as Hugging Face publishes
/// it.
///
/// Of the file and not of its tensors: vocabulary, theta and everything else that makes a vector is in it
/// too, and anyone can check the hash with common tools. The price: two files that differ in a comment have
/// different hashes. The parts of a split file are hashed one after another (`cat PARTS | sha256sum`).
package struct WeightsIdentity: Equatable, Sendable {
  /// Without its folder.
  package let fileName: String
  package let byteCount: Int
  package let sha256: String

  package init(fileName: String, byteCount: Int, sha256: String) {
    self.fileName = fileName
    self.byteCount = byteCount
    self.sha256 = sha256
  }

  /// Reads the whole mapped file, some 2 GB/s from memory, with the processor's instructions.
  ///
  /// - Parameters:
  ///   - endsWithTask: whether a canceled task ends the reading.
  ///   - progress: called with the part that is read, 0 to 1.
  package init(
    _ file: GGUFFile, endsWithTask: Bool = true, progress: (Double) -> Void = { _ in }
  ) throws(TouchstoneError) {
    var hash = SHA256()
    var done = 0
    for storage in file.storages {
      for start in stride(from: 0, to: storage.byteCount, by: Self.stepByteCount) {
        guard !endsWithTask || !Task.isCancelled else { throw .cancelled }
        let range = start..<min(start + Self.stepByteCount, storage.byteCount)
        storage.withUnsafeBytes(in: range) { hash.update(unsafeBytes: $0) }
        done += range.count
        progress(Double(done) / Double(file.byteCount))
      }
    }
    fileName = file.path.split(separator: "/").last.map(String.init) ?? file.path
    byteCount = file.byteCount
    sha256 = hash.hexadecimalDigest
  }

  /// 16 MiB.
  private static let stepByteCount = 1 << 24
}
