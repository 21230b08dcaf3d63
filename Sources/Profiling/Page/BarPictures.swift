/// Kernels' time in each layer, as columns.
struct LayerPicture {
  private let layers: [LayerTimes]

  init(_ layers: [LayerTimes]) { self.layers = layers }

  var html: String {
    let most = max(1, layers.map(\.sum).max() ?? 1)
    let (left, top, bottom) = (70.0, 12.0, 250.0)
    let width = max(8, min(40, 880 / Double(max(1, layers.count))))
    var picture = Picture(
      id: "layers", title: "Time of the stages by layer",
      description: layers.map {
        "\($0.layer.map { "Layer \($0)" } ?? "No layer"): \(PageFigures.time($0.sum))."
      }.joined(separator: " "),
      width: 960, height: bottom + 34)
    let step = PageFigures.step(most, count: 5)
    var tick = 0.0
    while tick <= most {
      let y = bottom - tick / most * (bottom - top)
      picture.line((left, y), (left + width * Double(layers.count), y), "grid")
      picture.text(PageFigures.time(tick), left - 6, y + 4, anchor: "end", "tick")
      tick += step
    }
    for (index, row) in layers.enumerated() {
      let x = left + width * Double(index)
      var y = bottom
      for color in PageColor.ofKernels {
        let time = row.nanoseconds.reduce(0) { $0 + (PageColor($1.key) == color ? $1.value : 0) }
        let height = time / most * (bottom - top)
        guard height > 0.05 else { continue }
        y -= height
        picture.rectangle(
          x + 1, y, width - 2, height, color.rawValue,
          title:
            "\(row.layer.map { "layer \($0)" } ?? "no layer"), \(color.meaning): \(PageFigures.time(time))")
      }
      let every = layers.count > 16 ? 4 : 1
      if index % every == 0 || row.layer == nil {
        picture.text(
          row.layer.map { "\($0)" } ?? "–", x + width / 2, bottom + 16, anchor: "middle", "tick")
      }
    }
    picture.text("layer; – for none", left, bottom + 32, "tick")
    return picture.html
  }
}

/// Tokens a second, as bars.
struct ScalingPicture {
  let id: String
  let title: String
  let unit: String
  let samples: [Scaling.Sample]

  var html: String {
    let most = max(1, samples.map(\.tokensPerSecond).max() ?? 1)
    let (left, right, height) = (110.0, 620.0, 26.0)
    var picture = Picture(
      id: id, title: title,
      description: samples.map {
        "\($0.count) \(unit): \(PageFigures.short($0.tokensPerSecond)) tokens a second."
      }.joined(separator: " "),
      width: 800, height: 8 + height * Double(samples.count))
    for (index, sample) in samples.enumerated() {
      let y = 4 + height * Double(index)
      picture.text("\(sample.count) \(unit)", left - 8, y + 17, anchor: "end")
      let width = sample.tokensPerSecond / most * (right - left)
      picture.rectangle(left, y + 3, width, height - 8, "multiply")
      picture.text(
        "\(PageFigures.text(sample.tokensPerSecond, digits: 0)) tokens/s, \(PageFigures.time(sample.seconds * 1e9))",
        left + width + 6, y + 17)
    }
    return picture.html
  }
}
