import Hummingbird
import JSON
import Testing
import TouchstoneServer

struct DescriptionTests {
  /// Every route is described, and everything described is a route.
  @Test func routesAreDescribed() throws {
    let service = TestService.make()
    defer { service.scheduler.stop() }
    var served: Set<String> = []
    let router = Router(context: ServiceRequestContext.self)
    let routes = ServiceRoutes.add(to: router, service)
    for route in router.routes {
      let method = route.method.rawValue.lowercased()
      guard ["get", "post", "put", "patch", "delete"].contains(method) else { continue }
      // The parts of the page are its own business.
      if route.path.description.hasPrefix("/page/") { continue }
      served.insert("\(method) \(Self.described(route.path.description))")
    }
    let described = Set(routes.described.map { "\($0.method.rawValue.lowercased()) \($0.describedPath)" })
    #expect(described.count == routes.described.count)
    // Other methods of a known path answer 405; the router knows them, the description does not.
    let paths = Set(routes.described.map(\.describedPath))
    #expect(described.subtracting(served) == [])
    #expect(Set(served.map { String($0.split(separator: " ")[1]) }).subtracting(paths) == [])
  }

  private static func described(_ path: String) -> String {
    path.isEmpty ? "/" : path.replacing("**", with: "{id}")
  }

  /// Every schema that is referred to is there, and every one there is referred to.
  @Test func referencesLead() throws {
    let service = TestService.make()
    defer { service.scheduler.stop() }
    let description = try ServiceDescription.json(
      ServiceRoutes.add(to: Router(context: ServiceRequestContext.self), service).described)
    guard case .object(let schemas)? = description["components"]?["schemas"] else {
      Issue.record("no schemas")
      return
    }
    let names = Set(schemas.map(\.key))
    #expect(names.count == schemas.count)
    let prefix = "#/components/schemas/"
    let referred = Set(references(description).map { String($0.dropFirst(prefix.count)) })
    #expect(names == referred)
  }

  private func references(_ value: JSONValue) -> [String] {
    switch value {
    case .object(let members):
      members.flatMap { member in
        if member.key == "$ref", case .string(let target) = member.value { return [target] }
        return references(member.value)
      }
    case .array(let elements): elements.flatMap(references)
    default: []
    }
  }

  @Test func descriptionIsServed() async throws {
    try await TestService.test { client in
      let answer = try await client.send("/openapi.json")
      #expect(answer.status == 200)
      #expect(answer.body["openapi"] as? String == "3.1.0")
    }
  }
}
