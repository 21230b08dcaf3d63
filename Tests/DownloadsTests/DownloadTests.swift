import Downloads
import Foundation
import HubStandIn
import Testing

/// Fetching from hubs that keep their word, break off, lie and refuse.
@Suite(.serialized) struct DownloadTests {
  private let folder: URL
  private static let file = RemoteFile(repository: "Qwen/Some-GGUF", name: "model.gguf")
  /// More than one piece of a network's.
  private static let content = Array("GGUF".utf8) + (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
  private static let part = "model.gguf.\(HubStandIn.sha256(content).prefix(12)).part"

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "touchstone-downloads-\(UUID().uuidString)")
  }

  private func fetch(
    _ kind: ModelHub.Kind = .huggingFace, from address: String, token: String? = nil,
    progress: ((Int) -> Void)? = nil
  ) async throws -> Download.Outcome {
    let hub = ModelHub(kind, endpoint: address, token: token)
    let announced = try await hub.announcement(of: Self.file)
    return try await Download(Self.file, from: hub, to: folder.path, patience: 0.001).run(announced) { step in
      if case .fetching(let count, _) = step { progress?(count) }
    }
  }

  private func failure(_ server: HubStandIn, _ kind: ModelHub.Kind = .huggingFace) async throws
    -> DownloadError?
  {
    var failure: DownloadError?
    try await server.run { address in
      do { _ = try await fetch(kind, from: address) } catch { failure = error as? DownloadError }
    }
    return failure
  }

  private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] }
  private func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: name)))
  }

  private func writePart(_ count: Int) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(Self.content.prefix(count)).write(to: folder.appending(path: Self.part))
  }

  private func standIn(_ change: (inout HubStandIn.Behavior) -> Void) -> HubStandIn {
    let server = HubStandIn(.init(content: Self.content))
    server.change(change)
    return server
  }

  private func removeFolder() { try? FileManager.default.removeItem(at: folder) }

  @Test(arguments: [ModelHub.Kind.huggingFace, .modelScope])
  func bothHubsGiveTheFile(kind: ModelHub.Kind) async throws {
    defer { removeFolder() }
    let server = HubStandIn(.init(content: Self.content))
    var counts: [Int] = []
    try await server.run { address in
      let outcome = try await fetch(kind, from: address) { counts.append($0) }
      #expect(outcome.isVerified && !outcome.wasThere && outcome.byteCount == Self.content.count)
      #expect(try await fetch(kind, from: address).wasThere)
    }
    #expect(names == ["model.gguf"])
    #expect(try bytes("model.gguf") == Self.content)
    #expect(counts == counts.sorted() && counts.last == Self.content.count)
    let targets = server.requests.map(\.target)
    switch kind {
    case .huggingFace:
      #expect(targets.allSatisfy { $0 == "/Qwen/Some-GGUF/resolve/main/model.gguf" })
    case .modelScope:
      #expect(targets.first == "/api/v1/models/Qwen/Some-GGUF/repo/files?Revision=master&Recursive=True")
      #expect(targets.contains("/api/v1/models/Qwen/Some-GGUF/repo?Revision=master&FilePath=model.gguf"))
    }
  }

  @Test func aBrokenConnectionGoesOnWhereItStopped() async throws {
    defer { removeFolder() }
    let server = standIn { ($0.breaksAfter, $0.breaksLeft) = (100_000, 2) }
    try await server.run { _ = try await fetch(from: $0) }
    #expect(try bytes("model.gguf") == Self.content)
    // A broken connection may take bytes with it that have arrived and were not read.
    let starts = server.requests.filter { $0.method == "GET" }.map { request in
      Int((request.headers["range"] ?? "bytes=0-").dropFirst("bytes=".count).dropLast()) ?? -1
    }
    #expect(starts.count == 3 && starts[0] == 0 && starts[1] <= 100_000 && starts[2] > 0)
    #expect(starts == starts.sorted())
  }

  @Test func anEarlierRunsPartIsGoneOnWith() async throws {
    defer { removeFolder() }
    try writePart(250_000)
    let server = HubStandIn(.init(content: Self.content))
    try await server.run { _ = try await fetch(from: $0) }
    #expect(try bytes("model.gguf") == Self.content)
    #expect(server.requests.last?.headers["range"] == "bytes=250000-")
  }

  @Test func aServerWithoutRangesStartsAgain() async throws {
    defer { removeFolder() }
    try writePart(1000)
    try await standIn { $0.servesRanges = false }.run {
      _ = try await fetch(from: $0)
    }
    #expect(try bytes("model.gguf") == Self.content)
  }

  @Test func theStorageIsFollowedAndNeverGetsTheToken() async throws {
    defer { removeFolder() }
    let storage = standIn { ($0.announces, $0.breaksAfter, $0.breaksLeft) = (false, 9000, 1) }
    let hub = HubStandIn(.init(content: Self.content))
    try await storage.run { elsewhere in
      hub.change { $0.storage = elsewhere }
      try await hub.run { _ = try await fetch(from: $0, token: "hf_secret") }
    }
    #expect(try bytes("model.gguf") == Self.content)
    #expect(hub.requests.allSatisfy { $0.headers["authorization"] == "Bearer hf_secret" })
    #expect(!storage.requests.isEmpty && storage.requests.allSatisfy { $0.headers["authorization"] == nil })
    #expect(storage.requests.count == 2)
  }

  @Test func anotherHashIsRefusedAndRemoved() async throws {
    defer { removeFolder() }
    let wrong = String(repeating: "0", count: 64)
    let error = try await failure(standIn { $0.sha256 = wrong })
    guard case .wrongFile(_, let found, let expected, true) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found == "SHA-256 \(HubStandIn.sha256(Self.content))" && expected == "SHA-256 \(wrong)")
    #expect(names.isEmpty)
  }

  @Test func aFileOfThatNameThatIsAnotherStays() async throws {
    defer { removeFolder() }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var other = Self.content
    other[5000] ^= 1
    try Data(other).write(to: folder.appending(path: "model.gguf"))
    let error = try await failure(HubStandIn(.init(content: Self.content)))
    #expect("\(error.map { "\($0)" } ?? "")".hasSuffix("remove it, or give another folder with --dir"))
    #expect(try bytes("model.gguf") == other)
  }

  @Test func aServerThatFailsForAMomentIsAskedAgain() async throws {
    defer { removeFolder() }
    let server = HubStandIn(.init(content: Self.content))
    try await server.run { address in
      let hub = ModelHub(.huggingFace, endpoint: address)
      let announced = try await hub.announcement(of: Self.file)
      server.change { ($0.status, $0.statusesLeft) = (503, 3) }
      let download = Download(Self.file, from: hub, to: folder.path, patience: 0.001)
      #expect(try await download.run(announced) { _ in }.isVerified)
      removeFolder()
      server.change { $0.statusesLeft = .max }
      await #expect(
        throws: DownloadError.gaveUp(
          attempts: 5, reason: "\(address)/Qwen/Some-GGUF/resolve/main/model.gguf failed (503)")
      ) { try await download.run(announced) { _ in } }
    }
    #expect(names.isEmpty)
  }

  @Test(arguments: [
    (401, "needs permission (401): set HF_TOKEN to a token that has it"), (404, "does not exist (404)"),
    (418, "answered 418"),
  ])
  func aRefusalIsASentence(status: Int, sentence: String) async throws {
    defer { removeFolder() }
    let error = try await failure(standIn { $0.status = status })
    #expect("\(error.map { "\($0)" } ?? "")".hasSuffix("/Qwen/Some-GGUF/resolve/main/model.gguf \(sentence)"))
    #expect(names.isEmpty)
  }

  @Test func whatIsNoModelIsNamed() async throws {
    defer { removeFolder() }
    let page = standIn { $0.contentType = "text/html; charset=utf-8" }
    #expect(
      "\(try await failure(page).map { "\($0)" } ?? "")".contains("answered a web page instead of the file"))
    let text = HubStandIn(.init(content: Array("version https://git-lfs".utf8)))
    #expect(
      "\(try await failure(text).map { "\($0)" } ?? "")".hasSuffix(
        "answered something that is not a GGUF file"))
    let list = HubStandIn(.init(content: Self.content))
    try await list.run { address in
      let hub = ModelHub(.modelScope, endpoint: address)
      await #expect(
        throws: DownloadError.noSuchFile(name: "no.gguf", repository: "a/b", host: hub.host)
      ) { try await hub.announcement(of: RemoteFile(repository: "a/b", name: "no.gguf")) }
    }
    #expect(names.isEmpty)
  }

  @Test func anotherRangeThanTheOneAskedForIsRefused() async throws {
    defer { removeFolder() }
    try writePart(1000)
    let server = standIn { $0.contentRange = "bytes 7-9/300004" }
    #expect(
      "\(try await failure(server).map { "\($0)" } ?? "")".hasSuffix(
        "answered another range than the one asked for"))
    #expect(names == [Self.part])
  }

  @Test func aHubThatStatesNoHashIsSaidToBeUnverified() async throws {
    defer { removeFolder() }
    try await standIn { $0.announces = false }.run { address in
      let outcome = try await fetch(from: address)
      #expect(!outcome.isVerified)
    }
    #expect(try bytes("model.gguf") == Self.content)
  }

  @Test func noNetworkIsASentence() async throws {
    var address = ""
    try await HubStandIn(.init(content: [])).run { address = $0 }
    let hub = ModelHub(.huggingFace, endpoint: address)
    await #expect(
      throws: DownloadError.unreachable(host: "127.0.0.1", reason: "the connection was refused")
    ) { try await hub.announcement(of: Self.file) }
    let unknown = ModelHub(.huggingFace, endpoint: "http://no-such-host.invalid/")
    do { _ = try await unknown.announcement(of: Self.file) } catch {
      #expect("\(error)".hasPrefix("no-such-host.invalid cannot be reached: "))
    }
  }

  @Test func aCancelledDownloadKeepsItsPart() async throws {
    defer { removeFolder() }
    let server = HubStandIn(.init(content: Self.content))
    try await server.run { address in
      let hub = ModelHub(.huggingFace, endpoint: address)
      let announced = try await hub.announcement(of: Self.file)
      let path = folder.path
      let task = Task {
        try await Download(Self.file, from: hub, to: path).run(announced) { _ in
          withUnsafeCurrentTask { $0?.cancel() }
        }
      }
      await #expect(throws: DownloadError.cancelled) { try await task.value }
    }
    #expect(names == [Self.part])
    let kept = try bytes(Self.part)
    #expect(kept.count > 0 && kept.count < Self.content.count && Self.content.starts(with: kept))
  }
}
