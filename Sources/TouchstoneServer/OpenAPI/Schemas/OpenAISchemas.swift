extension DescriptionSchemas {
  /// OpenAI.
  static let openAI = #"""
    {
      "OpenAIEmbeddingsRequest": {
        "type": "object",
        "required": ["input"],
        "properties": {
          "input": { "$ref": "#/components/schemas/Inputs" },
          "model": { "$ref": "#/components/schemas/Model" },
          "encoding_format": { "enum": ["float", "base64", null], "default": "float", "description": "base64 is of little-endian float32." },
          "dimensions": { "$ref": "#/components/schemas/Dimensions" },
          "user": { "type": ["string", "null"], "description": "Has no effect." },
          "truncate": { "description": "Extension: what happens to an input that does not fit.", "enum": [true, false, "right", "left", "error", null] },
          "max_tokens": { "type": ["integer", "null"], "minimum": 1, "description": "Extension: the most tokens of one input." },
          "normalize": { "type": ["boolean", "null"], "default": true, "description": "Extension: vectors of length 1." },
          "prompt_name": { "$ref": "#/components/schemas/PromptName" },
          "input_type": { "$ref": "#/components/schemas/InputType" },
          "instruct": { "$ref": "#/components/schemas/Instruct" }
        }
      },
      "OpenAIEmbeddingsResponse": {
        "type": "object",
        "required": ["object", "data", "model", "usage"],
        "properties": {
          "object": { "const": "list" },
          "data": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["object", "index", "embedding"],
              "properties": {
                "object": { "const": "embedding" },
                "index": { "type": "integer" },
                "embedding": { "anyOf": [{ "$ref": "#/components/schemas/Vector" }, { "type": "string" }] },
                "truncated": { "const": true, "description": "There where the input was cut." }
              }
            }
          },
          "model": { "type": "string" },
          "usage": {
            "type": "object",
            "required": ["prompt_tokens", "total_tokens", "given_tokens"],
            "properties": {
              "prompt_tokens": { "type": "integer", "description": "Tokens that went through the model." },
              "total_tokens": { "type": "integer" },
              "given_tokens": { "type": "integer", "description": "Tokens before truncation." }
            }
          }
        }
      },
      "OpenAIModel": {
        "type": "object",
        "required": ["id", "object", "created", "owned_by", "aliases", "task", "dimensions", "context_length"],
        "properties": {
          "id": { "type": "string" },
          "object": { "const": "model" },
          "created": { "type": "integer", "description": "When it was loaded, in seconds since 1970." },
          "owned_by": { "type": "string" },
          "aliases": { "type": "array", "items": { "type": "string" } },
          "task": { "enum": ["embedding", "reranking"] },
          "dimensions": { "type": ["integer", "null"], "description": "null for a reranker." },
          "context_length": { "type": "integer" }
        }
      },
      "OpenAIModels": {
        "type": "object",
        "required": ["object", "data"],
        "properties": { "object": { "const": "list" }, "data": { "type": "array", "items": { "$ref": "#/components/schemas/OpenAIModel" } } }
      },
      "OpenAIError": {
        "type": "object",
        "required": ["error"],
        "properties": {
          "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
              "message": { "type": "string" },
              "type": { "type": "string" },
              "param": { "type": ["string", "null"] },
              "code": { "type": ["string", "null"] }
            }
          }
        }
      }
    }
    """#
}
