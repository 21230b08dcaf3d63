extension DescriptionSchemas {
  /// Ollama.
  static let ollama = #"""
    {
      "OllamaEmbedRequest": {
        "type": "object",
        "required": ["model", "input"],
        "properties": {
          "model": { "type": "string", "description": "A served name; ':latest' may follow." },
          "name": { "type": ["string", "null"], "description": "What older clients call model." },
          "input": { "$ref": "#/components/schemas/Inputs" },
          "truncate": { "enum": [true, false, "right", "left", "error", null], "default": true, "description": "Whether an input that does not fit is cut; 'inputs' in the answer says so." },
          "truncation_direction": { "$ref": "#/components/schemas/TruncationDirection" },
          "dimensions": { "$ref": "#/components/schemas/Dimensions" },
          "prompt_name": { "$ref": "#/components/schemas/PromptName" },
          "input_type": { "$ref": "#/components/schemas/InputType" },
          "instruct": { "$ref": "#/components/schemas/Instruct" },
          "keep_alive": { "type": ["string", "number", "null"], "description": "Has no effect: a model stays loaded." },
          "options": { "type": ["object", "null"], "description": "Has no effect." }
        }
      },
      "OllamaTokenUse": {
        "type": "object",
        "required": ["tokens", "used_tokens", "truncated"],
        "properties": {
          "tokens": { "type": "integer", "description": "Before truncation." },
          "used_tokens": { "type": "integer" },
          "truncated": { "type": "boolean" }
        }
      },
      "OllamaEmbedResponse": {
        "type": "object",
        "required": ["model", "embeddings", "total_duration", "load_duration", "prompt_eval_count", "inputs"],
        "properties": {
          "model": { "type": "string" },
          "embeddings": { "type": "array", "items": { "$ref": "#/components/schemas/Vector" } },
          "total_duration": { "type": "integer", "description": "Nanoseconds." },
          "load_duration": { "type": "integer", "description": "0: the model is loaded before the first request." },
          "prompt_eval_count": { "type": "integer", "description": "Tokens that went through the model." },
          "inputs": { "type": "array", "items": { "$ref": "#/components/schemas/OllamaTokenUse" } }
        }
      },
      "OllamaEmbeddingsRequest": {
        "type": "object",
        "required": ["model", "prompt"],
        "properties": {
          "model": { "type": "string" },
          "name": { "type": ["string", "null"], "description": "What older clients call model." },
          "prompt": { "type": "string" },
          "truncate": { "$ref": "#/components/schemas/Truncate" },
          "truncation_direction": { "$ref": "#/components/schemas/TruncationDirection" },
          "dimensions": { "$ref": "#/components/schemas/Dimensions" },
          "prompt_name": { "$ref": "#/components/schemas/PromptName" },
          "input_type": { "$ref": "#/components/schemas/InputType" },
          "instruct": { "$ref": "#/components/schemas/Instruct" },
          "keep_alive": { "type": ["string", "number", "null"] },
          "options": { "type": ["object", "null"] }
        }
      },
      "OllamaEmbeddingsResponse": {
        "type": "object",
        "required": ["embedding", "normalized", "tokens", "used_tokens", "truncated"],
        "properties": {
          "embedding": { "$ref": "#/components/schemas/Vector" },
          "normalized": { "const": false, "description": "As in Ollama, this route's vectors are as pooled." },
          "tokens": { "type": "integer" },
          "used_tokens": { "type": "integer" },
          "truncated": { "type": "boolean" }
        }
      },
      "OllamaModel": {
        "type": "object",
        "required": ["name", "model", "size", "digest", "details"],
        "properties": {
          "name": { "type": "string" },
          "model": { "type": "string" },
          "modified_at": { "type": "string" },
          "expires_at": { "type": "string" },
          "size": { "type": "integer" },
          "size_vram": { "type": "integer" },
          "context_length": { "type": "integer" },
          "digest": { "type": "string" },
          "details": { "$ref": "#/components/schemas/OllamaDetails" }
        }
      },
      "OllamaDetails": {
        "type": "object",
        "required": ["parent_model", "format", "family", "families", "parameter_size", "quantization_level"],
        "properties": {
          "parent_model": { "type": "string" },
          "format": { "const": "gguf" },
          "family": { "type": "string" },
          "families": { "type": "array", "items": { "type": "string" } },
          "parameter_size": { "type": "string" },
          "quantization_level": { "type": "string" }
        }
      },
      "OllamaModels": {
        "type": "object",
        "required": ["models"],
        "properties": { "models": { "type": "array", "items": { "$ref": "#/components/schemas/OllamaModel" } } }
      },
      "OllamaShowRequest": {
        "type": "object",
        "required": ["model"],
        "properties": { "model": { "type": "string" }, "name": { "type": ["string", "null"] }, "verbose": { "type": ["boolean", "null"], "description": "Has no effect." } }
      },
      "OllamaShowResponse": {
        "type": "object",
        "required": ["modelfile", "parameters", "template", "details", "model_info", "capabilities", "modified_at"],
        "properties": {
          "modelfile": { "type": "string" },
          "parameters": { "type": "string" },
          "template": { "type": "string" },
          "details": { "$ref": "#/components/schemas/OllamaDetails" },
          "model_info": { "type": "object" },
          "capabilities": { "type": "array", "items": { "type": "string" } },
          "modified_at": { "type": "string" }
        }
      },
      "OllamaVersion": {
        "type": "object",
        "required": ["version"],
        "properties": { "version": { "type": "string", "description": "The version of this program, not one of Ollama's." } }
      },
      "OllamaError": {
        "type": "object",
        "required": ["error"],
        "properties": { "error": { "type": "string" } }
      }
    }
    """#
}
