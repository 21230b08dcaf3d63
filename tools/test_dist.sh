#!/usr/bin/env bash
# test_dist.sh ROOT: what `make dist` made runs in ROOT, the folder of a Debian system without Swift (debootstrap), from
# the tarball and as a package, with the bits that the command here gives. As root.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
bare=$1
cd "$root"
(cd dist && sha256sum --check --quiet SHA256SUMS)
if chroot "$bare" sh -c 'command -v swift' >/dev/null; then
  echo "$bare has Swift: this would show nothing" >&2
  exit 1
fi
# A program finds its arguments in /proc, which a bare folder has not. In a namespace of this script's own.
if [ ! -e "$bare/proc/self" ]; then
  # shellcheck disable=SC2016
  exec unshare --mount sh -c 'mount -t proc proc "$1/proc" && exec "$2" "$1"' - "$bare" "$root/tools/test_dist.sh"
fi
rm -rf "$bare/opt/dist"
mkdir -p "$bare/opt/dist"
cp dist/* "$bare/opt/dist/"
text="The file was not found."
commands=(.build/static/stage/*/bin/touchstone)
expected=$("${commands[0]}" embed --model testdata/demo/demo-q4_k_m.gguf "$text")

chroot "$bare" sh -c 'cd /opt/dist && tar xzf touchstone-*.tar.gz'
unpacked=$(chroot "$bare" sh -c 'ls -d /opt/dist/touchstone-*-linux-x86_64')
[ "$(chroot "$bare" "$unpacked/bin/touchstone" embed "$text")" = "$expected" ]
echo "dist: the tarball's command embeds, with the bits of this machine's"

chroot "$bare" sh -c 'dpkg -i /opt/dist/touchstone_*.deb' >/dev/null
[ "$(chroot "$bare" touchstone embed "$text")" = "$expected" ]
chroot "$bare" touchstone search --corpus /dev/stdin --lines --top 1 "wrong password" <testdata/demo/corpus.txt >/dev/null
chroot "$bare" bash -n /usr/share/bash-completion/completions/touchstone
chroot "$bare" sh -c 'zcat /usr/share/man/man1/touchstone.1.gz' | grep -q 'touchstone \\- '
says() { # PATTERN COMMAND...: the command, in the root, says something like it
  local said
  said=$(chroot "$bare" "${@:2}" 2>&1 || true)
  [[ $said =~ $1 ]] || { echo "'${*:2}' in $bare says: $said" >&2; return 1; }
}
says $'\ncommit: [0-9a-f]{12}' touchstone --version
# The HTTP client is in it: without a network it says so, and which model it was about.
says '0.6B-Q8_0: huggingface.co cannot be reached' touchstone pull 0.6B
says 'touchstone pull NAME' touchstone models
chroot "$bare" dpkg -r touchstone >/dev/null
echo "dist: the package installs, embeds and is removed"
