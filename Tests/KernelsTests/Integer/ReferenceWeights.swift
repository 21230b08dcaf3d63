import Kernels

/// The integers and scales of quantised blocks, one weight at a time, straight from the drawings in the files of the
/// block formats.
struct ReferenceWeight {
  var integer: Int32
  var scale: Float
  var minimum: Float = 0
}

/// All weights of some blocks.
func referenceWeights(_ format: BlockFormat, _ bytes: ArraySlice<UInt8>) -> [ReferenceWeight] {
  stride(from: bytes.startIndex, to: bytes.endIndex, by: format.bytesPerBlock).flatMap { start in
    let block = ReferenceBlock(bytes: Array(bytes[start..<(start + format.bytesPerBlock)]))
    return (0..<format.valuesPerBlock).map { block.weight(format, $0) }
  }
}

private struct ReferenceBlock {
  let bytes: [UInt8]

  func byte(_ offset: Int) -> Int32 { Int32(bytes[offset]) }
  func signedByte(_ offset: Int) -> Int32 { Int32(Int8(bitPattern: bytes[offset])) }
  func half(_ offset: Int) -> Float {
    Float(Float16(bitPattern: UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8))
  }
  func bit(_ offset: Int, _ index: Int) -> Int32 { byte(offset + index / 8) >> Int32(index % 8) & 1 }

  /// The low or the high nibble of a byte.
  func nibble(_ offset: Int, high: Bool) -> Int32 { high ? byte(offset) >> 4 : byte(offset) & 15 }

  func weight(_ format: BlockFormat, _ i: Int) -> ReferenceWeight {
    switch format {
    case .q4_0:
      ReferenceWeight(integer: nibble(2 + i % 16, high: i >= 16) - 8, scale: half(0))
    case .q4_1:
      ReferenceWeight(integer: nibble(4 + i % 16, high: i >= 16), scale: half(0), minimum: half(2))
    case .q5_0:
      ReferenceWeight(
        integer: nibble(6 + i % 16, high: i >= 16) + bit(2, i) * 16 - 16, scale: half(0))
    case .q5_1:
      ReferenceWeight(
        integer: nibble(8 + i % 16, high: i >= 16) + bit(4, i) * 16, scale: half(0), minimum: half(2))
    case .q8_0: ReferenceWeight(integer: signedByte(2 + i), scale: half(0))
    case .q2_K: twoBitWeight(i)
    case .q3_K: threeBitWeight(i)
    case .q4_K:
      sixBitScaled(i / 32, nibble(16 + i / 64 * 32 + i % 32, high: i % 64 >= 32))
    case .q5_K:
      sixBitScaled(
        i / 32,
        nibble(48 + i / 64 * 32 + i % 32, high: i % 64 >= 32) + (byte(16 + i % 32) >> Int32(i / 32) & 1) * 16)
    case .q6_K: sixBitWeight(i)
    case .iq4_nl:
      ReferenceWeight(integer: level(nibble(2 + i % 16, high: i >= 16)), scale: half(0))
    case .iq4_xs: levelWeight(i)
    case .f32, .f16, .bf16: fatalError("not a quantised format")
    }
  }

  private func twoBits(_ offset: Int, _ i: Int) -> Int32 {
    byte(offset + i / 128 * 32 + i % 32) >> Int32(i % 128 / 32 * 2) & 3
  }

  private func twoBitWeight(_ i: Int) -> ReferenceWeight {
    let scales = byte(i / 16)
    return ReferenceWeight(
      integer: twoBits(16, i), scale: half(80) * Float(scales & 15), minimum: -(half(82) * Float(scales >> 4))
    )
  }

  private func threeBitWeight(_ i: Int) -> ReferenceWeight {
    let s = i / 16
    let low = nibble(96 + s % 8, high: s >= 8)
    let high = byte(104 + s % 4) >> Int32(s / 4 * 2) & 3
    let thirdBit = byte(i % 32) >> Int32(i / 32) & 1
    return ReferenceWeight(
      integer: twoBits(32, i) - (thirdBit == 1 ? 0 : 4), scale: half(108) * Float(low + high * 16 - 32))
  }

  private func sixBitWeight(_ i: Int) -> ReferenceWeight {
    let low = nibble(i / 128 * 64 + i % 64, high: i % 128 >= 64)
    return ReferenceWeight(
      integer: low + twoBits(128, i) * 16 - 32, scale: half(208) * Float(signedByte(192 + i / 16)))
  }

  private func sixBitScaled(_ s: Int, _ quant: Int32) -> ReferenceWeight {
    let scale: Int32
    let minimum: Int32
    if s < 4 {
      scale = byte(4 + s) & 63
      minimum = byte(8 + s) & 63
    } else {
      scale = byte(8 + s) & 15 | (byte(s) >> 6) << 4
      minimum = byte(8 + s) >> 4 | (byte(4 + s) >> 6) << 4
    }
    return ReferenceWeight(
      integer: quant, scale: half(0) * Float(scale), minimum: -(half(2) * Float(minimum)))
  }

  private func levelWeight(_ i: Int) -> ReferenceWeight {
    let s = i / 32
    let low = nibble(4 + s / 2, high: s % 2 == 1)
    let high = bit(2, 2 * s) + 2 * bit(2, 2 * s + 1)
    let index = nibble(8 + 16 * s + i % 16, high: i % 32 >= 16)
    return ReferenceWeight(integer: level(index), scale: half(0) * Float(low + high * 16 - 32))
  }

  private func level(_ index: Int32) -> Int32 {
    [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113][Int(index)]
  }
}
