/// Changes of a model file that know what its fields are.
extension ModelPieces {
  /// Makes one change, which the decisions choose.
  mutating func edit(_ decisions: inout Decisions) {
    switch decisions.below(12) {
    case 0, 1: setNumber(&decisions)
    case 2: setWellKnown(&decisions)
    case 3: editEntries(&decisions)
    case 4: editTokens(&decisions)
    case 5: editAddedToken(&decisions)
    case 6: editMerges(&decisions)
    case 7: editDescription(&decisions)
    case 8: editContent(&decisions)
    case 9: editTensors(&decisions)
    case 10: cutRows(&decisions)
    default: editCounts(&decisions)
    }
  }

  private static let keys = [
    "general.architecture", "general.alignment", "general.type", "general.name", "split.count", "split.no",
    "qwen3.block_count", "qwen3.context_length", "qwen3.embedding_length", "qwen3.feed_forward_length",
    "qwen3.attention.head_count", "qwen3.attention.head_count_kv", "qwen3.attention.key_length",
    "qwen3.attention.value_length", "qwen3.attention.layer_norm_rms_epsilon", "qwen3.attention.causal",
    "qwen3.rope.freq_base", "qwen3.rope.scaling.type", "qwen3.rope.scaling.factor",
    "qwen3.rope.scaling.original_context_length", "qwen3.rope.dimension_count", "qwen3.pooling_type",
    "qwen3.classifier.output_labels", "qwen3.expert_count", "tokenizer.ggml.model", "tokenizer.ggml.pre",
    "tokenizer.ggml.tokens", "tokenizer.ggml.token_type", "tokenizer.ggml.merges", "tokenizer.ggml.scores",
    "tokenizer.ggml.eos_token_id", "tokenizer.ggml.bos_token_id", "tokenizer.ggml.add_bos_token",
    "tokenizer.ggml.add_eos_token", "tokenizer.chat_template", "tokenizer.chat_template.rerank",
  ]

  private static let strings = [
    "", "qwen3", "qwen2", "llama", "gpt2", "none", "linear", "yarn", "longrope", "yes", "no",
    "Qwen3 Reranker",
    "\u{1B}[31m\r\n", "\u{202E}", String(repeating: "e\u{301}\u{323}", count: 40),
  ]

  /// A number or truth value that is there becomes another one.
  private mutating func setNumber(_ decisions: inout Decisions) {
    let numbers = entries.indices.filter { if case .scalar = entries[$0].value { true } else { false } }
    guard !numbers.isEmpty else { return }
    let index = decisions.element(of: numbers)
    guard case .scalar(let type, let content) = entries[index].value else { return }
    let number = type == 6 ? UInt64(decisions.float().bitPattern) : decisions.integer()
    entries[index].value = .scalar(type, Array(littleEndian(number).prefix(content.count)))
  }

  /// A key that readers know gets a value, be it there or not, of the right type or not.
  private mutating func setWellKnown(_ decisions: inout Decisions) {
    let key = decisions.element(of: Self.keys)
    switch decisions.below(6) {
    case 0, 1: set(key, UInt32(truncatingIfNeeded: decisions.integer()))
    case 2: set(key, decisions.float())
    case 3: set(key, decisions.element(of: Self.strings))
    case 4: set(key, .scalar(7, [UInt8(decisions.below(3))]))
    default:
      let labels = (0..<decisions.below(4)).map { _ in Array(decisions.element(of: Self.strings).utf8) }
      set(key, .array(Self.stringType, labels))
    }
  }

  private mutating func editEntries(_ decisions: inout Decisions) {
    guard !entries.isEmpty else { return }
    let index = decisions.index(in: entries)
    switch decisions.below(5) {
    case 0: entries.remove(at: index)
    case 1: entries.append(entries[index])
    case 2: entries[index].key = decisions.bytes(atMost: 12)
    case 3: entries[index].key = Array(decisions.element(of: Self.keys).utf8)
    default: entries.swapAt(index, decisions.index(in: entries))
    }
  }

  /// Changes the list of `key`.
  private mutating func editElements(_ key: String, _ change: (inout [[UInt8]]) -> Void) {
    guard let index = index(of: key), case .array(let type, var elements) = entries[index].value,
      !elements.isEmpty
    else { return }
    change(&elements)
    entries[index].value = .array(type, elements)
  }

  private mutating func editTokens(_ decisions: inout Decisions) {
    editElements("tokenizer.ggml.tokens") { tokens in
      let index = decisions.index(in: tokens)
      switch decisions.below(5) {
      case 0: tokens[index] = decisions.bytes(atMost: 8)
      case 1: tokens.removeLast(min(tokens.count, 1 + decisions.below(8)))
      case 2: tokens.swapAt(index, decisions.index(in: tokens))
      case 3: tokens.append(decisions.bytes(atMost: 8))
      default: tokens[index] = tokens[decisions.index(in: tokens)]
      }
    }
  }

