extension DescriptionSchemas {
  /// What several dialects share.
  static let common = #"""
    {
      "TokenIDs": {
        "type": "array",
        "description": "Ids of the model's own vocabulary (/tokenize gives them). Ids of another vocabulary, such as tiktoken's, stand for other words: nobody can see that they are wrong unless they lie outside. The end of text is appended where it is missing.",
        "items": { "type": "integer", "minimum": 0, "maximum": 2147483647 }
      },
      "Inputs": {
        "description": "A text, token ids, or an array of either. An empty text has a vector as well.",
        "anyOf": [
          { "type": "string" },
          { "type": "array", "minItems": 1, "items": { "type": "integer", "minimum": 0, "maximum": 2147483647 } },
          { "type": "array", "minItems": 1, "items": { "anyOf": [{ "type": "string" }, { "$ref": "#/components/schemas/TokenIDs" }] } }
        ]
      },
      "Model": { "type": ["string", "null"], "description": "One of the names of GET /v1/models; the first model where it is missing." },
      "Instruct": { "type": ["string", "null"], "description": "Extension: the inputs are queries for this task, one sentence in English." },
      "PromptName": { "enum": ["query", "document", null], "description": "query puts the instruction for searching in front of the inputs; document, the default, nothing." },
      "InputType": { "enum": ["query", "search_query", "document", "search_document", "passage", null], "description": "Extension: another name for prompt_name." },
      "Truncate": { "enum": [true, false, "right", "left", "error", null], "description": "true cuts an input that does not fit, false refuses it; how it was is always said in the answer." },
      "TruncationDirection": { "enum": ["right", "left", "Right", "Left", null], "description": "Which end of an input is cut off." },
      "Dimensions": { "type": ["integer", "null"], "minimum": 1, "description": "Keep this many components, then normalise (Matryoshka)." },
      "Vector": { "type": "array", "items": { "type": "number" } }
    }
    """#
}
