// swift-tools-version: 6.2

import PackageDescription

// The exercises of the course: a package of its own, without the engine, so that it builds in seconds.
//
//     swift test --filter Exercises                                              fails until they are done
//     COURSE=solutions swift test --filter Exercises --scratch-path .build-solutions     the solutions
//
// The solutions take the place of the exercises, so both pass the very same tests.
let folder = Context.environment["COURSE"] == "solutions" ? "Solutions" : "Exercises"

let package = Package(
  name: "Exercises",
  targets: [
    .target(name: "Exercises", path: folder),
    .testTarget(name: "ExercisesTests", dependencies: ["Exercises"], path: "ExercisesTests"),
  ]
)
