import Foundation
import Glibc
import Testing

/// Keys, certificates and logs of a running service.
@Suite struct ServeOperationsTests {
  @Test(.timeLimit(.minutes(10))) func keysAreReadAgainOnHangup() throws {
    let folder = try TemporaryFolder()
    let keys = try folder.file("keys", "# team\nold-key\n")
    let service = try ServeProcess(
      "--api-key-file", keys, environment: ["TOUCHSTONE_API_KEY": "environment-key"])
    func status(_ key: String) throws -> Int {
      let connection = try HTTPConnection(port: service.port)
      try connection.send("GET /status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(key)\r\n\r\n")
      return try connection.receive().status
    }
    #expect(try status("old-key") == 200)
    #expect(try status("environment-key") == 200)
    #expect(try status("new-key") == 401)

    _ = try folder.file("keys", "new-key\n")
    kill(service.process.processIdentifier, SIGHUP)
    try service.waitForLog("API keys: read again, 2 in force")
    #expect(try status("old-key") == 401)
    #expect(try status("new-key") == 200)
    #expect(try status("environment-key") == 200)

    _ = try folder.file("keys", "\n")
    kill(service.process.processIdentifier, SIGHUP)
    try service.waitForLog("API keys: not read again, the old ones stay in force")
    #expect(try status("new-key") == 200)

    #expect(service.end() == (0, false))
    let log = service.logged
    for key in ["old-key", "new-key", "environment-key"] { #expect(!log.contains(key)) }
  }

  @Test(.timeLimit(.minutes(10))) func theCertificateIsReadAgainOnHangup() throws {
    let folder = try TemporaryFolder()
    let certificate = folder.path("certificate.pem")
    let key = folder.path("key.pem")
    try makeCertificate("one.example", certificate, key)
    let service = try ServeProcess("--tls-certificate", certificate, "--tls-key", key)
    #expect(service.logged.contains("listening on https://"))

    func subject(_ options: String = "") throws -> (name: String, answer: String) {
      let result = try Shell.run(
        "printf 'GET /health HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' "
          + "| openssl s_client -ign_eof -connect 127.0.0.1:\(service.port) \(options) 2>&1")
      let name =
        result.output.firstMatch(of: /subject=.*CN ?= ?([a-z.]+)/).map { String($0.1) } ?? result.output
      return (name, result.output)
    }
    let first = try subject()
    #expect(first.name == "one.example")
    #expect(first.answer.contains("HTTP/1.1 200 OK"))
    // Nothing older than TLS 1.2.
    #expect(try !subject("-tls1_1 -cipher 'ALL:@SECLEVEL=0'").answer.contains("200 OK"))
    // Plain HTTP gets no answer.
    #expect(throws: HTTPConnection.Closed.self) { try HTTPConnection(port: service.port).get("/health") }

    try makeCertificate("two.example", certificate, key)
    kill(service.process.processIdentifier, SIGHUP)
    try service.waitForLog("TLS certificate: read again")
    #expect(try subject().name == "two.example")

    // Half of an update: the key is of another certificate. The old pair stays.
    try makeCertificate("three.example", folder.path("other.pem"), key)
    kill(service.process.processIdentifier, SIGHUP)
    try service.waitForLog("TLS certificate: not read again, the old ones stay in force")
    #expect(try subject().name == "two.example")
    #expect(service.end() == (0, false))
  }

  @Test func unusableCertificatesAreSentences() throws {
    let folder = try TemporaryFolder()
    let certificate = folder.path("certificate.pem")
    let key = folder.path("key.pem")
    try makeCertificate("one.example", certificate, key)
    let other = folder.path("other.pem")
    try makeCertificate("other.example", folder.path("other-certificate.pem"), other)
    let text = try folder.file("text", "no certificate\n")
    let protected = folder.path("protected.pem")
    _ = try Shell.run("openssl pkey -in '\(key)' -aes128 -passout pass:abcd -out '\(protected)'")
    func sentence(_ arguments: String...) throws -> String {
      let result = try Command.run(["serve", "--port", "0"] + arguments)
      #expect(result.status == 2)
      return result.errors
    }
    #expect(
      try sentence("--tls-key", key)
        == "touchstone: --tls-key needs --tls-certificate, the file of the certificate chain\n")
    #expect(
      try sentence("--tls-certificate", text, "--tls-key", key).contains(
        "has no certificate that can be read"))
    #expect(try sentence("--tls-certificate", certificate, "--tls-key", text).contains("has no private key"))
    #expect(
      try sentence("--tls-certificate", certificate, "--tls-key", other)
        == "touchstone: the private key in \(other) does not belong to the first certificate in \(certificate)\n"
    )
    #expect(
      try sentence("--tls-certificate", certificate, "--tls-key", protected).contains(
        "protected by a passphrase"))
    #expect(
      try sentence("--tls-certificate", folder.path("none"), "--tls-key", key)
        == "touchstone: cannot read \(folder.path("none")): No such file or directory\n")
  }

  @Test(.timeLimit(.minutes(10))) func theLogIsJSONWithoutTexts() throws {
    let service = try ServeProcess("--log-format", "json", "--log-level", "debug")
    try service.waitUntilReady()
    let connection = try HTTPConnection(port: service.port)
    try connection.post("/v1/embeddings", "{\"input\":\"a text of the user\",\"dimensions\":2}")
    #expect(try connection.receive().status == 200)
    try connection.post("/v1/embeddings", "{\"input\":[],\"a text of the user\":1}")
    #expect(try connection.receive().status == 400)
    #expect(service.end() == (0, false))
    let log = service.logged
    #expect(!log.contains("a text of the user"))
    for line in log.split(separator: "\n") {
      #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
    }
    #expect(log.contains("\"route\":\"/v1/embeddings\""))
  }

  private func makeCertificate(_ name: String, _ certificate: String, _ key: String) throws {
    let result = try Shell.run(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=\(name) "
        + "-keyout '\(key)' -out '\(certificate)' 2>&1")
    #expect(result.status == 0, "\(result.output)")
  }
}
