// swift-tools-version: 6.2

import PackageDescription

// SwiftPM refuses `unsafeFlags` in a package that somebody depends on by version. Such a build sits in
// `<their package>/.build/checkouts/`; there the targets with instruction-set flags are left out, and
// every kernel runs in its portable form (the same bits, more slowly).
let isDependencyCheckout = Context.packageDirectory.contains("/checkouts/")

#if arch(x86_64)
  let hostArchitecture = "x86_64"
#elseif arch(arm64)
  let hostArchitecture = "arm64"
#else
  let hostArchitecture = "other"
#endif

/// The processor to build for. With `TOUCHSTONE_ARCHITECTURE=arm64`, `swift package dump-package` shows the
/// manifest of an Arm machine; nothing can be built with it on another one.
let architecture = Context.environment["TOUCHSTONE_ARCHITECTURE"] ?? hostArchitecture

/// The kernels of each instruction set, a target each, with its flags.
let avx512 = ["-mavx512f", "-mavx512bw", "-mavx512dq", "-mavx512vl", "-mavx512vnni", "-mfma", "-mf16c"]
let instructionSets: [(target: String, flags: [String])] =
  switch architecture {
  case _ where isDependencyCheckout: []
  case "x86_64":
    [
      ("KernelsAMX", avx512 + ["-mamx-tile", "-mamx-int8", "-mprefer-vector-width=512"]),
      ("KernelsAVX512", avx512 + ["-mprefer-vector-width=512"]),
      ("KernelsAVXVNNI", ["-mavx2", "-mavxvnni", "-mfma", "-mf16c"]),
      ("KernelsAVX2", ["-mavx2", "-mfma", "-mf16c"]),
    ]
  case "arm64":
    [
      ("KernelsI8MM", ["-march=armv8.2-a+dotprod+i8mm"]),
      ("KernelsDotProd", ["-march=armv8.2-a+dotprod"]),
    ]
  default: []
  }
let hasInstructionSetTargets = !instructionSets.isEmpty

/// Parts of the package, for a quick build: `TOUCHSTONE_BUILD=engine` is the library and the modules below
/// it, with their tests, and needs no other package; `core` has the command too, without service and judge,
/// which need HTTP and TLS. `service` has the service, without command, judge and knowledge bases. `fuzz` is
/// the engine with a fuzzer, to which the program says which way it takes.
let part = Context.environment["TOUCHSTONE_BUILD"] ?? "whole"
let hasNetwork = part == "whole"

/// Settings of every Swift target: warnings are errors here, not in a package that depends on this one.
let common: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// Kernels check their arguments at the boundary; inside, overflow and bounds checks are compiled out. With
/// `TOUCHSTONE_CHECKS=on` they stay in, as everywhere else: `make test-checked`.
let hasChecks = isDependencyCheckout || Context.environment["TOUCHSTONE_CHECKS"] == "on"
let unchecked: [SwiftSetting] =
  hasChecks ? [] : [.unsafeFlags(["-Ounchecked"], .when(configuration: .release))]

func instructionSet(_ clangFlags: [String]) -> [SwiftSetting] {
  [.unsafeFlags(clangFlags.flatMap { ["-Xcc", $0] })]
}

