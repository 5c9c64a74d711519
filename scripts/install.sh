#!/bin/sh
# Installs lang on Linux or macOS: sh install.sh [FOLDER]   (default: ~/.local/bin)
# Takes the executable from this script's folder, or from LANG_RELEASE_URL if that is set; checks its SHA-256 before it is put in place.
set -eu

folder=${1:-"$HOME/.local/bin"}
here=$(cd "$(dirname "$0")" && pwd)

case $(uname -s) in
  Linux) os=linux ;;
  Darwin) os=macos ;;
  *) echo "install: there is no lang for $(uname -s); on Windows run install.ps1" >&2; exit 1 ;;
esac
case $(uname -m) in
  x86_64 | amd64) architecture=x64 ;;
  aarch64 | arm64) architecture=arm64 ;;
  *) echo "install: there is no lang for $(uname -m)" >&2; exit 1 ;;
esac
# A shell under Rosetta says x86_64.
if [ "$os" = macos ] && [ "$(sysctl -n hw.optional.arm64 2>/dev/null || echo 0)" = 1 ]; then architecture=arm64; fi
name=lang-$os-$architecture
# musl's loader stands where glibc's does not.
if [ "$os" = linux ] && [ -z "$(ls /lib64/ld-linux-* /lib/ld-linux-* 2>/dev/null)" ] && [ -n "$(ls /lib/ld-musl-* 2>/dev/null)" ]; then name=$name-musl; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -n "${LANG_RELEASE_URL:-}" ]; then
  for file in "$name" SHA256SUMS; do
    if command -v curl >/dev/null 2>&1; then curl -fsSL "$LANG_RELEASE_URL/$file" -o "$work/$file"
    elif command -v wget >/dev/null 2>&1; then wget -q "$LANG_RELEASE_URL/$file" -O "$work/$file"
    else echo "install: neither curl nor wget is installed" >&2; exit 1; fi
  done
else
  for file in "$name" SHA256SUMS; do
    [ -f "$here/$file" ] || { echo "install: $here/$file is missing; set LANG_RELEASE_URL to download it" >&2; exit 1; }
    cp "$here/$file" "$work/$file"
  done
fi

wanted=$(awk -v name="$name" '$2 == name { print $1 }' "$work/SHA256SUMS")
if command -v sha256sum >/dev/null 2>&1; then found=$(sha256sum "$work/$name" | cut -d ' ' -f 1)
else found=$(shasum -a 256 "$work/$name" | cut -d ' ' -f 1); fi
if [ -z "$wanted" ] || [ "$wanted" != "$found" ]; then
  echo "install: $name is not what SHA256SUMS says; nothing was installed" >&2
  exit 1
fi

mkdir -p "$folder"
chmod 755 "$work/$name"
# Put in place in one step: a lang that is running keeps its own file.
mv "$work/$name" "$folder/lang.new" && mv "$folder/lang.new" "$folder/lang"
echo "installed $folder/lang"
# Bun's runtime for musl is linked with the C++ library, which Alpine brings only on demand.
case $name in
  *-musl) "$folder/lang" version >/dev/null 2>&1 || echo "it does not start here: it needs libstdc++ and libgcc (on Alpine: apk add libstdc++)" >&2 ;;
esac
case ":$PATH:" in
  *":$folder:"*) ;;
  *) echo "add $folder to PATH to call it as lang" ;;
esac
