# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./dev test: runs every suite, prints a line for each, and ends with one line that sums them up.
#
# Fast (always): layout, format, web, C++ at -O1, the API's contract, the browser. --all adds: the demo as a user starts it, the
# suites that know a long run, the C++ suites under address and undefined-behaviour sanitizers, the threaded ones under the
# thread sanitizer. --within bounds the whole run; a part of --all that does not fit is counted as skipped, never as passed.

passed=0 failed=0 skipped=0
results=build/results

Count() { # suite passed failed skipped seconds
  printf '[%4ds] %-28s %5d passed  %3d failed  %3d skipped  %4d s\n' "$SECONDS" "$1" "$2" "$3" "$4" "$5"
  passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
}

# A suite that gave no summary: it crashed, hung or could not be built.
Broken() { # suite seconds why
  if [ "$part_is_optional" = yes ] && OutOfTime; then
    say "$1 did not fit into the time given"
    Count "$1" 0 0 1 "$2"
  else
    say "$1 $3"
    Count "$1" 0 1 0 "$2"
  fi
}

# Runs a command whose last line is "N passed, N failed, N skipped".
RunCounting() { # suite command…
  local suite=$1 began=$SECONDS log status=0 line
  shift
  log=$results/${suite//[ :\/]/_}.log
  Bounded "$@" >"$log" 2>&1 || status=$?
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1) || true
  if ! [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    tail -n 40 "$log"
    Broken "$suite" $((SECONDS - began)) "gave no summary (exit code $status)"
    return
  fi
  local p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]} s=${BASH_REMATCH[3]}
  if [ "$f" -gt 0 ] || [ "$s" -gt 0 ] || [ "$status" -ne 0 ]; then tail -n 60 "$log"; fi
  if [ "$f" -eq 0 ] && [ "$status" -ne 0 ]; then f=1; fi
  Count "$suite" "$p" "$f" "$s" $((SECONDS - began))
}

