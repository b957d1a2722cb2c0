#!/bin/sh
# tools/setup.sh [fuzz|package|test] - installs the Debian packages that the build needs, or with "fuzz" those of the fuzz targets
# and their engines, too, with "package" those that make a Debian package, or with "test" all.
# Does nothing when all are there; as neither root nor sudoer it names what is missing in one line and fails.
set -eu
packages="gcc libc6-dev make cmake pkg-config libcjson-dev libssl-dev"
fuzz="g++ clang-19 libclang-rt-19-dev llvm-19 clang-14 libclang-rt-14-dev afl++ zip unzip binutils"
package="dpkg-dev file"
test="clang libclang-rt-14-dev clang-format libcmocka-dev python3 python3-jsonschema python3-nacl openssl libxml2-utils groff-base curl shellcheck yamllint python3-yaml cmark-gfm python3-junitparser nodejs chromium"
case ${1:-} in
fuzz) packages="$packages $fuzz" ;;
package) packages="$packages $package" ;;
test) packages="$packages $fuzz $package $test" ;;
esac

if [ "${1:-}" = test ] && ! command -v npm >/dev/null 2>&1; then
    packages="$packages npm" # some other nodejs brings its own
fi

missing=
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1 || ! sudo -n true 2>/dev/null; then
        echo "missing Debian packages, install them as root: apt-get install$missing" >&2
        exit 3
    fi
    as_root=sudo
fi
echo "installing$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # words on purpose
if ! { $as_root apt-get -o DPkg::Lock::Timeout=120 update &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends $missing; } \
    >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "cannot install$missing" >&2
    exit 3
fi
