"""Random-weight Qwen3-Embedding models in every GGUF block format, for tests and measurements."""
