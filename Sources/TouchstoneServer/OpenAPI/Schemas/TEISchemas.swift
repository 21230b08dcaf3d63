extension DescriptionSchemas {
  /// text-embeddings-inference.
  static let textEmbeddingsInference = #"""
    {
      "TEIEmbedRequest": {
        "type": "object",
        "required": ["inputs"],
        "properties": {
          "inputs": { "$ref": "#/components/schemas/Inputs" },
          "model": { "$ref": "#/components/schemas/Model" },
          "truncate": { "$ref": "#/components/schemas/Truncate" },
          "truncation_direction": { "$ref": "#/components/schemas/TruncationDirection" },
          "prompt_name": { "$ref": "#/components/schemas/PromptName" },
          "input_type": { "$ref": "#/components/schemas/InputType" },
          "instruct": { "$ref": "#/components/schemas/Instruct" },
          "normalize": { "type": ["boolean", "null"], "default": true, "description": "Vectors of length 1." },
          "dimensions": { "$ref": "#/components/schemas/Dimensions" }
        }
      },
      "TEIEmbedResponse": { "type": "array", "items": { "$ref": "#/components/schemas/Vector" } },
      "TEIEmbedAllRequest": {
        "type": "object",
        "required": ["inputs"],
        "properties": {
          "inputs": { "$ref": "#/components/schemas/Inputs" },
          "model": { "$ref": "#/components/schemas/Model" },
          "truncate": { "$ref": "#/components/schemas/Truncate" },
          "truncation_direction": { "$ref": "#/components/schemas/TruncationDirection" },
          "prompt_name": { "$ref": "#/components/schemas/PromptName" },
          "input_type": { "$ref": "#/components/schemas/InputType" },
          "instruct": { "$ref": "#/components/schemas/Instruct" },
          "dimensions": { "$ref": "#/components/schemas/Dimensions" }
        }
      },
      "TEIEmbedAllResponse": {
        "type": "array",
        "description": "The states of each input's tokens, not normalised.",
        "items": { "type": "array", "items": { "$ref": "#/components/schemas/Vector" } }
      },
      "TEISimilarityRequest": {
        "type": "object",
        "required": ["inputs"],
        "properties": {
          "inputs": {
            "type": "object",
            "required": ["source_sentence", "sentences"],
            "properties": {
              "source_sentence": { "type": "string" },
              "sentences": { "type": "array", "minItems": 1, "items": { "type": "string" } }
            }
          },
          "parameters": {
            "type": ["object", "null"],
            "properties": {
              "truncate": { "$ref": "#/components/schemas/Truncate" },
              "truncation_direction": { "$ref": "#/components/schemas/TruncationDirection" },
              "prompt_name": { "$ref": "#/components/schemas/PromptName" },
              "input_type": { "$ref": "#/components/schemas/InputType" },
              "instruct": { "$ref": "#/components/schemas/Instruct" }
            }
          },
          "model": { "$ref": "#/components/schemas/Model" }
        }
      },
      "TEISimilarityResponse": { "type": "array", "items": { "type": "number" } },
      "TEITokenizeRequest": {
        "type": "object",
        "required": ["inputs"],
        "properties": {
          "inputs": { "anyOf": [{ "type": "string" }, { "type": "array", "minItems": 1, "items": { "type": "string" } }] },
          "model": { "$ref": "#/components/schemas/Model" },
          "add_special_tokens": { "type": ["boolean", "null"], "default": true },
          "prompt_name": { "$ref": "#/components/schemas/PromptName" },
          "input_type": { "$ref": "#/components/schemas/InputType" },
          "instruct": { "$ref": "#/components/schemas/Instruct" }
        }
      },
      "TEITokenizeResponse": {
        "type": "array",
        "items": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["id", "text", "special", "start", "stop"],
            "properties": {
              "id": { "type": "integer" },
              "text": { "type": "string" },
              "special": { "type": "boolean", "description": "Whether the tokenizer put it around the text." },
              "start": { "type": ["integer", "null"], "description": "Unicode characters before the token." },
              "stop": { "type": ["integer", "null"] }
            }
          }
        }
      },
      "TEIDecodeRequest": {
        "type": "object",
        "required": ["ids"],
        "properties": {
          "ids": {
            "anyOf": [
              { "type": "array", "minItems": 1, "items": { "type": "integer", "minimum": 0, "maximum": 2147483647 } },
              { "type": "array", "minItems": 1, "items": { "$ref": "#/components/schemas/TokenIDs" } }
            ]
          },
          "model": { "$ref": "#/components/schemas/Model" },
          "skip_special_tokens": { "type": ["boolean", "null"], "default": true }
        }
      },
      "TEIDecodeResponse": { "type": "array", "items": { "type": "string" } },
      "TEIRerankResponse": {
        "type": "array",
        "description": "Best first.",
        "items": {
          "type": "object",
          "required": ["index", "score"],
          "properties": { "index": { "type": "integer" }, "score": { "type": "number" }, "text": { "type": "string" } }
        }
      },
      "TEIInfo": {
        "type": "object",
        "required": ["model_id", "model_dtype", "model_type", "max_concurrent_requests", "max_input_length", "max_batch_tokens", "max_client_batch_size", "auto_truncate", "tokenization_workers", "version"],
        "properties": {
          "model_id": { "type": "string" },
          "model_sha": { "type": "null" },
          "model_dtype": { "type": "string", "description": "The block format of most weights." },
          "model_type": { "type": "object" },
          "max_concurrent_requests": { "type": "integer" },
          "max_input_length": { "type": "integer" },
          "max_batch_tokens": { "type": "integer" },
          "max_batch_requests": { "type": "null" },
          "max_client_batch_size": { "type": "integer" },
          "auto_truncate": { "type": "boolean" },
          "tokenization_workers": { "type": "integer" },
          "version": { "type": "string" },
          "sha": { "type": "null" },
          "docker_label": { "type": "null" }
        }
      },
      "TEIError": {
        "type": "object",
        "required": ["error", "error_type"],
        "properties": { "error": { "type": "string" }, "error_type": { "type": "string" } }
      }
    }
    """#
}
