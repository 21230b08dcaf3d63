import Testing
import TouchstoneServer

@Suite struct MetricsTests {
  @Test func aCounterIsWrittenByItsLabels() {
    let counter = Counter("requests_total", "Requests.", labels: ["route", "status"])
    counter.add(1, "/b", "200")
    counter.add(2, "/a", "404")
    counter.add(1, "/b", "200")
    var text = PrometheusText()
    counter.write(to: &text)
    #expect(
      text.text == """
        # HELP requests_total Requests.
        # TYPE requests_total counter
        requests_total{route="/a",status="404"} 2
        requests_total{route="/b",status="200"} 2

        """)
    #expect(counter.total == 4)
  }

  @Test func bucketsAreCumulativeAndIncludeTheirBounds() {
    let histogram = Histogram("seconds", "Time.", bounds: [0.5, 1, 2])
    for value in [0.25, 0.5, 0.75, 2, 3] { histogram.record(value) }
    var text = PrometheusText()
    histogram.write(to: &text)
    #expect(
      text.text == """
        # HELP seconds Time.
        # TYPE seconds histogram
        seconds_bucket{le="0.5"} 2
        seconds_bucket{le="1"} 3
        seconds_bucket{le="2"} 4
        seconds_bucket{le="+Inf"} 5
        seconds_sum 6.5
        seconds_count 5

        """)
  }

  @Test func labelsAreEscaped() {
    var text = PrometheusText()
    text.sample("a", [(name: "model", value: "say \"hi\"\\\n")], 1)
    #expect(text.text == #"a{model="say \"hi\"\\\n"} 1"# + "\n")
  }

  @Test func aRateIsThatOfTheLastTenSeconds() {
    let meter = RateMeter()
    meter.add(50, at: 100)
    meter.add(50, at: 100)
    meter.add(100, at: 105)
    #expect(meter.rate(at: 105) == 20)
    #expect(meter.rate(at: 109) == 20)
    #expect(meter.rate(at: 110) == 10)
    meter.add(30, at: 110)
    #expect(meter.rate(at: 110) == 13)
    #expect(meter.rate(at: 1000) == 0)
  }

  @Test func eventsAreCounted() {
    let metrics = ServiceMetrics()
    var work = RequestWork(model: "m", inputs: 3, tokensGiven: 40, tokensUsed: 30, timings: RequestTimings())
    work.timings.queue = .milliseconds(20)
    metrics.record(.requestFinished(report(status: 200, work: work)))
    metrics.record(.requestFinished(report(status: 429, error: .overloaded(retryAfterSeconds: 1))))
    metrics.record(
      .passFinished(
        PassReport(
          sequences: 3, tokens: 30, jobs: 2, duration: .milliseconds(4), wasInPause: true, wasGivenUp: false,
          stages: [(stage: .attention, duration: .milliseconds(1))])))
    metrics.record(.modelLoaded(name: "m", path: "m.gguf", seconds: 0.5))
    let lines = Set(
      metrics.text(jobs: 0, queuedTokens: 0, requestMemory: 9, droppedLogLines: 7).split(separator: "\n").map(
        String.init))
    for line in [
      #"touchstone_requests_total{route="/v1/embeddings",dialect="openAI",status="200"} 1"#,
      #"touchstone_requests_total{route="/v1/embeddings",dialect="openAI",status="429"} 1"#,
      #"touchstone_rejected_total{reason="overloaded"} 1"#,
      #"touchstone_inputs_total{model="m"} 3"#,
      #"touchstone_tokens_total{model="m"} 30"#,
      #"touchstone_truncated_tokens_total{model="m"} 10"#,
      #"touchstone_queue_seconds_bucket{le="0.01"} 0"#,
      #"touchstone_queue_seconds_bucket{le="0.025"} 1"#,
      #"touchstone_passes_total{kind="in a pause"} 1"#,
      #"touchstone_pass_tokens_sum 30"#,
      #"touchstone_pass_requests_sum 2"#,
      #"touchstone_stage_seconds_total{stage="attention"} 0.001"#,
      #"touchstone_model_load_seconds{model="m"} 0.5"#,
      "touchstone_request_memory_bytes 9", "touchstone_dropped_log_lines_total 7",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
    #expect(lines.contains { $0.hasPrefix("process_resident_memory_bytes ") })
  }

  /// Every line is a comment or a sample, and every sample belongs to a family that was begun, once.
  @Test func theWholeTextIsWellFormed() throws {
    let metrics = ServiceMetrics()
    metrics.record(.requestFinished(report(status: 200)))
    let sample = /([a-z_]+)(\{([a-z]+="[^"]*",?)+\})? (\+Inf|[-+0-9.e]+)/
    var families: Set<String> = []
    for line in metrics.text(jobs: 0, queuedTokens: 0, requestMemory: 0, droppedLogLines: 0).split(
      separator: "\n")
    {
      if line.hasPrefix("# TYPE ") {
        #expect(families.insert(String(line.split(separator: " ")[2])).inserted, "\(line)")
      }
      if line.hasPrefix("#") { continue }
      let match = try #require(line.wholeMatch(of: sample), "\(line)")
      let name = String(match.1)
      let family = ["_bucket", "_sum", "_count"].reduce(name) {
        $0.hasSuffix($1) && families.contains(String($0.dropLast($1.count)))
          ? String($0.dropLast($1.count)) : $0
      }
      #expect(families.contains(family), "\(line)")
    }
    #expect(families.count > 20)
  }

  private func report(status: Int, error: ServiceError? = nil, work: RequestWork? = nil) -> RequestReport {
    RequestReport(
      id: "r", client: "c", method: "POST", route: "/v1/embeddings", dialect: .openAI, status: status,
      duration: .milliseconds(5),
      bytesIn: 1, bytesOut: 2, error: error, work: work)
  }
}
