extension DescriptionSchemas {
  /// llama.cpp's server.
  static let llamaCpp = #"""
    {
      "LlamaCppPrompt": {
        "anyOf": [
          { "type": "string" },
          { "$ref": "#/components/schemas/TokenIDs" },
          { "type": "object", "required": ["prompt_string"], "properties": { "prompt_string": { "type": "string" }, "multimodal_data": { "type": ["array", "null"], "maxItems": 0, "description": "There are no images and sounds here." } } }
        ]
      },
      "LlamaCppPrompts": {
        "anyOf": [
          { "type": "string" },
          { "type": "object", "required": ["prompt_string"], "properties": { "prompt_string": { "type": "string" }, "multimodal_data": { "type": ["array", "null"], "maxItems": 0, "description": "There are no images and sounds here." } } },
          { "type": "array", "minItems": 1, "items": { "type": "integer", "minimum": 0, "maximum": 2147483647 } },
          { "type": "array", "minItems": 1, "items": { "$ref": "#/components/schemas/LlamaCppPrompt" } }
        ]
      },
      "LlamaCppEmbeddingRequest": {
        "type": "object",
        "anyOf": [{ "required": ["content"] }, { "required": ["input"] }],
        "properties": {
          "content": { "$ref": "#/components/schemas/LlamaCppPrompts" },
          "input": { "$ref": "#/components/schemas/LlamaCppPrompts" },
          "embd_normalize": { "enum": [-1, 0, 1, 2, null], "default": 2, "description": "-1 none, 0 largest magnitude 32760, 1 taxicab, 2 Euclidean." },
          "model": { "$ref": "#/components/schemas/Model" },
          "truncate": { "$ref": "#/components/schemas/Truncate" },
          "truncation_direction": { "$ref": "#/components/schemas/TruncationDirection" },
          "dimensions": { "$ref": "#/components/schemas/Dimensions" },
          "prompt_name": { "$ref": "#/components/schemas/PromptName" },
          "input_type": { "$ref": "#/components/schemas/InputType" },
          "instruct": { "$ref": "#/components/schemas/Instruct" }
        }
      },
      "LlamaCppEmbeddingResponse": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["index", "embedding", "tokens_evaluated", "input_tokens"],
          "properties": {
            "index": { "type": "integer" },
            "embedding": { "type": "array", "description": "One vector, or one a token where the model does not pool.", "items": { "$ref": "#/components/schemas/Vector" } },
            "tokens_evaluated": { "type": "integer" },
            "input_tokens": { "type": "integer", "description": "Before truncation." }
          }
        }
      },
      "LlamaCppTokenizeRequest": {
        "type": "object",
        "required": ["content"],
        "properties": {
          "content": { "type": "string" },
          "add_special": { "type": ["boolean", "null"], "default": false },
          "parse_special": { "type": ["boolean", "null"], "default": true },
          "with_pieces": { "type": ["boolean", "null"], "default": false },
          "model": { "$ref": "#/components/schemas/Model" }
        }
      },
      "LlamaCppTokenizeResponse": {
        "type": "object",
        "required": ["tokens"],
        "properties": {
          "tokens": {
            "type": "array",
            "items": {
              "anyOf": [
                { "type": "integer" },
                {
                  "type": "object",
                  "required": ["id", "piece"],
                  "properties": {
                    "id": { "type": "integer" },
                    "piece": { "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "integer", "minimum": 0, "maximum": 255 } }] }
                  }
                }
              ]
            }
          }
        }
      },
      "LlamaCppDetokenizeRequest": {
        "type": "object",
        "required": ["tokens"],
        "properties": { "tokens": { "$ref": "#/components/schemas/TokenIDs" }, "model": { "$ref": "#/components/schemas/Model" } }
      },
      "LlamaCppDetokenizeResponse": {
        "type": "object",
        "required": ["content"],
        "properties": { "content": { "type": "string" } }
      },
      "LlamaCppProps": {
        "type": "object",
        "required": ["default_generation_settings", "total_slots", "model_alias", "model_path", "bos_token", "eos_token", "build_info"],
        "properties": {
          "default_generation_settings": { "type": "object", "required": ["n_ctx"], "properties": { "n_ctx": { "type": "integer" } } },
          "total_slots": { "type": "integer" },
          "model_alias": { "type": "string" },
          "model_path": { "type": "string" },
          "modalities": { "type": "object" },
          "chat_template": { "type": "string" },
          "bos_token": { "type": "string" },
          "eos_token": { "type": "string" },
          "build_info": { "type": "string" },
          "is_sleeping": { "type": "boolean" }
        }
      },
      "LlamaCppError": {
        "type": "object",
        "required": ["error"],
        "properties": {
          "error": {
            "type": "object",
            "required": ["code", "message", "type"],
            "properties": { "code": { "type": "integer" }, "message": { "type": "string" }, "type": { "type": "string" } }
          }
        }
      }
    }
    """#
}
