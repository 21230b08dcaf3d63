/// Takes the bytes of one tensor, in as many pieces as the caller likes.
package struct TensorOutput {
  let info: TensorInfo
  let file: AtomicFile
  let path: String
  private var written = 0

  init(info: TensorInfo, file: AtomicFile, path: String) {
    self.info = info
    self.file = file
    self.path = path
  }

  /// Writes the next bytes of the tensor.
  ///
  /// - Throws: ``GGUFError`` where they cannot be written, or are more than the tensor has.
  package mutating func append(_ bytes: [UInt8]) throws(GGUFError) {
    try account(for: bytes.count)
    try file.append(bytes)
  }

  /// Writes the next bytes of the tensor from memory that stays valid during the call.
  package mutating func append(unsafeBytes bytes: UnsafeRawBufferPointer) throws(GGUFError) {
    try account(for: bytes.count)
    try file.append(bytes)
  }

  private mutating func account(for byteCount: Int) throws(GGUFError) {
    written += byteCount
    if written > info.byteCount { throw mismatch }
  }

  func checkComplete() throws(GGUFError) {
    if written != info.byteCount { throw mismatch }
  }

  private var mismatch: GGUFError {
    GGUFError(path, .tensorByteCount(tensor: info.name, written: written, needed: info.byteCount))
  }
}
