import ArgumentParser

/// Where results go, and whether progress is shown.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to a file, which appears under its name when it is complete. (default: standard output)",
      valueName: "file"))
  var output: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Report progress on standard error. (default: on a terminal, after a second)")
  var progress: Bool?

  func open() throws(CommandError) -> OutputFile { try OutputFile(path: output) }
}
