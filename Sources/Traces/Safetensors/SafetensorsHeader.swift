import ForeignText
import GGUF
import JSON

/// The header of a safetensors file, with every claim checked against the file and against the other claims.
struct SafetensorsHeader {
  typealias Reason = SafetensorsError.Reason

  let tensors: [SafetensorsFile.Tensor]
  let metadata: [String: String]

  init(_ storage: ByteStorage) throws(Reason) {
    guard storage.byteCount >= 8 else { throw .tooShort(byteCount: storage.byteCount) }
    let claimed = storage.bytes(in: 0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let remaining = storage.byteCount - 8
    guard claimed <= UInt64(SafetensorsFile.headerLimit) else {
      throw .headerTooLong(claimed: claimed, limit: SafetensorsFile.headerLimit)
    }
    guard claimed <= UInt64(remaining) else { throw .headerBeyondEnd(claimed: claimed, remaining: remaining) }
    let dataStart = 8 + Int(claimed)
    let value: JSONValue
    do {
      value = try JSONParser.parse(
        storage.bytes(in: 8..<dataStart), maximumValues: SafetensorsFile.headerValueLimit)
    } catch {
      throw .headerSyntax(offset: 8 + error.offset, reason: error.reason)
    }
    guard case .object(let members) = value else { throw .header("is \(value.kind), but must be an object") }

    var tensors: [SafetensorsFile.Tensor] = []
    var metadata: [String: String] = [:]
    for member in members {
      let nameLength = member.key.utf8.count
      guard nameLength <= SafetensorsFile.nameLimit else {
        throw .tensor(
          member.key, "has a name of \(nameLength) bytes, and at most \(SafetensorsFile.nameLimit) are read")
      }
      if member.key == "__metadata__" {
        metadata = try Self.metadata(member.value)
      } else {
        tensors.append(
          try Self.tensor(member, dataStart: dataStart, dataByteCount: storage.byteCount - dataStart))
      }
    }
    tensors.sort { ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound) }
    var end = dataStart
    for tensor in tensors {
      guard tensor.bytes.lowerBound == end else {
        throw .tensor(
          tensor.name,
          "begins at byte \(tensor.bytes.lowerBound), but the one before it ends at \(end): tensors lie end to end"
        )
      }
      end = tensor.bytes.upperBound
    }
    guard end == storage.byteCount else {
      throw .header("describes \(end) bytes, but the file has \(storage.byteCount)")
    }
    self.tensors = tensors
    self.metadata = metadata
  }

  private static func metadata(_ value: JSONValue) throws(Reason) -> [String: String] {
    guard case .object(let members) = value else {
      throw .header("has a __metadata__ that is \(value.kind), but it must be an object of strings")
    }
    var strings: [String: String] = [:]
    for member in members {
      let length = member.key.utf8.count
      guard length <= SafetensorsFile.nameLimit else {
        throw .metadata(
          member.key, "has a key of \(length) bytes, and at most \(SafetensorsFile.nameLimit) are read")
      }
      guard case .string(let text) = member.value else {
        throw .metadata(member.key, "is \(member.value.kind), but must be a string")
      }
      strings[member.key] = text
    }
    return strings
  }

  private static func tensor(
    _ member: JSONValue.Member, dataStart: Int, dataByteCount: Int
  ) throws(Reason) -> SafetensorsFile.Tensor {
    let name = member.key
    guard case .string(let type)? = member.value["dtype"] else {
      throw .tensor(name, "has no \"dtype\", which must be a string")
    }
    guard type.utf8.count <= 16, let elementByteCount = elementByteCounts[type] else {
      throw .tensor(
        name, "has the dtype \(type.quoted(limit: 20)), which safetensors does not know")
    }
    let shape = try integers("shape", of: member)
    let offsets = try integers("data_offsets", of: member)
    guard offsets.count == 2 else {
      throw .tensor(name, "has \(offsets.count) \"data_offsets\", but there must be two")
    }
    guard offsets[0] <= offsets[1], offsets[1] <= dataByteCount else {
      throw .tensor(
        name,
        "lies at \(offsets[0]) to \(offsets[1]) of the data, which are \(dataByteCount) bytes; the file is cut "
          + "off, or damaged")
    }
    var byteCount = elementByteCount
    for size in shape {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: size)
      guard !overflow else { throw .tensor(name, "has the shape \(shape), which is too large") }
      byteCount = product
    }
    guard byteCount == offsets[1] - offsets[0] else {
      throw .tensor(
        name, "has \(offsets[1] - offsets[0]) bytes, but its shape \(shape) of \(type) needs \(byteCount)")
    }
    return SafetensorsFile.Tensor(
      name: name, type: type, shape: shape, bytes: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  /// An array of counts: whole numbers from 0.
  private static func integers(_ key: String, of member: JSONValue.Member) throws(Reason) -> [Int] {
    guard case .array(let elements)? = member.value[key] else {
      throw .tensor(member.key, "has no \"\(key)\", which must be an array")
    }
    guard elements.count <= dimensionLimit else {
      throw .tensor(
        member.key, "has \(elements.count) numbers in \"\(key)\", and at most \(dimensionLimit) are read")
    }
    var integers: [Int] = []
    for element in elements {
      guard case .number(let digits) = element, let integer = Int(digits), integer >= 0 else {
        throw .tensor(member.key, "has something else than whole numbers from 0 in \"\(key)\"")
      }
      integers.append(integer)
    }
    return integers
  }

  private static let dimensionLimit = 16

  /// The types that the format knows in whole bytes. Those that are not floats may stand beside a trace.
  private static let elementByteCounts: [String: Int] = [
    "F64": 8, "I64": 8, "U64": 8, "C64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2,
    "U16": 2,
    "I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1, "F8_E8M0": 1,
  ]
}
