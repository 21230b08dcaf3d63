import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs a program that reads a hostile file: no input, a clean environment, limits on time, memory and
/// output, and in bubblewrap's sandbox (no network, nothing to write, no other file) where that is installed
/// and works.
struct ForeignProgram {
  let name: String
  /// The Debian package that has it.
  let package: String
  let limits: DocumentLimits

  struct Result {
    var output: [UInt8]
    /// The first 4 KiB of the complaints.
    var complaints: String
    /// The exit status, 128 + n after a signal n.
    var status: Int32
  }

  /// - Parameter arguments: `file` stands where ``input`` is in them.
  /// - Parameter isOnPath: whether the user's `PATH` finds the program, which sees its own folder then.
  func run(
    _ arguments: [String], file: String, isOnPath: Bool = false
  ) throws(DocumentError) -> Result {
    guard let program = isOnPath ? Self.findOnPath(name) : Self.find(name) else {
      throw .missingProgram(name: name, package: package)
    }
    // A path that begins with a dash would be an option.
    let path = file.hasPrefix("/") ? file : "./" + file
    let command: [String]
    if let sandbox = Self.sandbox {
      command =
        [sandbox] + Self.sandboxArguments + Self.folders(of: program)
        + ["--ro-bind", path, "/input", "--", program]
        + arguments.map { $0 == Self.input ? "/input" : $0 }
    } else {
      command = [program] + arguments.map { $0 == Self.input ? path : $0 }
    }
    let limit = "ulimit -c 0 -v \(limits.programBytes >> 10) -t \(limits.seconds); exec \"$@\""
    return try Self.spawn(
      ["/bin/sh", "-c", limit, "sh"] + command, name: name, seconds: limits.seconds,
      outputLimit: limits.textBytes)
  }

  static let input = "\u{0}input"

  private static let sandboxArguments = [
    "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/usr", "/usr", "--ro-bind-try",
    "/lib",
    "/lib", "--ro-bind-try", "/lib64", "/lib64", "--ro-bind-try", "/etc/fonts", "/etc/fonts", "--tmpfs",
    "/tmp",
    "--dev", "/dev", "--chdir", "/tmp",
  ]

  /// The path of bubblewrap, where it is installed and allowed.
  static let sandbox: String? = {
    guard let path = find("bwrap"), let program = find("true") else { return nil }
    let result = try? spawn(
      [path] + sandboxArguments + ["--", program], name: "bwrap", seconds: 5, outputLimit: 4096)
    return result?.status == 0 ? path : nil
  }()

  private static func find(_ name: String) -> String? {
    ["/usr/bin", "/usr/local/bin", "/bin", "/opt/homebrew/bin"].lazy.map { "\($0)/\(name)" }
      .first { access($0, X_OK) == 0 }
  }

  private static func findOnPath(_ name: String) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? realPath(name) : nil }
    let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return folders.split(separator: ":").lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// What a program outside `/usr` needs to see: the folder that its `bin` is in.
  private static func folders(of program: String) -> [String] {
    let parts = program.split(separator: "/")
    guard let first = parts.first, !["usr", "bin", "lib", "lib64", "sbin"].contains(String(first)) else {
      return []
    }
    let isInBin = parts.count > 2 && parts[parts.count - 2] == "bin"
    let folder = "/" + parts.dropLast(isInBin ? 2 : 1).joined(separator: "/")
    return folder == "/" ? [] : ["--ro-bind", folder, folder]
  }

  private static func spawn(
    _ command: [String], name: String, seconds: Int, outputLimit: Int
  ) throws(DocumentError) -> Result {
    var output: [Int32] = [-1, -1]
    var complaints: [Int32] = [-1, -1]
    guard closingPipe(&output) else { throw .program(name: name, reason: "cannot be started: no pipe") }
    defer { close(output[0]) }
    guard closingPipe(&complaints) else {
      close(output[1])
      throw .program(name: name, reason: "cannot be started: no pipe")
    }
    defer { close(complaints[0]) }

    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output[1], 1)
    posix_spawn_file_actions_adddup2(&actions, complaints[1], 2)
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    sigaddset(&defaults, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    let environment = ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/nonexistent"]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for variable in variables { free(variable) } }
    var child: pid_t = 0
    let code = starting.withLock { _ in
      posix_spawn(&child, command[0], &actions, &attributes, &arguments, &variables)
    }
    close(output[1])
    close(complaints[1])
    guard code == 0 else {
      throw .program(name: name, reason: "cannot be started: \(String(cString: strerror(code)))")
    }

    let gathered = gather(output[0], complaints[0], seconds: seconds, outputLimit: outputLimit)
    if gathered.failure != nil { kill(-child, SIGKILL) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    if let failure = gathered.failure { throw .program(name: name, reason: failure) }
    let signal = status & 0x7F
    return Result(
      output: gathered.output, complaints: String(decoding: gathered.complaints, as: UTF8.self),
      status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal)
  }

  /// No program is started between the two calls that make a pipe: it would keep an end, and the reader of
  /// the pipe would wait for that program too.
  private static let starting = Mutex(())

  /// A pipe that programs started elsewhere do not inherit.
  private static func closingPipe(_ ends: inout [Int32]) -> Bool {
    starting.withLock { _ in
      guard pipe(&ends) == 0 else { return false }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return true
    }
  }

  private static func gather(
    _ output: Int32, _ complaints: Int32, seconds: Int, outputLimit: Int
  ) -> (output: [UInt8], complaints: [UInt8], failure: String?) {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var result: [UInt8] = []
    var said: [UInt8] = []
    var isOpen = [true, true]
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while isOpen[0] || isOpen[1] {
      let left = deadline - ContinuousClock.now
      guard left > .zero else { return (result, said, "was stopped after \(seconds) seconds") }
      var polled = [
        pollfd(fd: isOpen[0] ? output : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: isOpen[1] ? complaints : -1, events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&polled, 2, Int32(min(left.components.seconds + 1, 1) * 1_000))
      if ready < 0, errno != EINTR { return (result, said, "cannot be read") }
      for (index, entry) in polled.enumerated() where entry.revents != 0 {
        let count = read(entry.fd, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          isOpen[index] = false
          continue
        }
        if index == 0 {
          result += buffer[..<count]
          if result.count > outputLimit {
            return (result, said, "wrote more than \(outputLimit) bytes and was stopped")
          }
        } else if said.count < 4096 {
          said += buffer[..<count]
        }
      }
    }
    return (result, said, nil)
  }
}

/// The path without links; nil where nothing is there.
package func realPath(_ path: String) -> String? {
  guard let real = realpath(path, nil) else { return nil }
  defer { free(real) }
  return String(cString: real)
}
