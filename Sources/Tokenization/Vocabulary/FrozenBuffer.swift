/// An array that never changes, at an address that never changes.
///
/// The inner loops read through the address, free of reference counting. Whoever does so keeps the buffer
/// alive for as long.
///
/// Sendable: the elements are written in `init`, before anyone else has the reference, and freed in `deinit`,
/// when nobody has it; in between they are only read.
final class FrozenBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  let elements: UnsafeBufferPointer<Element>

  init(_ elements: some Collection<Element>) {
    let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = buffer.initialize(from: elements)
    self.elements = UnsafeBufferPointer(buffer)
  }

  deinit {
    elements.deallocate()
  }
}
