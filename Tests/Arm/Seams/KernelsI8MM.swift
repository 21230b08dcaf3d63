import Kernels

/// The module KernelsI8MM as others see it. Embedded Swift compiles whatever it sees of a module once
/// more in the one that imports it, and there without the flags of the instruction set.
@_silgen_name("$e11KernelsI8MM04makeB9MMKernels0A09KernelSet_pyF")
public func makeI8MMKernels() -> any KernelSet
