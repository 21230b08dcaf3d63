/// An array that never changes, at an address that never changes.
///
/// The inner loops read through the address, free of reference counting. Whoever does so keeps the buffer
/// alive for as long.
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
