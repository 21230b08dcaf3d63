import Foundation

/// A head of a query or a key, turned by its position.
public func rotated(_ head: [Float], position: Int, theta: Double) -> [Float] {
  let half = head.count / 2
  var turned = head
  for i in 0..<half {
    let angle = Double(position) * pow(theta, -Double(2 * i) / Double(head.count))
    let (cosine, sine) = (Float(cos(angle)), Float(sin(angle)))
    turned[i] = head[i] * cosine - head[i + half] * sine
    turned[i + half] = head[i + half] * cosine + head[i] * sine
  }
  return turned
}