  /// A token becomes one that is looked for in text, with a spelling of any bytes or of part of a character.
  private mutating func editAddedToken(_ decisions: inout Decisions) {
    var token = 0
    editElements("tokenizer.ggml.token_type") { types in
      // Added tokens are at the end, and so is what nothing else needs.
      token = decisions.chance(1, in: 2) ? types.count - 1 - decisions.below(8) : decisions.index(in: types)
      token = max(0, token)
      types[token] = littleEndian(UInt32(decisions.element(of: [1, 2, 3, 4, 5, 6, 4, 4, 0, 7])))
    }
    editElements("tokenizer.ggml.tokens") { tokens in
      guard token < tokens.count else { return }
      switch decisions.below(4) {
      case 0: break
      case 1: tokens[token] = decisions.bytes(atMost: 6)
      case 2:
        let scalar = Unicode.Scalar(decisions.element(of: FuzzTexts.changing)) ?? "a"
        let utf8 = Array(String(Character(scalar)).utf8)
        tokens[token] = Array(utf8.dropFirst(decisions.below(utf8.count)).prefix(1 + decisions.below(3)))
      default: tokens[token] = Array(repeating: UInt8(ascii: "a"), count: decisions.below(300))
      }
    }
  }

  private mutating func editMerges(_ decisions: inout Decisions) {
    let tokens = elements(of: "tokenizer.ggml.tokens")
    editElements("tokenizer.ggml.merges") { merges in
      let index = decisions.index(in: merges)
      switch decisions.below(6) {
      case 0: merges[index] = decisions.bytes(atMost: 8)
      case 1: merges.swapAt(index, decisions.index(in: merges))
      case 2: merges.remove(at: index)
      case 3: merges.append(merges[index])
      case 4: merges.removeFirst(index)
      default:
        guard !tokens.isEmpty else { return }
        merges[index] = decisions.element(of: tokens) + [0x20] + decisions.element(of: tokens)
      }
    }
  }

  /// What the file says of a tensor becomes something else.
  private mutating func editDescription(_ decisions: inout Decisions) {
    guard !tensors.isEmpty else { return }
    let index = decisions.index(in: tensors)
    switch decisions.below(6) {
    case 0, 1:
      guard !tensors[index].dimensions.isEmpty else { return }
      let dimension = decisions.index(in: tensors[index].dimensions)
      tensors[index].dimensions[dimension] = decisions.integer()
    case 2: tensors[index].dimensions.reverse()
    case 3: tensors[index].type = UInt32(decisions.below(42))
    case 4: tensors[index].offset = decisions.integer()
    default: tensors[index].dimensions.append(decisions.chance(1, in: 2) ? 1 : decisions.integer())
    }
  }

  /// Weights become others: zeros, ones, or any bytes, from some place on.
  private mutating func editContent(_ decisions: inout Decisions) {
    guard !tensors.isEmpty else { return }
    let index = decisions.index(in: tensors)
    guard !tensors[index].content.isEmpty else { return }
    let start = decisions.below(min(tensors[index].content.count, 1 << 16))
    let count = min(1 << decisions.below(12), tensors[index].content.count - start)
    let patterns: [[UInt8]] = [[0], [0xFF], [0x7F, 0x80], [0, 0x7C], [0x00, 0x00, 0xC0, 0x7F]]
    let pattern = decisions.element(of: patterns)
    let fill = decisions.chance(1, in: 4) ? [decisions.byte(), decisions.byte()] : pattern
    for position in 0..<count { tensors[index].content[start + position] = fill[position % fill.count] }
  }

  private mutating func editTensors(_ decisions: inout Decisions) {
    guard !tensors.isEmpty else { return }
    let index = decisions.index(in: tensors)
    switch decisions.below(5) {
    case 0: tensors.remove(at: index)
    case 1: tensors.append(tensors[index])
    case 2: tensors[index].name = tensors[decisions.index(in: tensors)].name
    case 3:
      let names = [
        "output.weight", "cls.output.weight", "blk.0.attn_q.bias", "rope_freqs.weight", "dense_2.weight",
      ]
      tensors.append(tensors[index])
      tensors[tensors.count - 1].name = Array(decisions.element(of: names).utf8)
    default: tensors[index].content.removeLast(min(tensors[index].content.count, decisions.below(1 << 12)))
    }
  }

  /// A matrix loses rows: its description is as sound as before.
  private mutating func cutRows(_ decisions: inout Decisions) {
    let matrices = tensors.indices.filter { tensors[$0].dimensions.count == 2 }
    guard !matrices.isEmpty else { return }
    let index =
      decisions.chance(1, in: 2)
      ? tensors.firstIndex { $0.name.elementsEqual("token_embd.weight".utf8) } ?? matrices[0]
      : decisions.element(of: matrices)
    guard tensors[index].dimensions.count == 2, tensors[index].dimensions[1] > 1 else { return }
    let rowCount = Int(clamping: tensors[index].dimensions[1])
    let kept = max(1, rowCount - 1 - decisions.below(8))
    let rowSize = tensors[index].content.count / rowCount
    tensors[index].dimensions[1] = UInt64(kept)
    tensors[index].content = Array(tensors[index].content.prefix(kept * rowSize))
    // With the last tensor in the file nothing follows that could be read instead.
    if decisions.chance(1, in: 2) { tensors.append(tensors.remove(at: index)) }
  }

  private mutating func editCounts(_ decisions: inout Decisions) {
    switch decisions.below(4) {
    case 0: version = UInt32(truncatingIfNeeded: decisions.integer())
    case 1: entryCount = decisions.integer()
    case 2: tensorCount = decisions.integer()
    default: alignment = 1 << decisions.below(12)
    }
  }
}
