import ArgumentParser
import Dispatch
import Touchstone

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs the command and turns its errors into sentences and exit statuses, in this one place.
@main
enum Main {
  static func main() {
    // A reader that goes away is an error of `write`, so that unfinished files are taken away first.
    signal(SIGPIPE, SIG_IGN)
    CutFile.install()
    // For a service SIGHUP means to read its keys again. It may come before the command line has been parsed.
    let isService = CommandLine.arguments.dropFirst().first == Serve.configuration.commandName
    Interruption.install(withHangup: isService)
    let command: any ParsableCommand
    do {
      try checkArguments()
      try checkSubcommand()
      command = try TouchstoneCommand.parseAsRoot()
    } catch {
      end(error)
    }
    // In a task, since that is what the engine asks whether it is still wanted. An asynchronous `main` would
    // give the main thread to Dispatch, which takes signals there.
    let isDone = DispatchSemaphore(value: 0)
    let work = Task.detached {
      var command = command
      do {
        if var asynchronous = command as? any AsyncParsableCommand {
          try await asynchronous.run()
        } else {
          try command.run()
        }
      } catch { end(error) }
      isDone.signal()
    }
    Interruption.onFirst { work.cancel() }
    isDone.wait()
  }

  /// Swift repairs arguments that are not UTF-8; another text than the one given would be embedded.
  private static func checkArguments() throws(CommandError) {
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[index], String(validatingCString: argument) == nil else {
        continue
      }
      throw .usage("argument \(index) is not UTF-8; convert it, or pass the text in a file")
    }
  }

  /// A misspelled subcommand would be an unexpected argument of none.
  private static func checkSubcommand() throws(CommandError) {
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-") else { return }
    let names = TouchstoneCommand.configuration.subcommands.map { $0._commandName } + ["help"]
    guard !names.contains(where: { $0.utf8.elementsEqual(word.utf8) }) else { return }
    let meant = Spelling.nearest(to: word, among: names).map { "; did you mean '\($0)'?" } ?? ""
    throw .usage(
      "there is no subcommand '\(DisplayText.cut(DisplayText.oneLine(word), to: 40))'\(meant)\nSubcommands: "
        + names.dropLast().joined(separator: ", "))
  }

  private static func end(_ error: any Error) -> Never {
    switch error {
    case CommandError.interrupted, TouchstoneError.cancelled, is CancellationError:
      Interruption.finish()
    case CommandError.brokenPipe:
      Interruption.die(of: SIGPIPE)
    case is CommandError, is TouchstoneError:
      StandardError.say("\(error)")
      exit(ExitStatus(of: error).rawValue)
    case let status as ExitCode:
      // A subcommand that has said all it has to say.
      exit(status.rawValue)
    default:
      endParsing(error)
    }
  }

  /// Help and version go to standard output; what is wrong with the command line to standard error.
  private static func endParsing(_ error: any Error) -> Never {
    var message = TouchstoneCommand.fullMessage(for: error)
    if message == VersionText.placeholder { message = VersionText.current }
    guard TouchstoneCommand.exitCode(for: error).isSuccess else {
      let prefix = "Error: "
      StandardError.say(message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message)
      exit(ExitStatus.usage.rawValue)
    }
    do {
      let output = try OutputFile(path: nil)
      try output.write((message + "\n").utf8)
      try output.finish()
    } catch {
      end(error)
    }
    exit(ExitStatus.success.rawValue)
  }
}
