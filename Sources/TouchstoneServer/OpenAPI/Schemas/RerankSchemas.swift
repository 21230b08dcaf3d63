extension DescriptionSchemas {
  /// The rerank shapes: of Jina, Cohere, vLLM and llama.cpp, and of text-embeddings-inference.
  static let rerank = #"""
    {
      "RerankRequest": {
        "type": "object",
        "required": ["query"],
        "anyOf": [{ "required": ["documents"] }, { "required": ["texts"] }],
        "properties": {
          "query": { "type": "string" },
          "documents": {
            "type": "array",
            "minItems": 1,
            "items": { "anyOf": [{ "type": "string" }, { "type": "object", "required": ["text"], "properties": { "text": { "type": "string" } } }] }
          },
          "texts": { "type": "array", "minItems": 1, "items": { "type": "string" }, "description": "text-embeddings-inference's name for documents; its answer is an array." },
          "model": { "$ref": "#/components/schemas/Model" },
          "top_n": { "type": ["integer", "null"], "minimum": 1 },
          "return_documents": { "type": ["boolean", "null"], "default": false },
          "return_text": { "type": ["boolean", "null"], "default": false },
          "raw_scores": { "type": ["boolean", "null"], "default": false, "description": "Differences of logits and not probabilities." },
          "instruction": { "type": ["string", "null"], "description": "The task, one sentence in English." },
          "instruct": { "type": ["string", "null"] },
          "user": { "type": ["string", "null"], "description": "Has no effect." },
          "truncate": { "$ref": "#/components/schemas/Truncate" },
          "truncation_direction": { "$ref": "#/components/schemas/TruncationDirection" }
        }
      },
      "RerankResults": {
        "type": "object",
        "required": ["model", "object", "usage", "results"],
        "properties": {
          "model": { "type": "string" },
          "object": { "const": "list" },
          "usage": {
            "type": "object",
            "required": ["prompt_tokens", "total_tokens", "input_tokens"],
            "properties": {
              "prompt_tokens": { "type": "integer" },
              "total_tokens": { "type": "integer" },
              "input_tokens": { "type": "integer", "description": "Before truncation." }
            }
          },
          "results": {
            "type": "array",
            "description": "Best first.",
            "items": {
              "type": "object",
              "required": ["index", "relevance_score"],
              "properties": {
                "index": { "type": "integer" },
                "relevance_score": { "type": "number" },
                "document": { "type": "object", "required": ["text"], "properties": { "text": { "type": "string" } } },
                "truncated": { "const": true, "description": "The document was cut to fit." }
              }
            }
          }
        }
      },
      "RerankResponse": { "anyOf": [{ "$ref": "#/components/schemas/RerankResults" }, { "$ref": "#/components/schemas/TEIRerankResponse" }] }
    }
    """#
}
