#if !NETWORK
  import ArgumentParser

  // A build of the engine's command alone (`TOUCHSTONE_BUILD=core`) has no HTTP: these say how to get the
  // rest.

  struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Not in this build: the service.")
    @Argument(parsing: .allUnrecognized) var rest: [String] = []

    func run() throws {
      throw CommandError.failure("this build has no service; build the whole command with 'make'")
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Not in this build: the judge of other engines.")
    @Argument(parsing: .allUnrecognized) var rest: [String] = []

    func run() throws {
      throw CommandError.failure("this build has no judge; build the whole command with 'make'")
    }
  }

  struct Pull: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Not in this build: downloads.")
    @Argument(parsing: .allUnrecognized) var rest: [String] = []

    func run() throws {
      throw CommandError.failure(
        "this build downloads nothing; build the whole command with 'make', or use tools/fetch_models.py")
    }
  }

  struct KnowledgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "kb", abstract: "Not in this build: knowledge bases.")
    @Argument(parsing: .allUnrecognized) var rest: [String] = []

    func run() throws {
      throw CommandError.failure("this build has no knowledge bases; build the whole command with 'make'")
    }
  }

  struct ChunkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "chunk", abstract: "Not in this build: cutting documents.")
    @Argument(parsing: .allUnrecognized) var rest: [String] = []

    func run() throws {
      throw CommandError.failure("this build does not cut documents; build the whole command with 'make'")
    }
  }
#endif
