// The AVX2 copy of the kernels.
import Kernels
