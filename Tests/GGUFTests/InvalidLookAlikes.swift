import GGUF

extension InvalidFile {
  private static func lookAlike(
    _ kind: GGUFError.LookAlike, _ bytes: [UInt8], _ sentence: String, name: String? = nil
  ) -> InvalidFile {
    InvalidFile(name ?? "\(kind)", bytes, .notGGUF(kind), sentence)
  }

  private static func lookAlike(
    _ kind: GGUFError.LookAlike, _ text: String, _ sentence: String, name: String? = nil
  ) -> InvalidFile {
    lookAlike(kind, Array(text.utf8), "the file is not GGUF but looks like " + sentence, name: name)
  }

  private static let again = "perhaps a server's error message; download the model again"
  private static let convert = "download or convert a GGUF version of the model"

  static let lookAlikes = [
    lookAlike(
      .html, "\u{FEFF}\r\n<!DOCTYPE HTML>\n<html>",
      "a web page; download the file itself, not the page about it"),
    lookAlike(
      .html, "<html lang=\"en\">", "a web page; download the file itself, not the page about it",
      name: "html without a document type"),
    lookAlike(
      .xml, "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "an XML document, \(again)"),
    lookAlike(.json, "{\"error\":\"Repository not found\"}", "JSON, \(again)"),
    lookAlike(.text, "Entry not found", "plain text, \(again)"),
    lookAlike(
      .gitLFSPointer, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 639150592\n",
      "a git-lfs pointer, which only names the real file; run git lfs pull"),
    lookAlike(
      .safetensors, "\u{10}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}{\"__metadata__\":{",
      "a safetensors file; \(convert)"),
    lookAlike(
      .pyTorch, "PK\u{3}\u{4}\u{0}\u{0}\u{8}\u{8}archive/data.pklFB", "a PyTorch checkpoint; \(convert)"),
    lookAlike(
      .pyTorch, [0x80, 0x02, 0x8A, 0x0A, 0x6C],
      "the file is not GGUF but looks like a PyTorch checkpoint; \(convert)", name: "pickle"),
    lookAlike(.zip, "PK\u{3}\u{4}\u{14}\u{0}model.gguf", "a zip archive; unpack it"),
    lookAlike(
      .gzip, [0x1F, 0x8B, 0x08, 0x00], "the file is not GGUF but looks like a gzip archive; unpack it"),
    lookAlike(
      .zstandard, [0x28, 0xB5, 0x2F, 0xFD, 0x04],
      "the file is not GGUF but looks like a Zstandard archive; unpack it"),
    lookAlike(.legacyGGML, "tjgg\u{3}\u{0}\u{0}\u{0}", "a GGML file from before GGUF; \(convert)"),
    lookAlike(
      .zeros, [UInt8](repeating: 0, count: 4096),
      "the file begins with zeros, as an unfinished download does; download it again"),
    lookAlike(
      .unknown([0x7F, 0x45, 0x4C, 0x46]), [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1],
      "the file begins with the bytes 7F 45 4C 46, but a GGUF file begins with 47 47 55 46 ('GGUF'); "
        + "check that this is the right file"),
    lookAlike(
      .unknown([0xFF]), [0xFF],
      "the file begins with the bytes FF, but a GGUF file begins with 47 47 55 46 ('GGUF'); "
        + "check that this is the right file", name: "one byte"),
  ]
}
