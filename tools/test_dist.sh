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
chroot "$bare" dpkg -r touchstone >/dev/null
echo "dist: the package installs, embeds and is removed"
