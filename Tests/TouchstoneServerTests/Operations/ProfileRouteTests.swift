import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Profiling
import Testing
import Touchstone
import TouchstoneServer

/// `GET /profile` in process.
@Suite(.serialized) struct ProfileRouteTests {
  @Test func passesOfTheNextSecondsAreRecorded() async throws {
    try await TestService.test { client in
      // Until the recording is over, so that some passes lie within it on a machine of any speed.
      let requests = Task {
        var count = 0
        while !Task.isCancelled {
          let (status, _, _) = try await client.send(
            "/v1/embeddings", "{\"input\":\"a secret text, number \(count)\",\"model\":\"demo\"}")
          // The one that is under way at the end is cancelled.
          #expect(status == 200 || Task.isCancelled)
          count += 1
          try? await Task.sleep(for: .milliseconds(20))
        }
        return count
      }
      // Other tests may hold this one up for longer than a recording lasts: then no pass lies within it.
      var bytes: [UInt8] = []
      for _ in 0..<100 {
        bytes = try await client.execute(uri: "/profile?seconds=1", method: .get) { response in
          #expect(response.status == .ok)
          #expect(response.headers[.contentType] == "application/json")
          return Array(response.body.readableBytesView)
        }
        if try !RecordingFile(parsing: bytes).recording.passes.isEmpty { break }
      }
      requests.cancel()
      let requestCount = try await requests.value
      #expect(!String(decoding: bytes, as: UTF8.self).contains("secret"))
      let file = try RecordingFile(parsing: bytes)
      #expect(file.roofs == nil)
      #expect(file.recording.passes.count >= 1)
      #expect(file.recording.passes.count <= requestCount)
      #expect(file.recording.workerCount == TestService.model.threadCount)
      #expect(file.recording.kernels == EngineInformation.current.kernels)
      for pass in file.recording.passes.indices {
        let timeline = Timeline(file.recording, pass: pass)
        let layers = file.recording.stages.filter { $0.pass == pass }.compactMap(\.layer)
        #expect(Set(layers) == Set(0..<TestService.model.layerCount))
        for worker in timeline.workers.indices {
          #expect(timeline.nanoseconds(ofWorker: worker) == timeline.pass.nanoseconds)
        }
      }
    }
  }

  @Test func peaksAreMeasuredWhereAskedFor() async throws {
    try await TestService.test { client in
      let bytes = try await client.execute(uri: "/profile?seconds=1&peaks=true", method: .get) {
        Array($0.body.readableBytesView)
      }
      let file = try RecordingFile(parsing: bytes)
      #expect(file.recording.passes.isEmpty)
      #expect((file.roofs?.peaks.floatOperations ?? 0) > 1e8)
      #expect(file.roofs?.bandwidths.count == 5)
      // The scheduler goes on.
      let (status, _, _) = try await client.send("/v1/embeddings", "{\"input\":\"a\",\"model\":\"demo\"}")
      #expect(status == 200)
    }
  }

  @Test(arguments: [
    ("seconds=0", "seconds: must be a whole number from 1 to 60, found '0'"),
    ("seconds=61", "seconds: must be a whole number from 1 to 60, found '61'"),
    ("seconds=1.5", "seconds: must be a whole number from 1 to 60, found '1.5'"),
    ("seconds=", "seconds: must be a whole number from 1 to 60, found ''"),
    ("seconds=1&peaks=yes", "peaks: must be true or false, found 'yes'"),
  ])
  func aWrongWishIsRefused(query: String, sentence: String) async throws {
    try await TestService.test { client in
      let (status, _, body) = try await client.send("/profile?\(query)")
      #expect(status == 400)
      #expect(body["error"] as? String == sentence)
    }
  }

  @Test func oneRecordingIsMadeAtATime() async throws {
    let service = TestService.make()
    defer { service.scheduler.stop() }
    let configuration = ServiceConfiguration(models: [])
    try await TouchstoneService.application(configuration, service).test(.router) { client in
      #expect(service.scheduler.begin(PassRecording(workerCount: 1)))
      let (status, _, body) = try await client.send("/profile?seconds=1")
      #expect(status == 409)
      #expect(body["error"] as? String == "a profile is being recorded; ask again when it is done")
      service.scheduler.endRecording()
      for _ in 0..<2 {
        let again = try await client.execute(uri: "/profile?seconds=1", method: .get) { $0.status }
        #expect(again == .ok)
      }
    }
  }

  @Test func aKeyIsNeededWhereTheServiceHasOne() async throws {
    var source = APIKeySource()
    source.arguments = ["alpha"]
    var configuration = ServiceConfiguration(models: [])
    configuration.operations.keys = try APIKeyStore(source)
    let service = TestService.make()
    defer { service.scheduler.stop() }
    try await TouchstoneService.application(configuration, service).test(.router) { client in
      let refused = try await client.execute(uri: "/profile", method: .get) { $0.status }
      #expect(refused == .unauthorized)
      let headers: HTTPFields = [.authorization: "Bearer alpha"]
      let status = try await client.execute(uri: "/profile?seconds=1", method: .get, headers: headers) {
        $0.status
      }
      #expect(status == .ok)
    }
  }

  @Test func otherMethodsAndAServiceWithoutModelsAreAnswered() async throws {
    try await TestService.test { client in
      let status = try await client.send("/profile", "{}").status
      #expect(status == 405)
    }
    try await TestService.test(isReady: false) { client in
      let status = try await client.send("/profile?seconds=1").status
      #expect(status == 503)
    }
  }
}
