# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The web build, the CMake builds, formatting and benches.

# web/node_modules as package-lock.json says; npm dates its own copy of the lock when it is done.
NpmInstall() {
  if [ web/node_modules/.package-lock.json -nt web/package-lock.json ]; then return; fi
  say "npm ci"
  (cd web && Quietly Bounded npm ci --no-audit --no-fund) || die "npm ci failed: is the network there?"
}

# web/dist, built again only when what it is made of has changed.
BuildWeb() {
  local digest stamp=build/stamps/web
  NpmInstall
  digest=$(DigestOf web/src web/public web/scripts web/index.html web/package.json web/package-lock.json web/tsconfig.json \
    web/vite.config.ts)
  if [ -f web/dist/index.html ] && [ "$(cat $stamp 2>/dev/null)" = "$digest" ]; then return; fi
  say "web: tsc, vite, compression, weight budget"
  (cd web && Quietly Bounded npm run --silent build) || die "the web build failed"
  mkdir -p build/stamps
  echo "$digest" >$stamp
}

# CMakeBuild PRESET [TARGET…]: configures when needed, then compiles as much as compiles.
CMakeBuild() {
  local preset=$1
  shift
  if [ ! -f "build/$preset/build.ninja" ]; then
    say "configure $preset"
    Quietly Bounded cmake --preset "$preset" || return 1
  fi
  say "compile $preset (${*:-everything}) with $(Jobs) jobs"
  local targets=()
  if [ $# -gt 0 ]; then targets=(--target "$@"); fi
  Quietly Bounded cmake --build "build/$preset" -j "$(Jobs)" "${targets[@]}" -- -k 0
}

# BuildRelease [TARGET…]: landfall with the web UI in it, and what else is asked for.
BuildRelease() {
  BuildWeb
  CMakeBuild release landfall "$@" || die "the release build failed"
}

CppFiles() { find src demo tests bench -name '*.h' -o -name '*.cc' | LC_ALL=C sort; }

Format() {
  CppFiles | xargs clang-format -i
  NpmInstall
  (cd web && npm run --silent --if-present fmt)
  say "formatted"
}

Bench() {
  local name
  Setup build
  Setup bench
  CMakeBuild bench || die "the benches do not compile"
  if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046
    set -- $(find bench -name '*.cc' -printf '%f\n' | sed 's/\.cc$//' | LC_ALL=C sort)
  fi
  for name in "$@"; do
    say "bench $name"
    "build/bench/bench_$name"
  done
}
