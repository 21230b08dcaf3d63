import ArgumentParser

@main
struct TouchstoneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "touchstone")
}
