import ForeignText

/// Numbers inside of HTML and SVG.
enum PageFigures {
  /// `value` with `digits` digits after the point.
  static func text(_ value: Double, digits: Int) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return value.isFinite ? "\(value)" : "–" }
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((value.magnitude * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    let point = digits > 0 ? "." + String(repeating: "0", count: digits - fraction.count) + fraction : ""
    return sign + String(scaled / scale) + point
  }

  /// Three digits or so.
  static func short(_ value: Double) -> String {
    let size = value.magnitude
    return text(value, digits: size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)
  }

  static func percent(_ share: Double) -> String { text(100 * share, digits: 1) + " %" }

  /// `1234567` as `1,234,567`.
  static func grouped(_ value: Int) -> String {
    var result = ""
    let digits = String(value.magnitude)
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return (value < 0 ? "-" : "") + result
  }

  /// A coordinate.
  static func place(_ value: Double) -> String { text(value, digits: 1) }

  /// A round step, so that about `count` of them make up `span`.
  static func step(_ span: Double, count: Double) -> Double {
    guard span > 0 else { return 1 }
    var power = 1.0
    while power * 10 <= span / count { power *= 10 }
    while power > span / count { power /= 10 }
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= span / count } ?? 10 * power
  }

  static func time(_ nanoseconds: Double) -> String {
    if nanoseconds == 0 { return "0" }
    if nanoseconds >= 1e9 { return short(nanoseconds / 1e9) + " s" }
    if nanoseconds >= 1e6 { return short(nanoseconds / 1e6) + " ms" }
    return short(nanoseconds / 1e3) + " µs"
  }
}

/// What the colors of the pictures stand for.
enum PageColor: String, CaseIterable {
  case multiply, unpack, attention, rows, quantize, other, wait, between

  var meaning: String {
    switch self {
    case .multiply: "multiply"
    case .unpack: "unpack weights"
    case .attention: "attention"
    case .rows: "norms, rotation, SwiGLU, sums"
    case .quantize: "quantize"
    case .other: "tokenizer, look-up, pooling"
    case .wait: "wait, no job"
    case .between: "between stages"
    }
  }

  init(_ name: KernelName) {
    switch name {
    case .queryKeyValue, .attentionOutput, .gateUp, .down: self = .multiply
    case .attention: self = .attention
    case .norm, .headNorm, .rotate, .store, .residual, .swiGLU, .scale: self = .rows
    case .quantize: self = .quantize
    case .tokenize, .lookUp, .pooling, .other: self = .other
    }
  }

  /// Those of kernels.
  static let ofKernels: [PageColor] = [.multiply, .attention, .rows, .quantize, .other]

  static func legend(_ colors: [PageColor]) -> String {
    "<ul class=\"legend\">"
      + colors.map { "<li><span class=\"swatch \($0.rawValue)\"></span>\($0.meaning)</li>" }.joined()
      + "</ul>\n"
  }
}

/// An SVG picture with its text alternative.
struct Picture {
  let id: String
  let title: String
  /// What it shows, in words, for those who do not see it.
  let description: String
  let width: Double
  let height: Double
  var body = ""

  init(id: String, title: String, description: String, width: Double, height: Double) {
    self.id = id
    self.title = title
    self.description = description
    self.width = width
    self.height = height
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, title: String? = nil
  ) {
    let text = title.map { "<title>\(Markup.escaped($0))</title>" }
    body +=
      "<rect x=\"\(PageFigures.place(x))\" y=\"\(PageFigures.place(y))\" width=\"\(PageFigures.text(width, digits: 2))\" "
      + "height=\"\(PageFigures.place(height))\" class=\"\(style)\"" + (text.map { ">\($0)</rect>" } ?? "/>")
      + "\n"
  }

  mutating func line(_ from: (Double, Double), _ to: (Double, Double), _ style: String) {
    body +=
      "<line x1=\"\(PageFigures.place(from.0))\" y1=\"\(PageFigures.place(from.1))\" x2=\"\(PageFigures.place(to.0))\" "
      + "y2=\"\(PageFigures.place(to.1))\" class=\"\(style)\"/>\n"
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, anchor: String = "start", _ style: String = "label"
  ) {
    body +=
      "<text x=\"\(PageFigures.place(x))\" y=\"\(PageFigures.place(y))\" text-anchor=\"\(anchor)\" class=\"\(style)\">"
      + "\(Markup.escaped(text))</text>\n"
  }

  /// Along a line that rises by `degrees`.
  mutating func text(_ text: String, along point: (Double, Double), degrees: Double) {
    let place = "\(PageFigures.place(point.0)) \(PageFigures.place(point.1))"
    body +=
      "<text transform=\"translate(\(place)) rotate(\(PageFigures.place(-degrees)))\" dy=\"-5\" class=\"tick\">"
      + "\(Markup.escaped(text))</text>\n"
  }

  mutating func circle(_ x: Double, _ y: Double, _ radius: Double, _ style: String, title: String) {
    body +=
      "<circle cx=\"\(PageFigures.place(x))\" cy=\"\(PageFigures.place(y))\" r=\"\(PageFigures.place(radius))\" "
      + "class=\"\(style)\"><title>\(Markup.escaped(title))</title></circle>\n"
  }

  /// In a region that scrolls sideways where the screen is narrow, also by keyboard.
  var html: String {
    """
    <div class="wide" tabindex="0" role="region" aria-label="\(Markup.escaped(title))">
    <svg viewBox="0 0 \(PageFigures.place(width)) \(PageFigures.place(height))" role="img" \
    aria-labelledby="\(id)-title \(id)-text">
    <title id="\(id)-title">\(Markup.escaped(title))</title>
    <desc id="\(id)-text">\(Markup.escaped(description))</desc>
    \(body)</svg>
    </div>

    """
  }
}
