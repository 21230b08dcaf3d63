import Testing
import Touchstone
