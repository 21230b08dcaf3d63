"""Runs llama.cpp, OpenVINO, PyTorch and Touchstone on the same work, alternately, and compares them."""