# Runs a command that counts as one test: exit code 0 passes.
RunOne() { # suite command…
  local suite=$1 began=$SECONDS log status=0
  shift
  log=$results/${suite//[ :\/]/_}.log
  Bounded "$@" >"$log" 2>&1 || status=$?
  if [ "$status" -eq 0 ]; then Count "$suite" 1 0 0 $((SECONDS - began)); return; fi
  tail -n 40 "$log"
  Broken "$suite" $((SECONDS - began)) "failed (exit code $status)"
}

NumberAfter() { sed -nE "s/^\[  $1 *\] ([0-9]+) tests?.*/\1/p" "$2" | tail -n 1; }

# One test program; how it ended goes beside its log.
RunSuite() { # log binary
  local began=$SECONDS status=0
  Bounded "$2" --gtest_brief=0 >"$1" 2>&1 || status=$?
  echo "$status $((SECONDS - began))" >"$1.ended"
}

CountSuite() { # suite log
  local status seconds p f s log=$2
  read -r status seconds <"$log.ended"
  p=$(NumberAfter PASSED "$log") f=$(NumberAfter FAILED "$log") s=$(NumberAfter SKIPPED "$log")
  if [ -z "$p" ] || { [ "$status" -ne 0 ] && [ -z "$f" ]; }; then
    tail -n 40 "$log"
    Broken "$1" "$seconds" "ended without a summary (exit code $status)"
    return
  fi
  if [ -n "$f" ]; then grep -vE '^\[( RUN|       OK|-----)' "$log" | tail -n 80; fi
  if [ -n "$s" ]; then grep -F 'SKIPPED LOUDLY' "$log" || grep -F '[  SKIPPED ]' "$log"; fi
  Count "$1" "$p" "${f:-0}" "${s:-0}" "$seconds"
}

CppSuites() { find tests -mindepth 2 -maxdepth 2 -name '*_test.cc' -printf '%h\n' | sed 's,tests/,,' | LC_ALL=C sort -u; }

# RunCpp PRESET LABEL FOLDER…: builds these folders' test programs and runs them, as many at once as there are cores.
RunCpp() {
  local preset=$1 label=$2 folder targets=() began=$SECONDS all_compile=yes log
  shift 2
  for folder in "$@"; do targets+=("landfall_${folder}_test"); done
  if ! CMakeBuild "$preset" "${targets[@]}"; then
    if OutOfTime; then Broken "$label: compile" $((SECONDS - began)) "was cut off"; return; fi
    say "not everything compiles; the suites that do are run"
    all_compile=no
  fi
  for folder in "$@"; do
    log=$results/${label//[ :\/]/_}__$folder.log
    rm -f "$log.ended"
    if [ $all_compile = no ] && ! Bounded cmake --build "build/$preset" --target "landfall_${folder}_test" >/dev/null 2>&1; then continue; fi
    while [ "$(jobs -rp | wc -l)" -ge "$(Jobs)" ]; do wait -n || true; done
    OutOfTime || RunSuite "$log" "build/$preset/landfall_${folder}_test" &
  done
  wait
  for folder in "$@"; do
    log=$results/${label//[ :\/]/_}__$folder.log
    if [ -f "$log.ended" ]; then CountSuite "$label: $folder" "$log"; else Broken "$label: $folder" 0 "did not compile or had no time left"; fi
  done
}

FormatIsRight() {
  local wrong
  wrong=$(CppFiles | xargs clang-format --dry-run 2>&1 | sed -nE 's/^([^:]+):[0-9]+:[0-9]+: warning: .*/\1/p' | sort -u)
  [ -n "$wrong" ] || return 0
  printf '%s\nthese files are not formatted: ./dev fmt\n' "$wrong"
  return 1
}

# What the binary says of its API is what the web's types were made from.
ContractHolds() {
  local said types status=0
  said=$(mktemp) types=$(mktemp --suffix=.d.ts)
  build/dev/landfall openapi >"$said"
  cmp "$said" web/openapi.json || { echo "web/openapi.json is old: build/dev/landfall openapi >web/openapi.json"; status=1; }
  (cd web && npx --no-install openapi-typescript openapi.json -o "$types" >/dev/null)
  cmp "$types" web/src/api/schema.d.ts || { echo "web/src/api/schema.d.ts is old: (cd web && npm run types)"; status=1; }
  rm -f "$said" "$types"
  return $status
}

WebUnitTests() {
  local json=$PWD/$results/vitest.json
  rm -f "$json"
  (cd web && npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="$json") || true
  node -e 'const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    const broken = r.testResults.filter((f) => f.status === "failed" && f.assertionResults.length === 0).length;
    console.log(`${r.numPassedTests} passed, ${r.numFailedTests + broken} failed, ${r.numPendingTests + r.numTodoTests} skipped`);' "$json"
}

# The demo as a new user starts it.
DemoStarts() {
  WithDemo build/release/landfall .demo/smoke bash -c 'curl -fsS "$LANDFALL_URL/healthz" && curl -fsS "$LANDFALL_URL/" | grep -q "<script"'
}

TestFast() {
  RunCounting layout node tests/layout/check.mjs
  RunOne "format: C++" ./dev part FormatIsRight
  NpmInstall
  RunOne "web: types" npm --prefix web run --silent check
  RunOne "web: format" npm --prefix web run --silent --if-present fmt:check
  RunCounting "web: unit" ./dev part WebUnitTests
  BuildWeb
  # The browser suite needs a binary with the UI in it; this spares the fast run a second build of everything.
  Quietly Bounded cmake --preset dev -DLANDFALL_WEB=ON
  # shellcheck disable=SC2046
  RunCpp dev "C++" $(CppSuites)
  if CMakeBuild dev landfall landfall-city; then
    RunOne "contract: openapi" ./dev part ContractHolds
    RunCounting "browser" node web/e2e/run.mjs build/dev/landfall
  else
    Broken "contract and browser" 0 "have no binary"
  fi
}

# The folders whose tests do more when LANDFALL_TEST_ALL is set.
LongSuites() {
  local folder
  for folder in $(CppSuites); do
    if grep -rqE 'TestAll\(\)' "tests/$folder"; then echo "$folder"; fi
  done
}

TestLong() {
  part_is_optional=yes
  local began=$SECONDS
  if (BuildRelease); then
    RunOne "demo: starts" ./dev part DemoStarts
  else
    Broken "demo: starts" $((SECONDS - began)) "has no release build"
  fi
  # shellcheck disable=SC2046
  LANDFALL_TEST_ALL=1 RunCpp dev "long" $(LongSuites)
  LANDFALL_TEST_ALL=1 RunCounting "long: browser" node web/e2e/run.mjs build/dev/landfall e2e/loaded-city.spec.ts
  # shellcheck disable=SC2046
  ASAN_OPTIONS=detect_leaks=1 LSAN_OPTIONS=suppressions=$root/tests/support/lsan.supp:print_suppressions=0 \
    UBSAN_OPTIONS=print_stacktrace=1 RunCpp asan "ASan+UBSan" $(CppSuites)
  # shellcheck disable=SC2046
  TSAN_OPTIONS=halt_on_error=1 RunCpp tsan "TSan" $(CppSuites | grep -xE 'app|server')
}

# The last line, whatever happened before it.
Conclude() {
  if [ "${finished:-no}" = no ]; then
    say "the run broke off"
    failed=$((failed + 1))
  fi
  echo "$passed passed, $failed failed, $skipped skipped"
  if [ "$failed" -gt 0 ]; then exit 1; fi
}

Test() {
  local all=no within=400
  while [ $# -gt 0 ]; do
    case $1 in
      --all) all=yes ;;
      --within) within=$2; shift ;;
      *) die "usage: ./dev test [--all] [--within MINUTES]" ;;
    esac
    shift
  done
  export LANDFALL_TEST_DATA=${LANDFALL_TEST_DATA:-$root/../shared/data}
  mkdir -p $results
  part_is_optional=no
  deadline=$((within * 60))
  Setup build
  Setup test
  trap Conclude EXIT
  TestFast
  if [ $all = yes ]; then TestLong; fi
  finished=yes
}
