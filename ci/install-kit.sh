#!/bin/sh
# ci/install-kit.sh PREFIX - builds the kit that this script belongs to and installs it below PREFIX. On GitHub the steps that
# follow find its program, its CMake package and its pkg-config file.
set -eu
prefix=${1:?PREFIX}
kit=$(cd "$(dirname "$0")/.." && pwd)
"$kit/tools/setup.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
    cmake -S "$kit" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DVPCI_STRICT=OFF &&
        cmake --build "$work/build" -j "$(nproc)" && cmake --install "$work/build" --prefix "$prefix"
} >"$work/log" 2>&1 || {
    tail -n 40 "$work/log"
    echo "the kit cannot be built here" >&2
    exit 3
}
"$prefix/bin/vpci-conform" --version
[ -z "${GITHUB_PATH:-}" ] || echo "$prefix/bin" >>"$GITHUB_PATH"
[ -z "${GITHUB_ENV:-}" ] || {
    echo "CMAKE_PREFIX_PATH=$prefix${CMAKE_PREFIX_PATH:+:$CMAKE_PREFIX_PATH}"
    echo "PKG_CONFIG_PATH=$prefix/share/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"
} >>"$GITHUB_ENV"
