import ArgumentParser
import Oracle

/// Files that a verdict is written to, besides standard output.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Write the verdict as JUnit XML, for continuous integration.", valueName: "file"))
  var junit: String?

  @Option(help: ArgumentHelp("Write the verdict as one HTML page with plots.", valueName: "file"))
  var html: String?

  /// - Parameters:
  ///   - subject: what was judged, as the reports name it.
  ///   - isStrict: whether deviations of the HTTP API are failures.
  func write(_ verdict: Verdict, subject: String, isStrict: Bool) throws {
    if let junit { try write(JUnitReport(verdict, subject: subject, isStrict: isStrict).xml, to: junit) }
    if let html { try write(HTMLReport(verdict, subject: subject).html, to: html) }
  }

  private func write(_ text: String, to path: String) throws {
    let file = try OutputFile(path: path)
    try file.write(text.utf8)
    try file.finish()
  }
}
