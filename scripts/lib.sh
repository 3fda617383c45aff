# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What every part of ./dev uses: progress lines, hashes of sources, free ports.

# One progress line with the seconds since ./dev began.
say() { printf '[%4ds] %s\n' "$SECONDS" "$*"; }
die() { say "$*" >&2; exit 1; }

# How many compilers at once: a core each, and 2 GB of memory each, for the HTTP unit alone takes 1.5.
Jobs() {
  local by_memory
  by_memory=$(awk '/^MemTotal/ {print int($2 / 2000000)}' /proc/meminfo)
  local jobs=${LANDFALL_JOBS:-$(nproc)}
  if [ "$jobs" -gt "$by_memory" ]; then jobs=$by_memory; fi
  if [ "$jobs" -lt 1 ]; then jobs=1; fi
  echo "$jobs"
}

# A digest over names and bytes of all files below the paths given; paths that do not exist are left out.
DigestOf() {
  local path paths=()
  for path in "$@"; do if [ -e "$path" ]; then paths+=("$path"); fi; done
  find "${paths[@]}" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# The first port from $1 on that nobody listens on.
FreePort() {
  local port=$1
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  echo "$port"
}

# Runs a command quietly; its output is shown only when it fails.
Quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 || status=$?
  if [ "$status" -ne 0 ]; then tail -n 60 "$log" >&2; fi
  rm -f "$log"
  return "$status"
}

# Seconds of ./dev at which what now runs must be over; only ./dev test lowers it.
deadline=86400
OutOfTime() { [ "$SECONDS" -ge "$deadline" ]; }
Bounded() {
  local left=$((deadline - SECONDS))
  timeout --foreground --kill-after=20 "$((left > 1 ? left : 1))" "$@"
}
