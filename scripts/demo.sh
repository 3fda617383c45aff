# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The demo ledger: for people, for the browser suite, for screenshots.

# MakeDemo BINARY LEDGER: a new ledger with the Melbourne register and one account per role. Made beside and moved into place
# when it is whole, so that an interrupted run leaves nothing half done. LEDGER.accounts.json tells tools the passwords.
MakeDemo() {
  local binary=$1 ledger=$2
  local fresh=$ledger.new
  rm -rf "$fresh" "$ledger"
  mkdir -p "$(dirname "$ledger")"
  "$binary" init "$fresh" --jurisdiction AU-MW --name "Melbourne Water 资本项目登记册（CC0 公开数据）" --currency AUD \
    --utc-offset +10:00 >/dev/null
  "$binary" import "$fresh" projects catalog/demo/melbourne/register.csv --mapping catalog/demo/melbourne/mapping.json
  (umask 077 && "$binary" demo-accounts "$fresh" --out "$ledger.accounts.json" >"$ledger.accounts.txt")
  mv "$fresh" "$ledger"
}

Demo() {
  local binary=build/release/landfall ledger=.demo/melbourne
  case ${1:-} in
    '') ;;
    --reset) rm -rf $ledger ;;
    *) die "usage: ./dev demo [--reset]" ;;
  esac
  Setup build
  BuildRelease
  if [ -d $ledger ]; then
    say "$ledger stands from an earlier run; ./dev demo --reset begins anew"
  else
    say "making $ledger from catalog/demo/melbourne (445 projects)"
    MakeDemo $binary $ledger
  fi
  local address
  address=127.0.0.1:$(FreePort 8080)
  say "accounts (login, password, role):"
  cat $ledger.accounts.txt
  say "open http://$address  ·  Ctrl-C stops"
  exec $binary serve $ledger --listen "$address"
}

# WithDemo BINARY LEDGER COMMAND…: a fresh demo ledger, served while the command runs with $LANDFALL_URL and
# $LANDFALL_ACCOUNTS ({"office": {"login", "password"}, …}); then the server is asked to stop and the ledger verified. Fails when any of it does.
WithDemo() {
  local binary=$1 ledger=$2 status=0 server address accounts
  shift 2
  MakeDemo "$binary" "$ledger"
  address=127.0.0.1:$(FreePort 8180)
  "$binary" serve "$ledger" --listen "$address" &
  server=$!
  for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/${address/://}") 2>/dev/null || ! kill -0 "$server" 2>/dev/null; then break; fi
    sleep 0.1
  done
  accounts=$(node -p 'JSON.stringify(Object.fromEntries(JSON.parse(fs.readFileSync(process.argv[1])).map((a) => [a.login, a])))' \
    "$ledger.accounts.json")
  LANDFALL_URL=http://$address LANDFALL_ACCOUNTS=$accounts "$@" || status=$?
  if ! kill -TERM "$server" || ! wait "$server"; then echo "the server did not stop well"; status=1; fi
  "$binary" verify ledger "$ledger" || { echo "the served ledger does not verify"; status=1; }
  return $status
}

Screenshots() {
  Setup build
  Setup test
  BuildRelease
  mkdir -p docs/screenshots
  WithDemo build/release/landfall .demo/screenshots node scripts/screenshots.mjs || die "screenshots failed"
  say "docs/screenshots is up to date"
}
