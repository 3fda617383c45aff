# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What a fresh Debian 12 needs. Each set is installed only when something of it is missing; nothing is ever removed.

kNodeLeast=20.19.0   # vite 8 asks for it (web/package.json, engines)
kNodePackage=22.23.3 # npm's node-linux-* package, where the machine's own Node is older

PackagesOf() {
  case $1 in
    build)
      echo g++ cmake ninja-build pkg-config ca-certificates libsimdjson-dev libsqlite3-dev libssl-dev libargon2-dev libfmt-dev \
      libpq-dev libcli11-dev libxxhash-dev zlib1g-dev libzip-dev libpugixml-dev libxlsxwriter-dev libqrencode-dev libicu-dev libeigen3-dev liblemon-dev ;;
    # python3: one test adds the register's money with a reader of its own, one runs docs/verify-without-us.md. golang: one
    # test reads a published log with golang.org/x/mod/sumdb. postgresql-15: its server's binaries; the tests start a private
    # server and touch no cluster of the machine. strace: one test lets each system call of the binary fail once. openssl: what it
    # signs with SM2 we verify, and the other way round. gnumeric: ssconvert, for the .xls tables of a statistical office.
    # poppler-utils, poppler-data, zbar-tools: papers are rendered, their attachments taken out and their QR codes read by others.
    test) echo postgresql-15 libgtest-dev libgmock-dev clang-format python3-minimal libpython3-stdlib python3-cryptography openssl curl chromium \
      fonts-noto-cjk golang-go golang-golang-x-mod-dev strace gnumeric poppler-utils poppler-data zbar-tools ;;
    bench) echo wrk python3-igraph python3-networkx ;;
    *) die "no such set of packages: $1 (build, test, bench)" ;;
  esac
}

IsInstalled() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

Missing() {
  local package known
  # dpkg-query fails when it has never heard of one of them; those are missing like the others.
  known=" $({ dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true; } | awk '$1 == "installed" {printf "%s ", $2}')"
  for package in "$@"; do
    if [[ $known != *" $package "* ]]; then printf '%s ' "$package"; fi
  done
}

AptRefresh() {
  if [ -n "${apt_refreshed:-}" ]; then return; fi
  say "apt-get update"
  Quietly AsRoot apt-get -q update || die "apt-get update failed: is the network there?"
  apt_refreshed=1
}

AsRoot() {
  if [ "$(id -u)" -eq 0 ]; then env DEBIAN_FRONTEND=noninteractive "$@"; else sudo -n env DEBIAN_FRONTEND=noninteractive "$@"; fi
}

# Installs packages, or says what a person with the rights must type and exits 3.
AptInstall() {
  local line="apt-get install --no-remove --no-install-recommends -y $*"
  command -v apt-get >/dev/null || { say "this machine has no apt-get; Landfall is built on Debian 12. It needs: $*" >&2; exit 3; }
  if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
    say "packages are missing and this account may not install them. Type, then try again:" >&2
    printf '\n  sudo apt-get update && sudo %s\n\n' "$line" >&2
    exit 3
  fi
  AptRefresh
  say "$line"
  # shellcheck disable=SC2086
  Quietly AsRoot $line || { say "apt refused (nothing was removed). The line was: $line" >&2; exit 3; }
}

# Boost 1.81's headers; 1.74's -dev packages conflict with them, so where those stand 1.81 is unpacked into .deps/ instead.
SetupBoost() {
  if IsInstalled libboost1.81-dev || [ -f .deps/boost/usr/include/boost/version.hpp ]; then return; fi
  if ! IsInstalled libboost1.74-dev; then AptInstall libboost1.81-dev; return; fi
  say "Boost 1.74's headers stay; 1.81's are unpacked into .deps/boost"
  UnpackBoost .deps/boost
}

UnpackBoost() {
  local target=$1 folder
  folder=$(mktemp -d)
  if ! (cd "$folder" && Quietly apt-get -q download libboost1.81-dev); then
    if [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; then AptRefresh; fi
    (cd "$folder" && Quietly apt-get -q download libboost1.81-dev) || { say "apt-get download libboost1.81-dev failed" >&2; exit 3; }
  fi
  rm -rf "$target.new"
  mkdir -p "$target.new"
  dpkg-deb -x "$folder"/libboost1.81-dev_*.deb "$target.new"
  mv "$target.new" "$target"
  rm -rf "$folder"
}

IsAtLeast() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# Chromium without its windows makes the browser suite twice as fast; where it cannot be had the suite uses Chromium itself.
SetupHeadlessShell() {
  if IsInstalled chromium-headless-shell; then return; fi
  # Chromium is named too, since both must be of one version.
  (AptInstall chromium chromium-headless-shell) || say "the browser suite runs without chromium-headless-shell"
}

# npm, and a Node that is new enough for the web build; the machine's own are used where they will do.
SetupNode() {
  local own
  own=$(node --version 2>/dev/null || echo v0)
  command -v npm >/dev/null || AptInstall npm
  if IsAtLeast "${own#v}" "$kNodeLeast"; then return; fi
  local arch
  case $(uname -m) in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *) say "Node ${own#v} is older than $kNodeLeast and npm has no node package for $(uname -m)" >&2; exit 3 ;;
  esac
  local folder="$PWD/.deps/node"
  if [ ! -x "$folder/node_modules/node-linux-$arch/bin/node" ]; then
    say "Node ${own#v} is older than $kNodeLeast: npm's node-linux-$arch $kNodePackage goes to .deps/node"
    mkdir -p "$folder"
    Quietly npm install --prefix "$folder" --no-save --no-audit --no-fund "node-linux-$arch@$kNodePackage" ||
      { say "npm could not fetch node-linux-$arch@$kNodePackage" >&2; exit 3; }
  fi
  PATH="$folder/node_modules/node-linux-$arch/bin:$PATH"
}

Setup() {
  local missing
  # shellcheck disable=SC2046
  missing=$(Missing $(PackagesOf "$1"))
  # shellcheck disable=SC2086
  if [ -n "$missing" ]; then AptInstall $missing; fi
  if [ "$1" = build ]; then SetupBoost; SetupNode; fi
  if [ "$1" = test ]; then SetupHeadlessShell; fi
  say "packages for $1 are there"
}
