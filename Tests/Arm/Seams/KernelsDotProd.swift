import Kernels

/// The module KernelsDotProd as others see it. Embedded Swift compiles whatever it sees of a module once
/// more in the one that imports it, and there without the flags of the instruction set.
@_silgen_name("$e14KernelsDotProd04makebcA00A09KernelSet_pyF")
public func makeDotProdKernels() -> any KernelSet
