#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Kernels as points under the machine's roofs, both axes logarithmic.
struct RooflinePicture {
  private let points: [RooflinePoint]
  private let roofs: MachineRoofs
  private static let size = (width: 860.0, height: 460.0)
  private static let area = (left: 70.0, top: 16.0, right: 640.0, bottom: 400.0)

  init(_ points: [RooflinePoint], _ roofs: MachineRoofs) {
    self.points = points
    self.roofs = roofs
  }

  /// Powers of two.
  private var intensities: (least: Double, most: Double) {
    let values = points.map(\.work.intensity)
    return (
      exp2(floor(log2(min(0.0625, values.min() ?? 1)))), exp2(ceil(log2(max(256, (values.max() ?? 1) * 2))))
    )
  }

  /// Powers of ten.
  private var rates: (least: Double, most: Double) {
    let values = points.map(\.operationsPerSecond)
    let peak = max(roofs.peak(.float), roofs.peak(.integer))
    return (pow(10, floor(log10(max(1, (values.min() ?? 1e9) / 1.5)))), pow(10, ceil(log10(peak * 1.1))))
  }

  private func x(_ intensity: Double) -> Double {
    let (least, most) = intensities
    return Self.area.left
      + (log2(intensity) - log2(least)) / (log2(most) - log2(least)) * (Self.area.right - Self.area.left)
  }

  private func y(_ rate: Double) -> Double {
    let (least, most) = rates
    return Self.area.bottom
      - (log10(max(rate, least)) - log10(least)) / (log10(most) - log10(least))
      * (Self.area.bottom - Self.area.top)
  }

  var html: String {
    var picture = Picture(
      id: "roofline", title: "Roofline: operations a second over operations a byte",
      description: points.enumerated().map { index, point in
        "\(index + 1), \(point.name.rawValue): \(PageFigures.short(point.operationsPerSecond / 1e9)) billion a second at "
          + "\(PageFigures.short(point.work.intensity)) a byte, "
          + "\(PageFigures.percent(point.shareOfRoof(roofs))) of its roof."
      }.joined(separator: " "),
      width: Self.size.width, height: Self.size.height)
    addGrid(to: &picture)
    addRoofs(to: &picture)
    for (index, point) in points.enumerated() {
      let (px, py) = (x(point.work.intensity), y(point.operationsPerSecond))
      picture.circle(
        px, py, 9, "point \(PageColor(point.name).rawValue)",
        title:
          "\(point.name.rawValue): \(PageFigures.short(point.operationsPerSecond / 1e9)) billion a second")
      picture.text("\(index + 1)", px, py + 4, anchor: "middle", "number")
    }
    return picture.html
  }

  private func addGrid(to picture: inout Picture) {
    let (least, most) = intensities
    var value = least
    while value <= most {
      picture.line((x(value), Self.area.top), (x(value), Self.area.bottom), "grid")
      if Int(log2(value).rounded()) % 2 == 0 {
        picture.text(
          value < 1 ? "1/\(Int((1 / value).rounded()))" : "\(Int(value))", x(value), Self.area.bottom + 18,
          anchor: "middle", "tick")
      }
      value *= 2
    }
    var rate = rates.least
    while rate <= rates.most {
      picture.line((Self.area.left, y(rate)), (Self.area.right, y(rate)), "grid")
      picture.text(Self.name(ofRate: rate), Self.area.left - 8, y(rate) + 4, anchor: "end", "tick")
      rate *= 10
    }
    picture.text(
      "operations a byte", (Self.area.left + Self.area.right) / 2, Self.area.bottom + 42, anchor: "middle")
    picture.text("operations a second", Self.area.left, Self.area.top - 4)
  }

  private static func name(ofRate rate: Double) -> String {
    rate >= 1e12
      ? "\(PageFigures.text(rate / 1e12, digits: 0)) T"
      : rate >= 1e9
        ? "\(PageFigures.text(rate / 1e9, digits: 0)) G" : "\(PageFigures.text(rate / 1e6, digits: 0)) M"
  }

  private func addRoofs(to picture: inout Picture) {
    var labels: [(text: String, y: Double)] = [
      ("float32, \(Self.rate(roofs.peaks.floatOperations))", y(roofs.peaks.floatOperations)),
      ("bytes, \(Self.rate(roofs.peaks.dotOperations))", y(roofs.peaks.dotOperations)),
    ]
    if let tiles = roofs.peaks.tileOperations {
      labels.append(("bytes in tiles, \(Self.rate(tiles))", y(tiles)))
    }
    if roofs.kernels != roofs.fastestKernels {
      let fastest = roofs.fastestPeak(.integer)
      labels.append(("bytes, \(roofs.fastestKernels), \(Self.rate(fastest))", y(fastest)))
    }
    for label in labels { picture.line((Self.area.left, label.y), (Self.area.right, label.y), "roof") }
    var free = -Double.infinity
    for label in labels.sorted(by: { $0.y < $1.y }) {
      free = max(label.y + 4, free + 15)
      picture.text(label.text, Self.area.right + 8, free)
    }
    // The fastest cache and memory, and one in between.
    let kept = [0, roofs.bandwidths.count / 2, roofs.bandwidths.count - 1]
    let top = rates.most
    for index in Set(kept).sorted() where roofs.bandwidths.indices.contains(index) {
      let bandwidth = roofs.bandwidths[index]
      let first = max(intensities.least, rates.least / bandwidth.bytesPerSecond)
      let last = min(intensities.most, top / bandwidth.bytesPerSecond)
      guard first < last else { continue }
      picture.line(
        (x(first), y(first * bandwidth.bytesPerSecond)), (x(last), y(last * bandwidth.bytesPerSecond)),
        "roof memory")
      let begin = (x: x(first), y: y(first * bandwidth.bytesPerSecond))
      let end = (x: x(last), y: y(last * bandwidth.bytesPerSecond))
      picture.text(
        "\(Self.size(bandwidth.bytes)), \(PageFigures.short(bandwidth.bytesPerSecond / 1e9)) GB/s",
        along: (begin.x + 4, begin.y - 4 * (begin.y - end.y) / (end.x - begin.x)),
        degrees: atan2(begin.y - end.y, end.x - begin.x) * 180 / Double.pi)
    }
  }

  private static func rate(_ rate: Double) -> String {
    rate >= 1e12
      ? "\(PageFigures.short(rate / 1e12)) T/s" : "\(PageFigures.short(rate / 1e9)) G/s"
  }

  static func size(_ bytes: Int) -> String {
    bytes >= 1 << 20 ? "\(bytes >> 20) MiB" : "\(bytes >> 10) KiB"
  }
}
