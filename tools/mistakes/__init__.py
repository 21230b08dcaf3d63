"""The known mistakes, made on purpose with transformers and tokenizers: what `touchstone check` is judged by."""
