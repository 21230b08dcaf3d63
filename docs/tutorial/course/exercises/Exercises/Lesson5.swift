import Foundation

/// A head of a query or a key, turned by its position.
///
/// The pair `(x[i], x[i + d / 2])` is a point of the plane. It turns by the angle
/// `position · theta^(−2i / d)`, where d is the number of components of the head.
public func rotated(_ head: [Float], position: Int, theta: Double) -> [Float] {
  head  // Write it.
}
