import Oracle
import Testing

struct BackendAddressTests {
  @Test(arguments: [
    ("localhost:8080", "http://localhost:8080", nil),
    ("HTTP://host/", "http://host", nil),
    ("https://host:8443/proxy/v1", "https://host:8443/proxy", ServerDialect.openAI),
    ("http://host/v1/embeddings/", "http://host", .openAI),
    ("http://host/embed", "http://host", .textEmbeddingsInference),
    ("http://host/api/embed", "http://host", .ollama),
    ("http://host/api", "http://host", .ollama),
    ("http://host/embedding", "http://host", .llamaCpp),
    ("[::1]:11434", "http://[::1]:11434", nil),
  ])
  func theBaseAndTheDialect(_ text: String, _ base: String, _ dialect: ServerDialect?) throws {
    let address = try BackendAddress(text)
    #expect(address.base == base)
    #expect(address.dialect == dialect)
  }

  @Test(arguments: [
    ("", "the address of the other side is empty"),
    ("ftp://host", "the address 'ftp://host' begins with ftp://, but must begin with http:// or https://"),
    ("http://", "the address 'http://' has no host, or a port that is not from 1 to 65535"),
    ("http://host:0", "the address 'http://host:0' has no host, or a port that is not from 1 to 65535"),
    ("http://host:80x", "the address 'http://host:80x' has no host, or a port that is not from 1 to 65535"),
    ("http://[::1", "the address 'http://[::1' has no host, or a port that is not from 1 to 65535"),
    ("http://a:b@host", "the address of the other side has a user name in it; pass a key with --api-key"),
    (
      "http://host/?x=1",
      "the address 'http://host/?x=1' has a query or a fragment; pass the part before '?' or '#'"
    ),
    (
      "http://ho st",
      "the address of the other side has more than 2048 bytes, white space or characters outside ASCII"
    ),
  ])
  func whatIsNoAddressIsRefused(_ text: String, _ sentence: String) {
    #expect(throws: BackendError.unreachable(sentence)) { try BackendAddress(text) }
  }
}
