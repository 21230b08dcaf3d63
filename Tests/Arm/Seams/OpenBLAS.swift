/// No library is loaded at run time here: a value of this type does not exist.
package enum OpenBLAS: Sendable {
  package var kernelName: String { switch self {} }

  func multiply(
    tokenCount: Int, rowCount: Int, columnCount: Int,
    x: UnsafePointer<Float>, xStride: Int, w: UnsafePointer<Float>,
    y: UnsafeMutablePointer<Float>, yStride: Int
  ) {
    switch self {}
  }
}
