import GGUF
import Golden
import JSON
import Kernels
import TestSupport
import Touchstone
import Traces

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Traces (safetensors), golden sets (JSON lines) and arrays (npy) of other programs: real ones with changed
/// fields, read, compared and verified.
enum FormatsFuzzing {
  static func run(_ decisions: inout Decisions) throws {
    switch decisions.below(5) {
    case 0, 1: try runTrace(&decisions)
    case 2, 3: try runGolden(&decisions)
    default: try runArray(&decisions)
    }
  }

  // MARK: Traces

  /// A trace of five tokens, all intermediates, as header and data.
  private static let trace: (header: JSONValue, content: [UInt8]) = {
    do {
      let model = try EmbeddingModel(path: TestData.model("large-residual"), threads: 1)
      let output = MemoryOutput()
      try TraceRecorder(model, [1, 2, 3, 4, 5], options: EmbeddingOptions(), selection: .all).write(
        to: output)
      let length = output.bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      return (
        try JSONParser.parse(Array(output.bytes[8..<8 + length])), Array(output.bytes[(8 + length)...])
      )
    } catch { preconditionFailure("no trace is made: \(error)") }
  }()

  private static func runTrace(_ decisions: inout Decisions) throws {
    var header = trace.header
    for _ in 0..<decisions.below(4) { header = changed(header, &decisions) }
    var json: [UInt8] = []
    json.append(json: header)
    damage(&json, &decisions)
    let length = decisions.chance(1, in: 12) ? decisions.integer() : UInt64(json.count)
    var bytes = littleEndian(length) + json + trace.content
    if decisions.chance(1, in: 8) { bytes.removeLast(min(bytes.count, decisions.below(1 << 16))) }
    do {
      let whole = try TraceFile(
        SafetensorsFile(
          ByteStorage(
            copying: littleEndian(UInt64(original.count)) + original + trace.content, path: "sound")))
      let file = try TraceFile(SafetensorsFile(ByteStorage(copying: bytes, path: "hostile")))
      for point in file.points {
        guard let size = file.size(of: point) else { continue }
        _ = try file.rows(0..<min(size.rowCount, 8), of: point)
      }
      _ = try TraceComparison(whole, file)
    } catch let error as SafetensorsError {
      try demandSentence(error)
    } catch let error as TraceComparisonError {
      try demandSentence(error)
    }
  }

  private static let original: [UInt8] = {
    var json: [UInt8] = []
    json.append(json: trace.header)
    return json
  }()

  // MARK: Golden sets

  private static let golden: (model: EmbeddingModel, lines: [JSONValue]) = {
    do {
      let set = try Data(contentsOf: URL(filePath: TestData.path("bits/f16-i16.jsonl")))
      return (
        try EmbeddingModel(path: TestData.model("f16"), threads: 1),
        try set.split(separator: 0x0A).map { try JSONParser.parse(Array($0)) }
      )
    } catch { preconditionFailure("testdata/bits/f16-i16.jsonl: \(error)") }
  }()

  private static func runGolden(_ decisions: inout Decisions) throws {
    var lines = [golden.lines[0], golden.lines[1 + decisions.below(golden.lines.count - 1)]]
    for _ in 0..<1 + decisions.below(4) {
      let index = decisions.below(2)
      lines[index] = changed(lines[index], &decisions)
    }
    do {
      let header = try GoldenHeader(lines[0])
      let entry = try GoldenEntry(lines[1])
      let verification = try GoldenVerification(
        header, golden.model, FingerprintSource(golden.model, options: header.options))
      _ = try verification.difference(in: entry)
    } catch let error as GoldenFileError {
      try demandSentence(error)
    } catch let error as TouchstoneError {
      try demandSentence(error)
    }
  }

  // MARK: Arrays

