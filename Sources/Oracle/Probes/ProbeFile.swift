import JSON

/// The probing set as JSON Lines, for engines that no server stands in front of.
///
///     {"id":"plain-words","text":"wooden table, iron chair"}
///     {"id":"query-gravity","text":"Instruct: …\nQuery:Gravity?","query":"Gravity?","task":"…"}
///     {"id":"token-ids","tokens":[5839,14151,…]}
///     {"id":"half-of-the-dimensions","text":"…","dimensions":512}
///
/// For rerankers:
///
///     {"id":"own-instruction","query":"crash on empty input","document":"…","instruction":"Given a bug, …"}
///
/// `text` is embedded as it is. An engine with a query prompt of its own may take `query` and `task` instead.
package enum ProbeFile {
  /// Probes that take a text and nothing else: what every engine can do.
  package static func needsOptions(_ probe: Probe) -> Bool {
    probe.dimensions != nil || probe.sentText == nil
  }

  package static func lines(_ probes: [Probe], _ emulator: Emulator) throws(OracleError) -> [UInt8] {
    var bytes: [UInt8] = []
    for probe in probes {
      bytes.append(json: try value(probe, emulator))
      bytes.append("\n")
    }
    return bytes
  }

  private static func value(_ probe: Probe, _ emulator: Emulator) throws(OracleError) -> JSONValue {
    var members = [JSONValue.Member("id", .string(probe.name))]
    if case .pair(let query, let document, let instruction) = probe.content {
      members += [.init("query", .string(query)), .init("document", .string(document))]
      if let instruction { members.append(.init("instruction", .string(instruction))) }
      return .object(members)
    }
    if let text = probe.sentText {
      members.append(.init("text", .string(text)))
    } else {
      let ids = try emulator.sentIDs(of: probe)
      members.append(.init("tokens", .array(ids.map { .number(Int($0)) })))
    }
    if case .query(let text, let task) = probe.content {
      members += [.init("query", .string(text)), .init("task", .string(task))]
    }
    if let dimensions = probe.dimensions { members.append(.init("dimensions", .number(dimensions))) }
    return .object(members)
  }
}
