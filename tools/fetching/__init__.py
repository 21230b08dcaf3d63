"""Fetches model files from the Hugging Face hub with the standard library alone."""
