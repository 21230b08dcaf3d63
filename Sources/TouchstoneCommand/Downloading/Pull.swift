import ArgumentParser
import Downloads
import ForeignText
import KnownAnswers
import Touchstone

struct Pull: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fetch a model by its name.",
    discussion: """
      Fetches an official GGUF file, goes on where an earlier run stopped, compares size and SHA-256 with those that \
      the hub announces, and then the file's answers with published ones (as verify does). The path of the file is \
      the output. It lands where --model finds it by name.

        touchstone pull 0.6B
        touchstone pull 4B-Q8_0 --source modelscope
        touchstone pull reranker-0.6B
        touchstone pull OWNER/REPOSITORY/FILE.gguf --dir models
        touchstone embed --model 0.6B "The file was not found."

      touchstone models lists the names. HF_ENDPOINT names a mirror of Hugging Face, HF_TOKEN a token for it, \
      MODELSCOPE_ENDPOINT a mirror of ModelScope, \(ModelStore.variable) another folder.
      """)

  enum Source: String, CaseIterable, ExpressibleByArgument {
    case auto, huggingface, modelscope
  }

  @Argument(help: "What to fetch: a name that touchstone models lists, or OWNER/REPOSITORY/FILE.gguf.")
  var name: String

  @Option(
    help: ArgumentHelp(
      "The hub. auto: Hugging Face, and where it cannot be reached, ModelScope.", valueName: "hub"))
  var source = Source.auto

  @Option(
    help: ArgumentHelp(
      "The folder to write to. (default: $\(ModelStore.variable), else ~/.local/share/touchstone/models)",
      valueName: "folder"))
  var dir: String?

  @Flag(inversion: .prefixedNo, help: "Compare the file's answers with published ones at the end.")
  var verify = true

  @Flag(
    inversion: .prefixedNo,
    help: "Say on standard error how far the work is. (default: on a terminal, after a second)")
  var progress: Bool?

  mutating func run() async throws {
    guard let entry = ModelCatalogue.otherFile(name) ?? ModelCatalogue.entry(named: name) else {
      throw CommandError.usage("there is no published model \(name.quoted); name \(ModelCatalogue.names)")
    }
    guard let folder = dir ?? ModelStore.current.folders.first, !folder.isEmpty else {
      throw CommandError.usage("there is no home folder to write to; give one with --dir")
    }
    let file = RemoteFile(repository: entry.repository, name: entry.file)
    let line = ProgressLine(isWanted: progress)
    let start = ContinuousClock.now
    let outcome: Download.Outcome
    do throws(DownloadError) {
      let (hub, announced) = try await findHub(file)
      var report = TransferReport(name: entry.file)
      outcome = try await Download(file, from: hub, to: folder).run(announced) { line.show(report.text($0)) }
    } catch {
      line.finish()
      guard error != .cancelled else {
        StandardError.say("interrupted; the same command goes on where this one stopped")
        throw CommandError.interrupted
      }
      throw CommandError.failure("\(entry.name): \(error)\(hint(for: error))")
    }
    line.finish()
    say(outcome, (ContinuousClock.now - start) / .seconds(1))
    if verify, !outcome.wasThere { try checkAnswers(outcome.path) }
    let output = try OutputFile(path: nil)
    try output.write("\(outcome.path)\n".utf8)
    try output.finish()
  }

  /// The first hub that answers, and what it says of the file.
  private func findHub(_ file: RemoteFile) async throws(DownloadError) -> (ModelHub, Announcement) {
    let huggingFace = ModelHub(
      .huggingFace, endpoint: Self.variable("HF_ENDPOINT") ?? "https://huggingface.co",
      token: Self.variable("HF_TOKEN"))
    let modelScope = ModelHub(
      .modelScope, endpoint: Self.variable("MODELSCOPE_ENDPOINT") ?? "https://modelscope.cn")
    switch source {
    case .huggingface: return (huggingFace, try await huggingFace.announcement(of: file))
    case .modelscope: return (modelScope, try await modelScope.announcement(of: file))
    case .auto: break
    }
    do throws(DownloadError) { return (huggingFace, try await huggingFace.announcement(of: file)) } catch {
      guard case .unreachable = error else { throw error }
      do throws(DownloadError) {
        let announced = try await modelScope.announcement(of: file)
        StandardError.say("\(error); fetching from \(modelScope.host)")
        return (modelScope, announced)
      } catch let second {
        // Two hubs that cannot be reached are one missing network: the first says it.
        if case .unreachable = second { throw error }
        throw second
      }
    }
  }

  private static func variable(_ name: String) -> String? {
    Environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  private func hint(for error: DownloadError) -> String {
    guard case .unreachable = error, source == .auto else { return "" }
    return " (nor can ModelScope; HF_ENDPOINT and MODELSCOPE_ENDPOINT name mirrors)"
  }

  private func say(_ outcome: Download.Outcome, _ seconds: Double) {
    let size = "\(Decimal.grouped(outcome.byteCount)) bytes"
    let hash =
      outcome.isVerified ? "size and SHA-256 are those announced" : "the hub states no SHA-256: not verified"
    StandardError.say(
      outcome.wasThere
        ? "is here already, \(size); \(hash)" : "\(size) in \(Progress.duration(seconds)); \(hash)")
  }

  private func checkAnswers(_ path: String) throws {
    let verification = try Verification(path: path)
    guard verification.outcome != .outside else {
      throw CommandError.failure("\(path.escaped): \(verification.sentence)")
    }
    StandardError.say(verification.sentence)
  }
}

/// `Qwen3-Embedding-0.6B-Q8_0.gguf  42 % of 639 MB, 11.3 MB/s, 33 s left`
package struct TransferReport {
  private let name: String
  private let start = ContinuousClock.now
  private var firstByte: Int?

  package init(name: String) { self.name = name }

  mutating func text(_ step: Download.Step) -> String {
    switch step {
    case .hashing(let done, let total):
      return "\(name)  checking, \(Decimal.text(Self.percent(done, total), digits: 0)) %"
    case .fetching(let done, let total):
      let first = firstByte ?? done
      firstByte = first
      return Self.text(
        name, done: done, total: total, new: done - first,
        seconds: (ContinuousClock.now - start) / .seconds(1))
    }
  }

  package static func text(_ name: String, done: Int, total: Int?, new: Int, seconds: Double) -> String {
    let rate = seconds > 0 ? Double(new) / seconds : 0
    var parts = [
      "\(Decimal.text(Double(done) / 1e6, digits: 0)) MB", "\(Decimal.text(rate / 1e6, digits: 1)) MB/s",
    ]
    if let total {
      parts[0] =
        "\(Decimal.text(percent(done, total), digits: 0)) % of \(Decimal.text(Double(total) / 1e6, digits: 0)) MB"
      if rate > 0, done < total { parts.append("\(Progress.duration(Double(total - done) / rate)) left") }
    }
    return "\(name)  \(parts.joined(separator: ", "))"
  }

  private static func percent(_ done: Int, _ total: Int) -> Double {
    total > 0 ? (Double(done) / Double(total) * 100).rounded(.down) : 100
  }
}
