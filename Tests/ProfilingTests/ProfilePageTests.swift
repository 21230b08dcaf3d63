import Profiling
import TestModels
import Testing
import Touchstone

/// The page: sound markup that loads nothing, with words for every picture.
@Suite struct ProfilePageTests {
  private func page() throws -> String {
    var options = ProfileOptions()
    options.threadCount = 2
    options.work = .texts(["A page.", "With <two> & texts."])
    options.repetitions = 2
    options.measuresScaling = true
    return ProfilePage(try Profiler(path: TestModels.demo, options: options).run()).html
  }

  @Test func theMarkupIsSoundAndLoadsNothing() throws {
    let html = try page()
    var open: [Substring] = []
    let void: Set<Substring> = ["meta", "!DOCTYPE"]
    for part in html.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
      let tag = try #require(part.split(separator: ">", omittingEmptySubsequences: false).first)
      let name = tag.split(whereSeparator: { $0 == " " || $0 == "\n" }).first ?? ""
      if tag.hasPrefix("/") {
        #expect(open.popLast() == tag.dropFirst())
      } else if !void.contains(name), !tag.hasSuffix("/") {
        open.append(name)
      }
    }
    #expect(open.isEmpty)
    for reference in ["http:", "https:", "src=", "url(", "<script", "@import"] {
      #expect(!html.contains(reference), "\(reference)")
    }
  }

  @Test func everyPictureHasWords() throws {
    let html = try page()
    let pictures = html.split(separator: "<svg ").dropFirst()
    #expect(pictures.count == 7)
    for picture in pictures {
      let head = try #require(picture.split(separator: ">").first)
      #expect(head.contains("role=\"img\"") && head.contains("aria-labelledby="))
      let description = try #require(
        picture.split(separator: "<desc id=").dropFirst().first?.split(separator: ">").dropFirst().first)
      #expect(description.split(separator: "<")[0].count > 20)
    }
    for title in ["Timeline", "The ten worst gaps", "Roofline", "Stages by layer", "Scaling", "Counters"] {
      #expect(html.contains("<h2>\(title)</h2>"))
    }
  }

  @Test func aPageOfNoPassSaysSo() {
    let recording = Recording(workerCount: 2, kernels: "any", passes: [], stages: [], events: [[], []])
    let html = ProfilePage(
      ProfileReport(subject: ProfileSubject(name: "<service>"), recording: recording, roofs: nil)
    ).html
    #expect(html.contains("<h1>No pass was recorded</h1>"))
    #expect(html.contains("&lt;service&gt;") && !html.contains("<service>"))
  }
}
