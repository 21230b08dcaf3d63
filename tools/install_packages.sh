#!/usr/bin/env bash
# Installs the system packages that the tests use, where they are missing.
set -euo pipefail

missing=()
ldconfig -p | grep -q 'libopenblas\.so\.0' || missing+=(libopenblas-dev)
command -v qemu-x86_64 >/dev/null || [ "$(uname -m)" != x86_64 ] || missing+=(qemu-user)
command -v openssl >/dev/null || missing+=(openssl) # certificates for the tests of TLS
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "install_packages: please install ${missing[*]} (this system has no apt-get)" >&2
  exit 1
fi
sudo=()
if [ "$(id -u)" -ne 0 ]; then sudo=(sudo); fi
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
