import CInstructions

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The single-precision matrix multiply of OpenBLAS, loaded when it is first asked for.
///
/// OpenBLAS chooses its kernels while it loads. Debian's release does not know newer AMD processors and takes
/// its AVX2 kernels, at about half the speed, and machine images set `OPENBLAS_CORETYPE` for programs of
/// another age. So the choice is made here before loading: the AVX-512 kernels where the processor has
/// AVX-512, else OpenBLAS's own; `TOUCHSTONE_OPENBLAS_CORETYPE` overrides it. OpenBLAS's own threads stay at
/// one: ``Workers`` share out the tiles.
package struct OpenBLAS: Sendable {
  /// Why the library cannot be used.
  package struct LoadingError: Error, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// `cblas_sgemm(layout, transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)`
  private typealias Sgemm =
    @convention(c) (
      CInt, CInt, CInt, CInt, CInt, CInt, Float, UnsafePointer<Float>, CInt, UnsafePointer<Float>, CInt,
      Float,
      UnsafeMutablePointer<Float>, CInt
    ) -> Void

  private let sgemm: Sgemm
  /// The kernel that OpenBLAS uses, as it names it: `SkylakeX`, `Haswell`, ….
  package let kernelName: String

  /// The library, or why it cannot be had. Loaded once a process.
  package static let shared: Result<OpenBLAS, LoadingError> = Result { () throws(LoadingError) in
    try OpenBLAS()
  }

  private init() throws(LoadingError) {
    if let coreType = getenv("TOUCHSTONE_OPENBLAS_CORETYPE") {
      setenv("OPENBLAS_CORETYPE", coreType, 1)
    } else if cpuHasAVX512VNNI() {
      setenv("OPENBLAS_CORETYPE", "SKYLAKEX", 1)
    }
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    let candidates =
      getenv("TOUCHSTONE_OPENBLAS").map { [String(cString: $0)] }
      ?? ["libopenblas.so.0", "libopenblas.so", "libopenblas.dylib"]
    guard let library = candidates.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else {
      throw LoadingError(
        description:
          "the multiply of OpenBLAS was asked for, but \(candidates.joined(separator: " or ")) cannot be loaded; "
          + "install it (apt-get install libopenblas-dev), or name its file in TOUCHSTONE_OPENBLAS"
      )
    }
    guard let multiply = dlsym(library, "cblas_sgemm") else {
      throw LoadingError(description: "the library loaded as OpenBLAS has no function cblas_sgemm")
    }
    sgemm = unsafeBitCast(multiply, to: Sgemm.self)
    if let setThreads = dlsym(library, "openblas_set_num_threads") {
      unsafeBitCast(setThreads, to: (@convention(c) (CInt) -> Void).self)(1)
    }
    if let coreName = dlsym(library, "openblas_get_corename") {
      let function = unsafeBitCast(
        coreName, to: (@convention(c) () -> UnsafePointer<CChar>?).self)
      kernelName = function().map { String(cString: $0) } ?? "unknown"
    } else {
      kernelName = "unknown"
    }
  }

  /// `y[tokens, rows] = x[tokens, columns] · w[rows, columns]ᵀ`, all row-major.
  func multiply(
    tokenCount: Int, rowCount: Int, columnCount: Int,
    x: UnsafePointer<Float>, xStride: Int, w: UnsafePointer<Float>,
    y: UnsafeMutablePointer<Float>, yStride: Int
  ) {
    let rowMajor: CInt = 101
    let asIs: CInt = 111
    let transposed: CInt = 112
    sgemm(
      rowMajor, asIs, transposed, CInt(tokenCount), CInt(rowCount), CInt(columnCount), 1, x, CInt(xStride), w,
      CInt(columnCount), 0, y, CInt(yStride))
  }
}
