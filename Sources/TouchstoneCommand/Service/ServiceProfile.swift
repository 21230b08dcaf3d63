import JSON
import Oracle
import Profiling

/// The profile of a running service, from its `GET /profile`.
enum ServiceProfile {
  /// - Parameters:
  ///   - key: the API key that the service asks for.
  ///   - peaks: whether the service measures its machine's peaks.
  static func report(
    _ address: String, seconds: Int, key: String?, trust: CertificateTrust, peaks: Bool
  ) async throws -> ProfileReport {
    do {
      let base = try BackendAddress(address).base
      // A pass that has begun is recorded to its end.
      let exchange = HTTPExchange(base: base, key: key, timeoutSeconds: seconds + 120, trust: trust)
      let reply = try await exchange.send("/profile?seconds=\(seconds)&peaks=\(peaks)")
      guard reply.isSuccess else { throw refusal(reply, base) }
      do {
        let file = try RecordingFile(parsing: reply.body)
        return ProfileReport(
          subject: ProfileSubject(
            name: base, processor: file.processor.map(DisplayText.oneLine),
            processorCount: file.processorCount),
          recording: file.recording, roofs: file.roofs)
      } catch {
        throw CommandError.failure("the answer of \(base)/profile \(error)")
      }
    } catch BackendError.cancelled {
      throw CommandError.interrupted
    } catch let error as BackendError {
      throw CommandError.failure("\(error)")
    }
  }

  private static func refusal(_ reply: HTTPReply, _ base: String) -> CommandError {
    var reason = "status \(reply.status)"
    if let json = try? JSONParser.parse(reply.body, maximumValues: 1000),
      case .string(let text)? = json["error"]
    {
      reason += ": " + DisplayText.cut(DisplayText.oneLine(text), to: 300)
    }
    if reply.status == 404 {
      reason += "; the service has no /profile: it is not Touchstone, or an older one"
    }
    if reply.status == 401 { reason += " (--api-key, or $TOUCHSTONE_API_KEY)" }
    return .failure("\(base) refuses the profile with \(reason)")
  }
}
