import Foundation
import HubStandIn
import Testing
import TouchstoneCommand

/// `pull`, `models` and the names of models, against hubs on the loopback. What is fetched as 0.6B is the
/// demonstration model.
@Suite(.serialized) struct PullTests {
  private let folder: TemporaryFolder
  private let content: [UInt8]
  private static let demonstration = "testdata/demo/demo-q4_k_m.gguf"
  private static let file = "Qwen3-Embedding-0.6B-Q8_0.gguf"

  init() throws {
    folder = try TemporaryFolder()
    content = Array(try Data(contentsOf: Command.repository.appending(path: Self.demonstration)))
  }

  private func environment(_ address: String, modelScope: String = "http://127.0.0.1:9") -> [String: String] {
    [
      "HF_ENDPOINT": address, "MODELSCOPE_ENDPOINT": modelScope, "TOUCHSTONE_MODELS": folder.path("models"),
      "HF_TOKEN": "",
    ]
  }

  @Test func aNameFetchesAFileThatTheNameThenMeans() async throws {
    let server = HubStandIn(.init(content: content))
    try await server.run { address in
      let variables = environment(address)
      let missing = try Command.run("embed", "--model", "0.6B", "a", environment: variables)
      #expect(
        missing.errors
          == "touchstone: the model 0.6B-Q8_0 is not on this machine; fetch it with 'touchstone pull 0.6B'\n")
      #expect(missing.status == 1)
      let pull = try Command.run("pull", "0.6b", environment: variables)
      #expect(pull.status == 0 && pull.text == "\(folder.path("models"))/\(Self.file)\n")
      #expect(pull.errors.contains("; size and SHA-256 are those announced\n"))
      let again = try Command.run("pull", "0.6B", environment: variables)
      #expect(again.status == 0 && again.errors.contains("is here already") && again.text == pull.text)

      let expected = try Command.run("embed", "--model", Self.demonstration, "a")
      for name in ["0.6B", "0.6b-q8_0", "Qwen3-Embedding-0.6B-Q8_0", Self.file] {
        let named = try Command.run("embed", "--model", name, "a", environment: variables)
        #expect(named.status == 0 && named.output == expected.output, "\(name)")
      }
      let byVariable = try Command.run(
        "embed", "a", environment: variables.merging(["TOUCHSTONE_MODEL": "0.6B"]) { _, new in new })
      #expect(byVariable.output == expected.output)
      let models = try Command.run("models", environment: variables)
      #expect(models.lines.first?.hasPrefix("0.6B-Q8_0 ") == true)
      #expect(models.lines.first?.hasSuffix("\(folder.path("models"))/\(Self.file)") == true)
      #expect(models.lines.filter { $0.hasPrefix("0.6B-Q8_0") }.count == 1)
      let json = try #require(
        try Command.run("models", "--json", environment: variables).jsonLines().first?["models"]
          as? [[String: Any]])
      #expect(json.first?["kind"] as? String == "embedding" && json.first?["bytes"] as? Int == content.count)
    }
    #expect(server.requests.first?.target == "/Qwen/Qwen3-Embedding-0.6B-GGUF/resolve/main/\(Self.file)")
  }

  @Test func anInterruptKeepsWhatIsThereAndTheSameCommandGoesOn() async throws {
    let server = HubStandIn(.init(content: content))
    server.change { $0.stallsAfter = 5_000_000 }
    try await server.run { address in
      let process = Command.makeProcess(["pull", "0.6B"], environment: environment(address))
      let errors = Pipe()
      process.standardError = errors
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      let path = { try folder.names.contains("models") ? partPath() : nil }
      try waitUntil("five million bytes are there") { try path().map(Self.size) ?? 0 >= 5_000_000 - 500 }
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGINT)
      let sentence = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      #expect(sentence == "touchstone: interrupted; the same command goes on where this one stopped\n")
      let kept = try Self.size(#require(try partPath()))
      server.change { $0.stallsAfter = nil }
      let again = try Command.run("pull", "0.6B", "--no-verify", environment: environment(address))
      #expect(again.status == 0)
      #expect(server.requests.last?.headers["range"] == "bytes=\(kept)-")
      #expect(try folder.content("models/\(Self.file)") == Data(content))
    }
  }

  private func partPath() throws -> String? {
    let models = folder.path("models")
    return try FileManager.default.contentsOfDirectory(atPath: models).first { $0.hasSuffix(".part") }
      .map { "\(models)/\($0)" }
  }

  private static func size(_ path: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
  }

  @Test func whereOneHubCannotBeReachedTheOtherOneIsAsked() async throws {
    let server = HubStandIn(.init(content: content))
    // ModelScope lists its files by name.
    server.change { $0.listedName = Self.file }
    try await server.run { address in
      let variables = environment("http://127.0.0.1:9", modelScope: address)
      let pull = try Command.run("pull", "0.6B", "--no-verify", environment: variables)
      #expect(pull.status == 0)
      #expect(
        pull.errors.hasPrefix(
          "touchstone: 127.0.0.1 cannot be reached: the connection was refused; fetching from 127.0.0.1:"))
      let only = try Command.run("pull", "0.6B", "--source", "huggingface", environment: variables)
      #expect(only.status == 1)
      #expect(
        only.errors == "touchstone: 0.6B-Q8_0: 127.0.0.1 cannot be reached: the connection was refused\n")
    }
    let neither = try Command.run("pull", "0.6B", environment: environment("http://127.0.0.1:9"))
    #expect(neither.status == 1)
    #expect(neither.errors.contains("cannot be reached") && neither.errors.contains("nor can ModelScope"))
  }

  @Test func aFileOfAnyRepositoryCanBeNamed() async throws {
    try await HubStandIn(.init(content: content)).run { address in
      let pull = try Command.run(
        "pull", "owner/some-repo/model.gguf", "--dir", folder.path("here"), "--no-verify",
        environment: environment(address))
      #expect(pull.status == 0 && pull.text == "\(folder.path("here"))/model.gguf\n")
    }
    for name in ["0.7B", "owner/repo/../x.gguf", "owner/repo/x.bin", "", "a/b/c?d.gguf"] {
      let command = try Command.run("pull", name)
      #expect(command.status == 2 && command.errors.contains("there is no published model"), "\(name)")
    }
  }

  @Test(arguments: [
    ("0.6B", "0.6B-Q8_0"), ("4b", "4B-Q4_K_M"), ("8B", "8B-Q4_K_M"), ("4B-F16", "4B-f16"),
    ("qwen3-embedding-8b-q6_k.gguf", "8B-Q6_K"), ("reranker-0.6b", "reranker-0.6B"),
  ])
  func namesMeanPublishedFiles(name: String, entry: String) {
    #expect(ModelCatalogue.entry(named: name)?.name == entry)
  }

  @Test func aNameMeansTheFirstFileOfTheFolders() throws {
    let store = ModelStore(folders: [folder.path("a"), folder.path("b")])
    for (place, name) in [("b", "Mine"), ("b", "Qwen3-Embedding-4B-Q6_K"), ("a", "mine")] {
      try FileManager.default.createDirectory(atPath: folder.path(place), withIntermediateDirectories: true)
      _ = try folder.file("\(place)/\(name).gguf", "GGUF")
    }
    #expect(try ModelLocator.resolve("mine", in: store) == folder.path("a/mine.gguf"))
    // Another file of the size, where the one that its name alone means is not there.
    #expect(try ModelLocator.resolve("4B", in: store) == folder.path("b/Qwen3-Embedding-4B-Q6_K.gguf"))
    #expect(try ModelLocator.resolve("testdata", in: store) == "testdata")
    #expect(try ModelLocator.resolve("no-such-thing", in: store) == "no-such-thing")
    #expect(throws: CommandError.self) { try ModelLocator.resolve("8B", in: store) }
  }

  @Test func progressSaysHowMuchIsLeft() {
    #expect(
      TransferReport.text("a.gguf", done: 250_000_000, total: 1_000_000_000, new: 50_000_000, seconds: 10)
        == "a.gguf  25 % of 1000 MB, 5.0 MB/s, 2 min 30 s left")
    #expect(
      TransferReport.text("a.gguf", done: 2_000_000, total: nil, new: 0, seconds: 0)
        == "a.gguf  2 MB, 0.0 MB/s")
  }
}
