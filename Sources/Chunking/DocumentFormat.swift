/// The formats that are read without help, told by the name's ending.
package enum DocumentFormat: String, Sendable, CaseIterable {
  case text, markdown, code, html, pdf, docx, odt, epub, pptx, xlsx

  /// - Returns: nil where the ending names no format that is read.
  package init?(path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
      guard Self.plainNames.contains(String(name)) else { return nil }
      self = .text
      return
    }
    let ending = name[name.index(after: dot)...].lowercased()
    switch ending {
    case "txt", "text", "log", "csv", "tsv", "rst", "adoc", "org", "tex", "srt", "vtt": self = .text
    case "md", "markdown", "mdx", "qmd": self = .markdown
    case "html", "htm", "xhtml": self = .html
    case "pdf", "docx", "odt", "epub", "pptx", "xlsx": self = DocumentFormat(rawValue: ending)!
    case let other where Self.codeEndings.contains(other): self = .code
    default: return nil
    }
  }

  private static let plainNames: Set<String> = [
    "README", "LICENSE", "COPYING", "NEWS", "AUTHORS", "CHANGELOG", "INSTALL",
  ]
  private static let codeEndings: Set<String> = [
    "swift", "c", "h", "cc", "cpp", "cxx", "hpp", "m", "mm", "rs", "go", "py", "rb", "pl", "php", "java",
    "kt",
    "scala", "cs", "js", "mjs", "ts", "tsx", "jsx", "css", "scss", "sh", "bash", "zsh", "sql", "r", "jl",
    "lua",
    "hs", "ml", "ex", "exs", "erl", "clj", "el", "lisp", "zig", "nim", "dart", "vue", "json", "jsonl", "yaml",
    "yml", "toml", "ini", "cfg", "conf", "xml", "proto", "cmake", "gradle", "tf", "dockerfile", "mk",
  ]
}
