import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing
import TouchstoneServer

/// A service for this machine is not for web pages.
struct HostTests {
  private static func status(
    _ headers: String, names: [String] = [], origins: [String] = [], hasKeys: Bool = false
  ) async throws -> (status: Int?, text: String) {
    let answers = Answers()
    var configuration = LiveService.configuration
    configuration.operations.hosts = AllowedHosts(
      names, listeningOn: configuration.address.host, hasKeys: hasKeys)
    configuration.operations.origins = try AllowedOrigins(origins)
    try await LiveService.run(configuration) { live in
      let head = headers.replacing("PORT", with: "\(live.port)")
      await answers.add(
        try await live.exchange(
          "POST /v1/embeddings HTTP/1.1\r\n\(head)Content-Length: 13\r\nConnection: close\r\n\r\n{\"input\":\"a\"}"
        ))
    }
    let answer = try #require(await answers.all.first)
    return (answer.statuses.first, answer.text)
  }

  private actor Answers {
    var all: [RawAnswer] = []
    func add(_ answer: RawAnswer) { all.append(answer) }
  }

  @Test(arguments: ["localhost", "localhost:PORT", "LOCALHOST.:1", "127.0.0.1:PORT", "[::1]:9"])
  func answersToTheNamesOfThisMachine(host: String) async throws {
    #expect(try await Self.status("Host: \(host)\r\n").status == 200)
  }

  @Test(arguments: [
    "evil.example", "evil.example:PORT", "127.0.0.1.evil.example", "[::2]", "localhost:1:2", "",
  ])
  func refusesOtherNames(host: String) async throws {
    let (status, text) = try await Self.status("Host: \(host)\r\n")
    #expect(status == 403 && text.contains("--allowed-host"), "\(text)")
  }

  @Test func namesCanBeAllowed() async throws {
    let (status, _) = try await Self.status("Host: Embed.example:80\r\n", names: ["embed.example"])
    #expect(status == 200)
    #expect(try await Self.status("Host: other.example\r\n", names: ["*"]).status == 200)
  }

  @Test func pagesOfOtherOriginsMayNotPost() async throws {
    let foreign = "Host: localhost\r\nOrigin: http://evil.example\r\nContent-Type: text/plain\r\n"
    let (status, text) = try await Self.status(foreign)
    #expect(status == 403 && text.contains("--cors-origin 'http://evil.example'"), "\(text)")
    #expect(try await Self.status("Host: localhost\r\nOrigin: null\r\n").status == 403)
    #expect(try await Self.status(foreign, origins: ["http://evil.example"]).status == 200)
    // The service's own page.
    #expect(try await Self.status("Host: localhost:PORT\r\nOrigin: http://localhost:PORT\r\n").status == 200)
    #expect(try await Self.status("Host: localhost:PORT\r\nOrigin: http://localhost:1\r\n").status == 403)
  }

  @Test func onlyServicesOfThisMachineWithoutKeysAreParticular() {
    #expect(AllowedHosts([], listeningOn: "0.0.0.0", hasKeys: false) == .any)
    #expect(AllowedHosts([], listeningOn: "127.0.0.1", hasKeys: true) == .any)
    #expect(AllowedHosts([], listeningOn: nil, hasKeys: false) == .any)
    #expect(AllowedHosts([], listeningOn: "127.0.0.1", hasKeys: false) != .any)
    #expect(AllowedHosts([], listeningOn: "127.9.9.9", hasKeys: false) != .any)
    #expect(AllowedHosts(["a"], listeningOn: "0.0.0.0", hasKeys: true) != .any)
  }
}
