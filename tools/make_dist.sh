#!/usr/bin/env bash
# make_dist.sh: touchstone-VERSION-linux-x86_64.tar.gz and a .deb, with checksums and a bill of materials, into dist/.
# Inside: the command with Swift's runtime linked in, the demonstration model, completions, a man page, licences. Needs a
# build (make). Same sources, same bytes: times and owners of files are fixed. RELEASE_URL, the address that the files
# will have, adds a Homebrew formula.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
version=$(tools/version.sh)
name=touchstone-$version-linux-x86_64
stage=.build/static/stage
tree=$stage/$name
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
rm -rf "$stage" dist
mkdir -p "$tree" dist

tools/build_static.sh "$root/$tree/bin/touchstone"
command=$root/$tree/bin/touchstone
install -D -m 644 testdata/demo/demo-q4_k_m.gguf "$tree/share/touchstone/demo-q4_k_m.gguf"
install -D -m 644 testdata/demo/MODEL_CARD.md "$tree/share/touchstone/MODEL_CARD.md"
mkdir -p "$tree"/share/{bash-completion/completions,zsh/site-functions,fish/vendor_completions.d,man/man1}
"$command" --generate-completion-script bash >"$tree/share/bash-completion/completions/touchstone"
"$command" --generate-completion-script zsh >"$tree/share/zsh/site-functions/_touchstone"
"$command" --generate-completion-script fish >"$tree/share/fish/vendor_completions.d/touchstone.fish"
python3 tools/make_man.py "$command" | gzip -9n >"$tree/share/man/man1/touchstone.1.gz"

documents=$tree/share/doc/touchstone
mkdir -p "$documents"
cp README.md LICENSE "$documents/"
swift_version=$(${SWIFT:-swift} --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p')
swift_license=$(dirname "$(dirname "$(readlink -f "$(command -v "${SWIFT:-swift}")")")")/share/swift/LICENSE.txt
{
  echo "What is linked into this program, with the licences of each."
  printf '\n======== Swift: standard library, runtime, libdispatch, Foundation, ICU ========\n\n'
  cat "$swift_license"
  for folder in .build/checkouts/*/; do
    package=$(basename "$folder")
    case $package in swift-docc-*) continue ;; esac
    find "$folder" -maxdepth 1 -iname 'license*' -o -maxdepth 1 -iname 'notice*' | LC_ALL=C sort | while read -r file; do
      printf '\n======== %s: %s ========\n\n' "$package" "$(basename "$file")"
      cat "$file"
    done
  done
} >"$documents/THIRD-PARTY.txt"
python3 tools/make_sbom.py "$version" "$swift_version" <Package.resolved >"$documents/touchstone.cdx.json"
cp "$documents/touchstone.cdx.json" "dist/$name.cdx.json"

chmod -R u=rwX,go=rX "$tree"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$stage" -cf - "$name" \
  | gzip -9n >"dist/$name.tar.gz"

# The same tree under /usr, for Debian and Ubuntu.
package=$stage/deb
mkdir -p "$package/DEBIAN" "$package/usr"
cp -r "$tree/bin" "$tree/share" "$package/usr/"
mkdir -p "$package/usr/share/zsh/vendor-completions"
mv "$package/usr/share/zsh/site-functions/_touchstone" "$package/usr/share/zsh/vendor-completions/"
rmdir "$package/usr/share/zsh/site-functions"
cp LICENSE "$package/usr/share/doc/touchstone/copyright"
cat >"$package/DEBIAN/control" <<CONTROL
Package: touchstone
Version: $version
Architecture: amd64
Maintainer: Touchstone <touchstone@localhost>
Installed-Size: $(du -sk "$package/usr" | cut -f1)
Depends: libc6 (>= 2.34), libgcc-s1
Section: science
Priority: optional
Description: text embeddings with Qwen3-Embedding on CPUs
 Turns text into vectors from GGUF files, with the same bits on every
 processor: a command, a service that speaks the APIs of OpenAI, Ollama,
 text-embeddings-inference and llama.cpp, and a judge of other engines' vectors.
CONTROL
chmod -R u=rwX,go=rX "$package"
dpkg-deb --root-owner-group --build "$package" "dist/touchstone_${version}_amd64.deb" >/dev/null

# Where the files will lie decides whether there can be a formula: https://…/releases/download/v0.1.0
if [ -n "${RELEASE_URL:-}" ]; then
  sum=$(sha256sum "dist/$name.tar.gz" | cut -d' ' -f1)
  sed -e "s|@URL@|$RELEASE_URL/$name.tar.gz|; s|@VERSION@|$version|; s|@SHA256@|$sum|; s|@HOMEPAGE@|${RELEASE_URL%/releases/*}|" \
    deploy/release/touchstone.rb >dist/touchstone.rb
fi
(cd dist && sha256sum -- * >SHA256SUMS)
ls -l dist
