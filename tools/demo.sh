#!/bin/sh
# What `make demo` shows: each command is printed before it runs, ready to be copied. Needs the release build.
set -eu
cd "$(dirname "$0")/.."

heading() { printf '\n%s\n' "$1"; }
show() {
  printf '\n$ %s\n' "$1"
  eval "$1"
}

heading 'What the model is.'
show '.build/release/touchstone inspect testdata/demo/demo-q4_k_m.gguf'

heading 'Text becomes tokens, tokens become a vector.'
show '.build/release/touchstone tokenize --pieces "The file was not found."'
show '.build/release/touchstone embed --format table "The file was not found." "ファイルが見つかりません" "Привет, мир"'
show '.build/release/touchstone embed --dimensions 32 "The file was not found."'

heading 'Three messages in several languages: those that mean the same are near each other.'
show '.build/release/touchstone similarity \
    "File not found" "Datei nicht gefunden" "ファイルが見つかりません" \
    "The password is wrong" "Mot de passe incorrect" "密码错误" \
    "No space left on device" "Недостаточно места на диске"'

heading 'A search across languages: the words of query and answer need not be the same, nor their language.'
show '.build/release/touchstone search --corpus testdata/demo/corpus.txt --lines --top 4 \
    "wrong password" "the disk is full" "Der Drucker druckt nicht" "文件不存在"'
