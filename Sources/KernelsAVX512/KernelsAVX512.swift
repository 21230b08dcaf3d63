// The AVX-512 copy of the kernels.
import Kernels
