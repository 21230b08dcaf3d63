extension DescriptionSchemas {
  /// The service's own paths.
  static let operations = #"""
    {
      "Status": {
        "type": "object",
        "required": ["status"],
        "properties": { "status": { "type": "string" } }
      },
      "ServiceStatus": { "type": "object" },
      "Description": { "type": "object", "required": ["openapi", "paths"] },
      "Error": {
        "type": "object",
        "required": ["error"],
        "properties": { "error": { "type": "string" } }
      }
    }
    """#
}
