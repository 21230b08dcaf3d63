"""The independent reference: GGUF files read by gguf-py, run by transformers, tokenized by tokenizers."""
