import Kernels

/// The integers and scales of quantized blocks, one weight at a time, straight from the drawings in the files
/// of the block formats.
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
    case .iq1_s: largeGridWeight(i)
    case .iq1_m: smallestGridWeight(i)
    case .iq2_xxs:
      gridWeight(
        ReferenceGrid.iq2_xxs[8 * Int(byte(2 + i / 32 * 8 + i % 32 / 8)) + i % 8],
        signed: evenSign(6 + i / 32 * 8, firstBit: i % 32 / 8 * 7, i % 8),
        scale: nibble(9 + i / 32 * 8, high: true))
    case .iq2_xs:
      gridWeight(
        ReferenceGrid.iq2_xs[8 * Int(byte(2 + i / 8 * 2) + bit(3 + i / 8 * 2, 0) * 256) + i % 8],
        signed: evenSign(2 + i / 8 * 2, firstBit: 9, i % 8), scale: nibble(66 + i / 32, high: i % 32 >= 16))
    case .iq2_s:
      gridWeight(
        ReferenceGrid.iq2_s[
          8 * Int(byte(2 + i / 8) + (byte(66 + i / 32) >> Int32(i / 8 % 4 * 2) & 3) * 256) + i % 8],
        signed: bit(34 + i / 8, i % 8), scale: nibble(74 + i / 32, high: i % 32 >= 16))
    case .iq3_xxs:
      // The coordinates are even; the integers are half of them.
      ReferenceWeight(
        integer: ReferenceGrid.iq3_xxs[4 * Int(byte(2 + i / 4)) + i % 4] / 2
          * (evenSign(66 + i / 32 * 4, firstBit: i % 32 / 8 * 7, i % 8) == 1 ? -1 : 1),
        scale: half(0) * (Float(nibble(69 + i / 32 * 4, high: true)) + 0.5))
    case .iq3_s:
      ReferenceWeight(
        integer: ReferenceGrid.iq3_s[4 * Int(byte(2 + i / 4) + bit(66, i / 4) * 256) + i % 4]
          * (bit(74, i) == 1 ? -1 : 1),
        scale: half(0) * Float(2 * nibble(106 + i / 64, high: i % 64 >= 32) + 1))
    case .tq1_0: ternaryWeight(i)
    case .tq2_0: ReferenceWeight(integer: twoBits(0, i) - 1, scale: half(64))
    case .mxfp4:
      ReferenceWeight(integer: smallFloat(nibble(1 + i % 16, high: i >= 16)), scale: powerOfTwo(byte(0)))
    case .nvfp4:
      ReferenceWeight(
        integer: smallFloat(nibble(4 + i / 16 * 8 + i % 8, high: i % 16 >= 8)),
        scale: byteFloat(byte(i / 16)) / 2)
    case .f32, .f16, .bf16: fatalError("not a quantized format")
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

  /// The sign bit of weight `i` of eight: seven are stored, and their number is even.
  private func evenSign(_ offset: Int, firstBit: Int, _ i: Int) -> Int32 {
    let seven = (0..<7).map { bit(offset, firstBit + $0) }
    return i < 7 ? seven[i] : seven.reduce(0, +) % 2
  }

  private func gridWeight(_ coordinate: Int32, signed: Int32, scale: Int32) -> ReferenceWeight {
    ReferenceWeight(
      integer: signed == 1 ? -coordinate : coordinate, scale: half(0) * (Float(scale) + 0.5) * 0.25)
  }

  private func largeGridWeight(_ i: Int) -> ReferenceWeight {
    let bits = byte(34 + i / 32 * 2) + byte(35 + i / 32 * 2) * 256
    let index = byte(2 + i / 8) + (bits >> Int32(i % 32 / 8 * 3) & 7) * 256
    let shift: Int32 = bits >> 15 == 1 ? -1 : 1
    return ReferenceWeight(
      integer: 8 * ReferenceGrid.iq1[8 * Int(index) + i % 8] + shift,
      scale: half(0) * Float(2 * (bits >> 12 & 7) + 1) / 8)
  }

  private func smallestGridWeight(_ i: Int) -> ReferenceWeight {
    let high = nibble(32 + i / 16, high: i % 16 >= 8)
    let index = byte(i / 8) + (high & 7) * 256
    let scales = byte(48 + i / 64 * 2) + byte(49 + i / 64 * 2) * 256
    let d = (0..<4).reduce(Int32(0)) { $0 + (byte(49 + 2 * $1) >> 4) << Int32(4 * $1) }
    return ReferenceWeight(
      integer: 8 * ReferenceGrid.iq1[8 * Int(index) + i % 8] + (high >= 8 ? -1 : 1),
      scale: Float(Float16(bitPattern: UInt16(d))) * Float(2 * (scales >> Int32(i / 16 % 4 * 3) & 7) + 1) / 8)
  }

  private func ternaryWeight(_ i: Int) -> ReferenceWeight {
    let (offset, digit) =
      switch i {
      case ..<160: (i % 32, i / 32)
      case ..<240: (32 + i % 16, (i - 160) / 16)
      default: (48 + i % 4, (i - 240) / 4)
      }
    let fraction = (0..<digit).reduce(byte(offset)) { fraction, _ in fraction * 3 % 256 }
    return ReferenceWeight(integer: fraction * 3 / 256 - 1, scale: half(52))
  }

  /// Twice a number of sign, two bits of exponent with the bias 1, one bit of fraction.
  private func smallFloat(_ bits: Int32) -> Int32 {
    let exponent = bits >> 1 & 3
    let magnitude = exponent == 0 ? bits & 1 : (2 + (bits & 1)) << (exponent - 1)
    return bits >= 8 ? -magnitude : magnitude
  }

  /// 2^(e − 128); infinite where ``MXFP4Panel`` says.
  private func powerOfTwo(_ exponent: Int32) -> Float {
    exponent >= 128 + 105 ? .infinity : Float(sign: .plus, exponent: Int(exponent) - 128, significand: 1)
  }

  /// e4m3 without a sign; what is not a number is 0.
  private func byteFloat(_ byte: Int32) -> Float {
    let (exponent, fraction) = (Int(byte >> 3 & 15), Float(byte & 7))
    if byte == 0x7F { return 0 }
    return exponent == 0
      ? fraction / 512 : Float(sign: .plus, exponent: exponent - 7, significand: 1) * (1 + fraction / 8)
  }
}

/// The points of the grids, one coordinate after another, as `tools/make_block_golden.py` writes them from
/// gguf-py.
// swift-format-ignore: AlwaysUseLowerCamelCase
private enum ReferenceGrid {
  static let iq1 = goldenGrid("IQ1_S")
  static let iq2_xxs = goldenGrid("IQ2_XXS")
  static let iq2_xs = goldenGrid("IQ2_XS")
  static let iq2_s = goldenGrid("IQ2_S")
  static let iq3_xxs = goldenGrid("IQ3_XXS")
  static let iq3_s = goldenGrid("IQ3_S")
}
