import ForeignText
import JSON
import Traces

/// Vectors in a file: JSON Lines with the probes' ids, or an npy array in their order. With a reranker,
/// scores: JSON Lines with `"score"`.
package enum VectorFile {
  /// - Parameters:
  ///   - name: of the file, for sentences.
  ///   - probes: all that may be in it.
  ///   - hiddenSize: of the model.
  ///   - measure: what the file is to hold.
  package static func observations(
    _ bytes: [UInt8], name: String, probes: [Probe], hiddenSize: Int, measure: Measure = .vectors
  ) throws(OracleError) -> Observations {
    let rows =
      bytes.starts(with: NPYArray.magic) && measure == .vectors
      ? try array(bytes, name, probes) : try lines(bytes, name, measure)
    let known = Dictionary(uniqueKeysWithValues: probes.map { ($0.name, $0) })
    var observations: Observations = [:]
    var counts = ComponentCounts(hiddenSize: hiddenSize)
    for (place, id, values) in rows {
      // A long id is looked up nowhere: Swift compares a megabyte of marks in quadratic time.
      guard id.utf8.count <= longestID, let probe = known[id] else {
        throw .input(
          "\(place): there is no probe \(id.quoted(limit: 60)); ids are those of the file that --texts writes"
        )
      }
      guard observations[id] == nil else {
        throw .input("\(place): \(id.quoted(limit: 60)) has a second \(measure.singular)")
      }
      if measure == .vectors { try counts.check(values.count, probe, place) }
      let broken = values.count { !$0.isFinite }
      observations[id] = broken > 0 ? .notFinite(count: broken) : .vector(values)
    }
    guard !observations.isEmpty else { throw .input("\(name) holds no \(measure.noun)") }
    return observations
  }

  /// In bytes: longer than the name of any probe.
  private static let longestID = 256

  private typealias Row = (place: String, id: String, values: [Float])

  private static func array(
    _ bytes: [UInt8], _ name: String, _ probes: [Probe]
  ) throws(OracleError) -> [Row] {
    let array: NPYArray
    do { array = try NPYArray(bytes) } catch { throw .input("\(name) \(error)") }
    let texts = probes.filter { !ProbeFile.needsOptions($0) }
    guard let asked = [texts, probes].first(where: { $0.count == array.rowCount }) else {
      throw .input(
        "\(name) has \(array.rowCount) rows, but the set has \(texts.count) texts (\(probes.count) with --with-options); write one row for each, in their order"
      )
    }
    return asked.enumerated().map { ("\(name), row \($0)", $1.name, array.row($0)) }
  }

  private static func lines(_ bytes: [UInt8], _ name: String, _ measure: Measure) throws(OracleError) -> [Row]
  {
    var rows: [Row] = []
    for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      let place = "\(name):\(index + 1)"
      let value = try parsed(Array(line), place)
      guard case .string(let id)? = value["id"] else {
        throw .input(
          "\(place): expected an object with \"id\", a string, and "
            + (measure == .vectors ? "\"embedding\", an array" : "\"score\", a number"))
      }
      if measure == .scores {
        guard let score = value["score"] else {
          throw .input("\(place): \(id.quoted(limit: 60)) has no \"score\", a number")
        }
        rows.append((place, id, [try number(score, place)]))
        continue
      }
      guard case .array(let elements)? = value["embedding"] else {
        throw .input("\(place): \(id.quoted(limit: 60)) has no \"embedding\", an array of numbers")
      }
      rows.append((place, id, try elements.map { element throws(OracleError) in try number(element, place) }))
    }
    return rows
  }

  /// Python writes NaN and Infinity, which JSON does not have; here they are null, and mean the same.
  private static func parsed(_ line: [UInt8], _ place: String) throws(OracleError) -> JSONValue {
    do {
      return try JSONParser.parse(line, maximumValues: AnswerJSON.valueLimit)
    } catch {
      do {
        return try JSONParser.parse(
          AnswerJSON.replacingNonFinite(line), maximumValues: AnswerJSON.valueLimit)
      } catch {
        throw .input("\(place): not JSON after \(error.offset) bytes: \(error.reason)")
      }
    }
  }

  private static func number(_ value: JSONValue, _ place: String) throws(OracleError) -> Float {
    switch value {
    case .null: return .nan
    case .number(let digits):
      if let number = Float(digits) { return number }
      fallthrough
    default: throw .input("\(place): an answer must hold numbers, found \(value.kind)")
    }
  }
}