  private static func runArray(_ decisions: inout Decisions) throws {
    let rows = decisions.below(5)
    let columns = decisions.below(9)
    var sizes = [String(rows), String(columns)]
    for _ in 0..<decisions.below(3) {
      switch decisions.below(5) {
      case 0: sizes.append(String(decisions.integer()))
      case 1: sizes.removeLast(min(1, sizes.count))
      case 2: sizes = [String](repeating: "1", count: 1 + decisions.below(4000))
      default:
        sizes = sizes.map { decisions.chance(1, in: 2) ? String(decisions.integer()) : $0 }
      }
    }
    let type = decisions.element(of: ["<f4", "<f4", "<f8", ">f4", "<i8", "|O", ""])
    let order = decisions.element(of: ["False", "False", "False", "True", ""])
    let shape = sizes.joined(separator: ", ") + (decisions.chance(1, in: 4) ? "," : "")
    var header = Array("{'descr': '\(type)', 'fortran_order': \(order), 'shape': (\(shape)), }".utf8)
    damage(&header, &decisions)
    let version = decisions.element(of: [1, 1, 1, 2, 3, 0, 255] as [UInt8])
    let length = decisions.chance(1, in: 10) ? decisions.integer() : UInt64(header.count)
    var bytes = NPYArray.magic + [version, 0] + littleEndian(length).prefix(version >= 2 ? 4 : 2) + header
    let isDouble = type == "<f8"
    for _ in 0..<rows * columns * (isDouble ? 8 : 4) { bytes.append(decisions.byte()) }
    if decisions.chance(1, in: 8) { bytes.removeLast(min(bytes.count, decisions.below(64))) }
    damage(&bytes, &decisions)
    do {
      let array = try NPYArray(bytes)
      try demand(
        array.rowCount * array.columnCount * 4 <= bytes.count, "an array has more numbers than its file")
      for row in 0..<array.rowCount {
        try demand(array.row(row).count == array.columnCount, "row \(row) has another length")
      }
    } catch let error as NPYError {
      try demandSentence(error)
    }
  }

  // MARK: Changes

  /// The value with one change somewhere in it.
  private static func changed(_ value: JSONValue, _ decisions: inout Decisions) -> JSONValue {
    switch value {
    case .object(var members) where !members.isEmpty:
      let index = decisions.index(in: members)
      switch decisions.below(10) {
      case 0: members.remove(at: index)
      case 1: members.append(members[index])
      case 2: members[index] = .init(decisions.element(of: names), members[index].value)
      default: members[index] = .init(members[index].key, changed(members[index].value, &decisions))
      }
      return .object(members)
    case .array(var elements) where !elements.isEmpty:
      let index = decisions.index(in: elements)
      switch decisions.below(6) {
      case 0: elements.remove(at: index)
      case 1: elements.append(elements[index])
      default: elements[index] = changed(elements[index], &decisions)
      }
      return .array(elements)
    case .number:
      return .number(
        decisions.chance(1, in: 2) ? String(decisions.integer()) : decisions.element(of: numbers))
    case .string: return .string(decisions.element(of: names))
    default:
      return decisions.element(of: [.null, .bool(true), .number("1"), .string(""), .array([]), .object([])])
    }
  }

  private static func damage(_ bytes: inout [UInt8], _ decisions: inout Decisions) {
    guard decisions.chance(1, in: 8) else { return }
    bytes[decisions.index(in: bytes)] = decisions.byte()
  }

  private static let names = [
    "", "F32", "F16", "BF16", "F64", "I8", "embedding", "final_norm", "layers.0.query", "layers.7.gate",
    "layers.x.y",
    "__metadata__", "last", "mean", "none", "i8", "i16", "f32", "l2", "left", "right", "error", "1", "[1,2]",
    "[]", "-1",
    "9223372036854775808", "x\u{1B}[31m", String(repeating: "\u{301}\u{323}", count: 50),
  ]
  private static let numbers = [
    "-1", "0.5", "1e5", "-0", "1e999", "99999999999999999999", "-9223372036854775808",
  ]
}

/// A file in memory that takes bytes at any place.
private final class MemoryOutput: PositionedOutput {
  private(set) var bytes: [UInt8] = []

  func write(_ new: [UInt8], at offset: Int) {
    if bytes.count < offset + new.count {
      bytes += [UInt8](repeating: 0, count: offset + new.count - bytes.count)
    }
    bytes.replaceSubrange(offset..<offset + new.count, with: new)
  }
}
