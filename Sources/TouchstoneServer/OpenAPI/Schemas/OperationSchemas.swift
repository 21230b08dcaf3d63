extension DescriptionSchemas {
  /// The service's own paths.
  static let operations = #"""
    {
      "Status": {
        "type": "object",
        "required": ["status"],
        "properties": { "status": { "type": "string" } }
      },
      "ServiceStatus": {
        "type": "object",
        "required": ["state", "version", "kernels", "threads", "uptime_seconds", "tokens_per_second", "requests", "tokens", "waiting", "waiting_tokens", "memory_bytes", "default_instruct", "models"],
        "properties": {
          "state": { "enum": ["loading", "ready"] },
          "version": { "type": "string" },
          "kernels": { "type": ["string", "null"], "description": "The instruction set in use." },
          "threads": { "type": ["integer", "null"], "description": "null until the models are loaded." },
          "uptime_seconds": { "type": "number" },
          "tokens_per_second": { "type": "number", "description": "Of the last ten seconds." },
          "requests": { "type": "integer" },
          "tokens": { "type": "integer" },
          "waiting": { "type": "integer", "description": "Requests that wait for the engine or are in it." },
          "waiting_tokens": { "type": "integer" },
          "memory_bytes": { "type": ["integer", "null"] },
          "default_instruct": { "type": "string" },
          "models": { "type": "array", "items": { "$ref": "#/components/schemas/ModelStatus" } }
        }
      },
      "ModelStatus": {
        "type": "object",
        "required": ["name", "task", "parameters", "weights", "weight_bytes", "dimensions", "context_length", "activations"],
        "properties": {
          "name": { "type": "string" },
          "task": { "enum": ["embedding", "reranking"] },
          "parameters": { "type": "integer" },
          "weights": { "type": "string", "description": "The block format of most of the bytes." },
          "weight_bytes": { "type": "integer" },
          "dimensions": { "type": ["integer", "null"], "description": "null for a reranker." },
          "context_length": { "type": "integer" },
          "activations": { "enum": ["f32", "i16", "i8"] }
        }
      },
      "Description": { "type": "object", "required": ["openapi", "paths"] },
      "Error": {
        "type": "object",
        "required": ["error"],
        "properties": { "error": { "type": "string" } }
      }
    }
    """#
}
