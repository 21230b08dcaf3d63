import Testing
import Touchstone
import TouchstoneServer

struct VectorCacheTests {
  private let model = StubModel()

  private func key(_ ids: [Int32], _ pooling: Pooling = .last) -> VectorCache.Key {
    VectorCache.Key(model: ObjectIdentifier(model), pooling: pooling, activations: .i16, ids: ids)
  }

  @Test func theKeyIsAllThatAStateDependsOn() {
    let cache = VectorCache(byteLimit: 1 << 20)
    cache.insert([1, 2], for: key([1, 2]))
    #expect(cache[key([1, 2])] == [1, 2])
    #expect(cache[key([1])] == nil)
    #expect(cache[key([2, 1])] == nil)
    #expect(cache[key([1, 2], .mean)] == nil)
  }

  @Test func theOldestUseGoesFirst() {
    let vector = [Float](repeating: 1, count: 100)
    let cache = VectorCache(byteLimit: 3 * (404 + 320))
    for id in 1...3 { cache.insert(vector, for: key([Int32(id)])) }
    #expect(cache[key([1])] != nil)
    cache.insert(vector, for: key([4]))
    #expect(cache[key([2])] == nil)
    #expect([1, 3, 4].allSatisfy { cache[key([$0])] != nil })
  }

  @Test func memoryIsBounded() {
    let cache = VectorCache(byteLimit: 100_000)
    for id in 0..<5000 {
      cache.insert([Float](repeating: 1, count: id % 50), for: key([Int32(id)]))
      _ = cache[key([Int32(id / 2)])]
      #expect(cache.bytes <= 100_000)
    }
    #expect(cache.count > 100)
    cache.insert([Float](repeating: 1, count: 100_000), for: key([7]))
    #expect(cache[key([7])] == nil || cache.bytes <= 100_000)
  }
}
