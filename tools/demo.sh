#!/bin/sh
# What `make demo` shows: each command is printed before it runs, ready to be copied.
# usage: tools/demo.sh [EXECUTABLE], a path from the root of the repository
set -eu
cd "$(dirname "$0")/.."
executable=${1:-.build/release/touchstone}

heading() { printf '\n%s\n' "$1"; }
show() {
  line="$executable $1"
  printf '\n$ %s\n' "$line"
  eval "$line"
}

heading 'What the model is.'
show 'inspect testdata/demo/demo-q4_k_m.gguf'

heading 'Text becomes tokens, tokens become a vector.'
show 'tokenize --pieces "The file was not found."'
show 'embed --format table "The file was not found." "ファイルが見つかりません" "Привет, мир"'
show 'embed --dimensions 32 "The file was not found."'

heading 'Three messages in several languages: those that mean the same are near each other.'
show 'similarity \
    "File not found" "Datei nicht gefunden" "ファイルが見つかりません" \
    "The password is wrong" "Mot de passe incorrect" "密码错误" \
    "No space left on device" "Недостаточно места на диске"'

heading 'A search across languages: the words of query and answer need not be the same, nor their language.'
show 'search --corpus testdata/demo/corpus.txt --lines --top 4 \
    "wrong password" "the disk is full" "Der Drucker druckt nicht" "文件不存在"'

heading 'A knowledge base: documents in, passages with their places out.'
if "$executable" kb add --help | grep -q -- --converter; then
  base=$(mktemp -d)/base
  trap 'rm -rf "${base%/base}"' EXIT
  show "kb add $base testdata/knowledge/documents"
  show "kb search $base --top 2 \
    \"how long may goods be returned\" \"保修期多长\" \"返品\" \"Kündigungsfrist\""
else
  echo 'This is the quick build of the command, without knowledge bases. To see one: make build demo'
fi
