import Qwen3
