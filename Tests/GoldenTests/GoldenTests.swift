import GGUF
import Golden
import Hashing
import JSON
import TestModels
import Testing
import Touchstone
import Traces

/// Fingerprints and golden sets.
struct GoldenTests {
  private static let texts = ["The file was not found.", "密码错误", ""]

  private static func fingerprint() -> Fingerprint {
    Fingerprint(
      weightsSHA256: "08537ca4", arithmeticVersion: 1, activations: .i16, pooling: .last, endOfText: 151643,
      prefix: "Instruct: \"a\"\nQuery:", dimensions: 1024, normalization: .l2, cut: nil)
  }

  /// What is hashed is a promise: it stays as it is, or every fingerprint in the world changes.
  @Test func theHashedTextIsPinned() {
    #expect(
      Self.fingerprint().canonicalText == #"""
        touchstone fingerprint 1
        weights sha256 08537ca4
        arithmetic 1
        activations i16
        pooling last
        end-of-text 151643
        instruction "Instruct: \"a\"\nQuery:"
        dimensions 1024
        normalization l2
        cut none

        """#)
    // printf '…' | sha256sum, its first 60 bits in Crockford's digits, by hand with another program.
    #expect(Self.fingerprint().id == "d2em9zt1a0q8")
  }

  @Test func everyFactChangesTheID() {
    let changes: [(inout Fingerprint) -> Void] = [
      { $0.weightsSHA256 = "08537ca5" }, { $0.arithmeticVersion = 2 }, { $0.activations = .i8 },
      { $0.pooling = .mean }, { $0.endOfText = nil }, { $0.endOfText = 151645 }, { $0.prefix = "" },
      { $0.dimensions = 1023 }, { $0.normalization = .none },
      { $0.cut = .init(side: .right, maximumTokens: 512) },
      { $0.cut = .init(side: .left, maximumTokens: 512) },
      { $0.cut = .init(side: .right, maximumTokens: 513) },
    ]
    var ids: Set = [Self.fingerprint().id]
    for change in changes {
      var fingerprint = Self.fingerprint()
      change(&fingerprint)
      #expect(fingerprint.id.count == Fingerprint.digitCount)
      #expect(ids.insert(fingerprint.id).inserted, "\(fingerprint.canonicalText)")
    }
  }

  /// As `sha256sum` prints it, of a file and of the parts of a split one.
  @Test func theWeightsHashIsThatOfTheFile() throws {
    #expect(
      try WeightsIdentity(GGUFFile.open(path: TestModels.path("f32"))).sha256
        == "d9ac65ee2477ff9441ea8c13c59adf602fc2cbcea51818a01f255b85f339e139")
    let split = try WeightsIdentity(GGUFFile.open(path: TestModels.path("split-00001-of-00003")))
    #expect(split.sha256 == "6da2b5e1d7a0d6a785da16838fdbac0ec795c66534f1127e6403b418e8efb031")
    #expect(split.byteCount == 38368 + 29504 + 29280)
  }

  private static func set(
    _ model: EmbeddingModel, _ options: EmbeddingOptions, role: EmbeddingRole = .document
  ) throws -> (header: GoldenHeader, entries: [GoldenEntry], source: FingerprintSource) {
    let source = try FingerprintSource(model, options: options)
    let header = try GoldenHeader(source, role: role)
    let recorder = try GoldenRecorder(model, options: options, role: role)
    return (
      header, try texts.enumerated().map { try recorder.entry(text: $1, task: nil, index: $0) }, source
    )
  }

  @Test(arguments: ["q4_k_m", "f16"], ActivationPrecision.allCases)
  func aSetReadsBackAndIsVerified(_ name: String, _ activations: ActivationPrecision) throws {
    let model = try TestModels.load(name)
    var options = TestModels.options(activations)
    options.dimensions = 24
    let (header, entries, source) = try Self.set(model, options, role: .query)
    let embedded = try model.embed(Self.texts.map { EmbeddingInput($0, as: .query) }, options: options)
    #expect(entries.map(\.vector) == embedded.map(\.values))
    #expect(try GoldenHeader(Self.reparsed(header.json)) == header)
    let verification = try GoldenVerification(header, model, source)
    #expect(verification.fingerprintDifferences.isEmpty)
    for entry in entries {
      let read = try GoldenEntry(Self.reparsed(entry.json))
      #expect(read == entry)
      #expect(entry.checksums.layers.count == model.configuration.layerCount)
      #expect(try verification.difference(in: read) == nil)
    }
  }

  private static func reparsed(_ value: JSONValue) throws -> JSONValue {
    var bytes: [UInt8] = []
    bytes.append(json: value)
    return try JSONParser.parse(bytes)
  }

  @Test func theFirstDifferenceIsNamed() throws {
    let model = try TestModels.load("q4_k_m")
    let (header, entries, source) = try Self.set(model, TestModels.options(.i16))
    let verification = try GoldenVerification(header, model, source)
    func difference(_ change: (inout GoldenEntry) -> Void) throws -> GoldenDifference? {
      var entry = entries[0]
      change(&entry)
      return try verification.difference(in: entry)
    }
    guard case .vector? = try difference({ $0.vector[3] = $0.vector[3].nextUp }) else {
      Issue.record("one bit of the vector was not seen")
      return
    }
    guard case .vector(let distance)? = try difference({ $0.vector.removeLast() }) else {
      Issue.record("a shorter vector was not seen")
      return
    }
    #expect(distance.isNaN)
    #expect(
      try difference { $0.checksums.layers[1] = "0123456789abcdef" }
        == .state(TracePoint(.feedForwardResidual, layer: 1), cosineDistance: 0))
    #expect(
      try difference { $0.checksums.embedding = "" } == .state(TracePoint(.embedding), cosineDistance: 0))
    #expect(
      try difference { $0.checksums.finalNorm = "" } == .state(TracePoint(.finalNorm), cosineDistance: 0))
    let position = entries[0].tokenIDs.count - 2
    #expect(try difference { $0.text = "The file was not found!" } == .tokenIDs(position: position))
    #expect(try difference { $0.text = nil } == nil)
  }

  /// Another precision has other bits and another fingerprint.
  @Test func precisionsDiffer() throws {
    let model = try TestModels.load("q4_k_m")
    let sets = try ActivationPrecision.allCases.map { try Self.set(model, TestModels.options($0)) }
    #expect(Set(sets.map(\.header.fingerprintID)).count == 3)
    #expect(Set(sets.map(\.entries[0].checksums.finalNorm)).count == 3)
    // What is looked up is the same.
    #expect(Set(sets.map(\.entries[0].checksums.embedding)).count == 1)
  }

  @Test func otherWeightsAreSaid() throws {
    let (header, _, _) = try Self.set(try TestModels.load("q4_k_m"), TestModels.options(.i16))
    var older = header
    older.fingerprint.arithmeticVersion = 0
    let model = try TestModels.load("q8_0")
    var options = older.options
    options.dimensions = nil
    older.fingerprint.dimensions = model.configuration.hiddenSize
    let verification = try GoldenVerification(older, model, FingerprintSource(model, options: options))
    #expect(verification.fingerprintDifferences.count == 2)
    #expect(verification.fingerprintDifferences[0].hasPrefix("the weights are other ones"))
    #expect(
      verification.fingerprintDifferences[1].hasPrefix(
        "the arithmetic is version \(EngineInformation.current.arithmeticVersion) here and 0 in the set"))
  }

  @Test func poolingNoneHasNoGoldenSet() throws {
    #expect(throws: TouchstoneError.self) {
      try GoldenRecorder(TestModels.load("pooling-none"), options: TestModels.options(.f32))
    }
  }

  @Test(arguments: [
    (#"[]"#, "expected an object of a golden set, found an array"),
    (#"{"index":0}"#, #""golden" is missing: this is no line of a golden set"#),
    (#"{"golden":2}"#, "the golden set has format 2, but this program reads 1"),
    (
      #"{"golden":1,"truncation":"middle"}"#,
      #""truncation" is 'middle', but must be one of error, right, left"#
    ),
  ])
  func headersThatAreNone(text: String, sentence: String) throws {
    let value = try JSONParser.parse(Array(text.utf8))
    #expect { try GoldenHeader(value) } throws: { "\($0)" == sentence }
  }

  @Test func aHeaderThatWasChangedIsRefused() throws {
    let (header, _, _) = try Self.set(try TestModels.load("q4_k_m"), TestModels.options(.i16))
    guard case .object(var members) = header.json else { return }
    let index = try #require(members.firstIndex { $0.key == "pooling" })
    members[index] = .init("pooling", .string("mean"))
    #expect { try GoldenHeader(.object(members)) } throws: { "\($0)".hasSuffix("the line was changed") }
  }

  @Test(arguments: [
    (#"{"checksums":1}"#, #""checksums" must be an object, found a number"#),
    (#"{"checksums":{},"embedding":["a"]}"#, #""embedding" holds something else than numbers"#),
    (#"{"checksums":{},"embedding":[1e99]}"#, #""embedding" holds something else than numbers"#),
    (#"{"checksums":{},"embedding":[1],"ids":[1.5]}"#, #""ids" holds something else than token ids"#),
    (#"{"checksums":{},"embedding":[1],"ids":[]}"#, #""layers" is missing: this is no line of a golden set"#),
  ])
  func entriesThatAreNone(text: String, sentence: String) throws {
    let value = try JSONParser.parse(Array(text.utf8))
    #expect { try GoldenEntry(value) } throws: { "\($0)" == sentence }
  }
}
