// In a file of its own: Embedded Swift, in which the engine is tried for Arm, has no `Codable`.

extension Pooling: Codable {}
extension ActivationPrecision: Codable {}
