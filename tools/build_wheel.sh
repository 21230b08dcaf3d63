#!/usr/bin/env bash
# build_wheel.sh: the wheel (library and command inside) and the source distribution, into python/dist. Needs a build
# (make) and the library (tools/build_library.sh). auditwheel must agree with the wheel's tag.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
native=$root/.build/static/wheel
tools/build_static.sh "$native/touchstone"
cp .build-library/lib/libtouchstone.so.1 "$native/"
if [ ! -x .venv-build/bin/auditwheel ]; then
  python3 -m venv .venv-build
  .venv-build/bin/pip install --quiet build hatchling auditwheel
fi
rm -rf python/dist
TOUCHSTONE_NATIVE=$native .venv-build/bin/python -m build --no-isolation --wheel --outdir python/dist python >/dev/null
.venv-build/bin/python -m build --no-isolation --sdist --outdir python/dist python >/dev/null
shown=$(.venv-build/bin/auditwheel show python/dist/*.whl)
case $shown in
*manylinux_2_34_x86_64*) ;;
*)
  echo "auditwheel does not call the wheel manylinux_2_34: $shown" >&2
  exit 1
  ;;
esac
ls -l python/dist
