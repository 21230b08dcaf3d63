// The choice of an instruction set at run time.
import Kernels
