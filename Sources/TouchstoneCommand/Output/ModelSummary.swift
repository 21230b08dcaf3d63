import Touchstone
import Workbench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What `make-model` says when it is done.
enum ModelSummary {
  static func text(_ model: SyntheticModel, path: String, seconds: Double) -> String {
    let weightCount = model.tensors.reduce(0) { $0 + $1.valueCount }
    var status = stat()
    let byteCount = stat(path, &status) == 0 ? "\(Decimal.grouped(Int(status.st_size))) bytes, " : ""
    var text =
      "\(DisplayText.oneLine(path)): \(byteCount)\(Decimal.grouped(model.tensors.count)) tensors, "
      + "\(Decimal.grouped(weightCount)) weights, \(model.mix.rawValue), seed \(model.seed), "
      + "in \(Decimal.text(seconds, digits: 1)) s\n"
    let fallbackCount = model.tensors.count { $0.isFallback }
    if fallbackCount > 0 {
      text +=
        "\(Decimal.grouped(fallbackCount)) matrices are stored in formats with shorter blocks: their rows are not whole "
        + "blocks of \(model.mix.rawValue)'s formats\n"
    }
    return text
  }
}