var targets: [Target] = [
  // How text from outside is quoted in sentences and compared: what the leaves below share, and nothing else.
  .target(name: "ForeignText", swiftSettings: common),

  // The leaves. They know nothing of each other.
  .target(name: "JSON", dependencies: ["ForeignText"], swiftSettings: common),
  .target(name: "GGUF", dependencies: ["ForeignText"], swiftSettings: common),
  .target(name: "Tokenization", dependencies: ["ForeignText"], swiftSettings: common + unchecked),
  .target(name: "CInstructions"),
  .target(name: "Hashing", dependencies: ["CInstructions"], swiftSettings: common),
  .target(name: "Kernels", dependencies: ["CInstructions"], swiftSettings: common + unchecked),

  // The kernels, compiled once more for each instruction set, and the choice at run time.
  .target(
    name: "KernelSelection",
    dependencies: ["Kernels", "CInstructions"] + instructionSets.map { .byName(name: $0.target) },
    swiftSettings: common + (hasInstructionSetTargets ? [.define("INSTRUCTION_SET_TARGETS")] : [])),

  // The engine, the public API, what is built on it, the command.
  .target(
    name: "Qwen3", dependencies: ["ForeignText", "GGUF", "Tokenization", "Kernels", "KernelSelection"],
    swiftSettings: common),
  .target(
    name: "Touchstone",
    dependencies: [
      "ForeignText", "Qwen3", "GGUF", "Tokenization", "Kernels", "KernelSelection", "Hashing", "JSON",
    ],
    swiftSettings: common),
  .target(
    name: "Workbench",
    dependencies: ["Touchstone", "Qwen3", "GGUF", "Tokenization", "Kernels", "KernelSelection"],
    swiftSettings: common),
  // Counters of the processor, by a system call of Linux.
  .target(name: "CCounters"),
  .target(
    name: "Profiling",
    dependencies: [
      "ForeignText", "Touchstone", "Workbench", "Kernels", "KernelSelection", "JSON", "CCounters",
    ],
    swiftSettings: common),
  .target(
    name: "TouchstoneServer",
    dependencies: [
      "Touchstone", "Profiling", "Workbench", "JSON", "ForeignText", "Hashing",
      .product(name: "HTTPTypes", package: "swift-http-types"),
      .product(name: "Hummingbird", package: "hummingbird"),
      .product(name: "HummingbirdCore", package: "hummingbird"),
      .product(name: "HummingbirdTLS", package: "hummingbird"),
      .product(name: "Logging", package: "swift-log"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOHTTP1", package: "swift-nio"),
      .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
      .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
      .product(name: "NIOPosix", package: "swift-nio"),
      .product(name: "NIOSSL", package: "swift-nio-ssl"),
      .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
    ],
    // The page at `/` and the schemas are parts of the program: no file has to travel beside it.
    resources: [
      .embedInCode("Page/Assets"),
      .embedInCode("Dialects/CommonSchemas.json"),
      .embedInCode("Dialects/OpenAI/OpenAISchemas.json"),
      .embedInCode("Dialects/VLLM/VLLMSchemas.json"),
      .embedInCode("Dialects/Cohere/CohereSchemas.json"),
      .embedInCode("Dialects/TextEmbeddingsInference/TEISchemas.json"),
      .embedInCode("Dialects/Ollama/OllamaSchemas.json"),
      .embedInCode("Dialects/LlamaCpp/LlamaCppSchemas.json"),
      .embedInCode("Dialects/Rerank/RerankSchemas.json"),
      .embedInCode("Page/OperationSchemas.json"),
    ],
    swiftSettings: common),
  .target(
    name: "Traces", dependencies: ["ForeignText", "Touchstone", "Qwen3", "Kernels", "GGUF", "JSON"],
    swiftSettings: common),
  // Inside a vector: one observed pass, and what words carry, as values, JSON and HTML.
  .target(
    name: "Explanations", dependencies: ["ForeignText", "Touchstone", "Qwen3", "Tokenization", "JSON"],
    resources: [.embedInCode("Assets")], swiftSettings: common),
  .target(
    name: "Golden",
    dependencies: ["ForeignText", "Traces", "Touchstone", "Qwen3", "Hashing", "GGUF", "JSON"],
    swiftSettings: common),
  // Model files from the hubs, for `pull`.
  .target(
    name: "Downloads",
    dependencies: [
      "ForeignText", "Hashing", "JSON",
      .product(name: "AsyncHTTPClient", package: "async-http-client"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOHTTP1", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
      .product(name: "NIOSSL", package: "swift-nio-ssl"),
    ],
    swiftSettings: common),
  .target(
    name: "KnownAnswers", dependencies: ["Touchstone", "JSON"],
    // A part of the program, so that an installed command has it. A link: the file is testdata.
    resources: [.embedInCode("qwen3.json")],
    swiftSettings: common),
  .target(
    name: "Oracle",
    dependencies: [
      "ForeignText", "Touchstone", "Traces", "Qwen3", "Kernels", "KernelSelection", "GGUF", "JSON",
      .product(name: "AsyncHTTPClient", package: "async-http-client"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOHTTP1", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
      .product(name: "NIOSSL", package: "swift-nio-ssl"),
    ],
    swiftSettings: common),
  // Text in, pieces out, by structure and by the model's own tokens.
  .target(name: "Chunking", dependencies: ["Touchstone"], swiftSettings: common),
  // Files of people in, text with places out: a reader for each format. zlib is the system's.
  .systemLibrary(name: "CZlib"),
  .target(name: "Documents", dependencies: ["Chunking", "ForeignText", "CZlib"], swiftSettings: common),
  // Documents in, passages out: the store, search. SQLite is the system's.
  .target(name: "CRowProducts"),
  .target(
    name: "Knowledge",
    dependencies: [
      "Chunking", "Documents", "Touchstone", "Hashing", "ForeignText", "JSON", "CRowProducts",
      .product(name: "GRDB", package: "GRDB.swift"),
    ],
    swiftSettings: common),
  // Bases elsewhere: Parquet and JSON Lines, PostgreSQL (its library is opened at run time), Chroma.
  .target(
    name: "KnowledgeExchange",
    dependencies: [
      "Chunking", "Knowledge", "ForeignText", "JSON",
      .product(name: "AsyncHTTPClient", package: "async-http-client"),
      .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
    ],
    swiftSettings: common),
  // The service's part of knowledge bases: files, vector stores, MCP, their page.
  .target(
    name: "KnowledgeService",
    dependencies: [
      "TouchstoneServer", "Chunking", "Documents", "Knowledge", "Golden", "Touchstone", "Hashing",
      "ForeignText", "JSON",
      .product(name: "HTTPTypes", package: "swift-http-types"),
      .product(name: "Hummingbird", package: "hummingbird"),
      .product(name: "Logging", package: "swift-log"),
    ],
    resources: [
      .embedInCode("Page/Assets"), .embedInCode("Schemas/KnowledgeSchemas.json"),
      .embedInCode("Schemas/VectorStoreSchemas.json"), .embedInCode("Schemas/NeighborSchemas.json"),
    ],
    swiftSettings: common),
  // The service's part of explanations: a route and its page.
  .target(
    name: "ExplanationService",
    dependencies: [
      "TouchstoneServer", "Explanations", "Touchstone", "Qwen3", "JSON", "ForeignText",
    ],
    resources: [.embedInCode("Page/Assets"), .embedInCode("ExplanationSchemas.json")],
    swiftSettings: common),
  // The C interface: the header, and a library that fills it from the public API.
  .target(name: "CTouchstone", exclude: ["exports.map"]),
  .target(
    name: "TouchstoneC", dependencies: ["CTouchstone", "Touchstone", "Chunking"], swiftSettings: common),
  // Which commit the command was built from: tools/stamp.sh writes it into the linked file.
  .target(name: "CBuildStamp"),
  .executableTarget(
    name: "TouchstoneCommand",
    dependencies: [
      "CBuildStamp", "ForeignText", "Touchstone", "Workbench", "Profiling", "Traces", "Explanations",
      "Golden",
      "KnownAnswers", "Hashing", "JSON",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]
      + (hasNetwork
        ? [
          "TouchstoneServer", "Oracle", "Chunking", "Documents", "Knowledge", "KnowledgeExchange",
          "KnowledgeService", "ExplanationService", "Downloads",
        ]
        : []),
    exclude: hasNetwork ? [] : ["Service", "Judge", "Knowledge", "Downloading"],
    swiftSettings: common + (hasNetwork ? [.define("NETWORK")] : [])),

  // What tests share, without and with the engine; then hostile input made from bytes, for `make test` and
  // fuzzers.
  .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: common),
  .target(
    name: "TestModels", dependencies: ["Touchstone", "TestSupport"], path: "Tests/TestModels",
    swiftSettings: common),
  .target(
    name: "TestDocuments", dependencies: ["Documents", "CZlib"], path: "Tests/TestDocuments",
    swiftSettings: common),
  .target(
    name: "FuzzTargets",
    dependencies: [
      "Touchstone", "Qwen3", "Kernels", "KernelSelection", "Tokenization", "GGUF", "JSON", "Traces", "Golden",
      "Chunking", "Documents", "TestDocuments", "TestSupport",
    ],
    path: "Tests/FuzzTargets", swiftSettings: common),
  .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets", "TestSupport"], swiftSettings: common),

  .testTarget(
    name: "JSONTests", dependencies: ["JSON", "ForeignText", "TestSupport"], swiftSettings: common),
  .testTarget(
    name: "GGUFTests", dependencies: ["GGUF", "ForeignText", "TestSupport"], swiftSettings: common),
  .testTarget(
    name: "TokenizationTests", dependencies: ["Tokenization", "GGUF", "TestSupport"], swiftSettings: common),
  .testTarget(name: "HashingTests", dependencies: ["Hashing"], swiftSettings: common),
  .testTarget(
    name: "KernelsTests", dependencies: ["Kernels", "KernelSelection", "TestSupport"], swiftSettings: common),
  .testTarget(name: "Qwen3Tests", dependencies: ["Qwen3"], swiftSettings: common),
  .testTarget(
    name: "TouchstoneTests", dependencies: ["Touchstone", "TestSupport"], swiftSettings: common),
  .testTarget(
    name: "WorkbenchTests", dependencies: ["TestModels", "Workbench", "Touchstone"], swiftSettings: common),
  .testTarget(
    name: "ProfilingTests",
    dependencies: ["TestModels", "Profiling", "Workbench", "Touchstone", "Kernels", "JSON"],
    swiftSettings: common),
  .testTarget(
    name: "TouchstoneServerTests",
    dependencies: [
      "TouchstoneServer", "Touchstone", "JSON",
      .product(name: "HTTPTypes", package: "swift-http-types"),
      .product(name: "Hummingbird", package: "hummingbird"),
      .product(name: "HummingbirdTesting", package: "hummingbird"),
      .product(name: "Logging", package: "swift-log"),
      .product(name: "NIOCore", package: "swift-nio"),
    ],
    swiftSettings: common),
  .testTarget(
    name: "TracesTests", dependencies: ["TestModels", "TestSupport", "Traces", "Touchstone", "JSON", "GGUF"],
    swiftSettings: common),
  .testTarget(
    name: "ExplanationsTests",
    dependencies: [
      "TestModels", "TestSupport", "Explanations", "Touchstone", "Qwen3", "Tokenization", "JSON",
    ],
    swiftSettings: common),
  .testTarget(
    name: "ExplanationServiceTests",
    dependencies: [
      "ExplanationService", "TouchstoneServer", "Touchstone", "JSON", "TestSupport",
      .product(name: "HTTPTypes", package: "swift-http-types"),
      .product(name: "Hummingbird", package: "hummingbird"),
      .product(name: "HummingbirdTesting", package: "hummingbird"),
      .product(name: "NIOCore", package: "swift-nio"),
    ],
    swiftSettings: common),
  .testTarget(
    name: "GoldenTests",
    dependencies: ["TestModels", "TestSupport", "Golden", "Traces", "Touchstone", "JSON", "GGUF"],
    swiftSettings: common),
  .target(
    name: "HubStandIn",
    dependencies: [
      "Hashing", .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
    ],
    path: "Tests/HubStandIn", swiftSettings: common),
  .testTarget(
    name: "DownloadsTests",
    dependencies: ["Downloads", "HubStandIn"], swiftSettings: common),
  .testTarget(
    name: "KnownAnswersTests",
    dependencies: ["TestModels", "TestSupport", "KnownAnswers", "Touchstone", "GGUF", "JSON"],
    swiftSettings: common),
  .testTarget(
    name: "OracleTests",
    dependencies: [
      "TestSupport", "Oracle", "Touchstone", "JSON", "GGUF",
      .product(name: "Hummingbird", package: "hummingbird"),
      .product(name: "HummingbirdTesting", package: "hummingbird"),
      .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
    ],
    swiftSettings: common),
  .testTarget(
    name: "DocumentsTests",
    dependencies: ["TestDocuments", "TestSupport", "Chunking", "Documents", "Touchstone"],
    swiftSettings: common),
  .testTarget(
    name: "KnowledgeTests",
    dependencies: [
      "TestDocuments", "TestSupport", "Chunking", "Documents", "Knowledge", "KnowledgeExchange", "Touchstone",
      "JSON",
      .product(name: "GRDB", package: "GRDB.swift"),
    ],
    swiftSettings: common),
  .testTarget(
    name: "KnowledgeServiceTests",
    dependencies: [
      "KnowledgeService", "Chunking", "Documents", "Knowledge", "TouchstoneServer", "Touchstone", "JSON",
      "TestSupport",
      .product(name: "HTTPTypes", package: "swift-http-types"),
      .product(name: "Hummingbird", package: "hummingbird"),
      .product(name: "HummingbirdTesting", package: "hummingbird"),
      .product(name: "NIOCore", package: "swift-nio"),
    ],
    swiftSettings: common),
  .testTarget(
    name: "TouchstoneCommandTests",
    dependencies: ["TouchstoneCommand", "Touchstone", "JSON", "GGUF", "HubStandIn"],
    swiftSettings: common),
]

targets += instructionSets.map { name, flags in
  .target(
    name: name, dependencies: ["Kernels", "CInstructions"],
    swiftSettings: common + unchecked + instructionSet(flags))
}

let package = Package(
  name: "touchstone",
  products: [
    .library(name: "Touchstone", targets: ["Touchstone"]),
    .library(name: "touchstone-c", type: .dynamic, targets: ["TouchstoneC"]),
    .executable(name: "touchstone", targets: ["TouchstoneCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.34.1"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: targets
)

if !hasNetwork {
  // The packages whose users stay.
  func stays(_ package: String) -> Bool {
    switch part {
    case "core": package == "swift-argument-parser"
    case "service": !["swift-argument-parser", "async-http-client", "GRDB.swift"].contains(package)
    default: false
    }
  }
  let byName = Dictionary(uniqueKeysWithValues: targets.map { ($0.name, $0) })
  func isIncluded(_ target: Target) -> Bool {
    target.name != "TouchstoneCommandTests"
      && target.dependencies.allSatisfy { dependency in
        switch dependency {
        case .byNameItem(let name, _): byName[name].map(isIncluded) ?? false
        case .productItem(_, let package, _, _): package.map(stays) ?? false
        default: false
        }
      }
  }
  package.targets = targets.filter(isIncluded)
  if part != "core" { package.products.removeAll { $0 is Product.Executable } }
  package.dependencies.removeAll { dependency in
    guard case .sourceControl(_, let location, _) = dependency.kind else { return true }
    let name = location.split(separator: "/").last.map { $0.hasSuffix(".git") ? $0.dropLast(4) : $0 } ?? ""
    return !stays(String(name))
  }
  if part == "fuzz" {
    for target in package.targets where target.type == .regular && !target.name.hasPrefix("C") {
      target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-sanitize=fuzzer"])]
    }
    package.targets.append(
      .executableTarget(
        name: "Fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz", swiftSettings: common))
  }
}
