# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The demo ledgers: for people, for the browser suite, for screenshots.

# The ledgers of ./dev demo, in the order in which the sign-in offers them. A further one is a name here, a title below and a
# function Make_NAME.
demo_ledgers=(melbourne city)
# The facts of five published reports may not be kept in this repository: where they lie beside it, each report is a ledger of its own,
# in which what was published is compared with the records, and nothing else is said of real places and enterprises.
demo_facts=${LANDFALL_TEST_DATA:-../shared/data}/seed-facts/seed_facts.json
declare -A place_of_report=([S000]="430702 湖南省常德市武陵区" [S001]="431100 湖南省永州市" [S002]="420607 湖北省襄阳市襄州区"
  [S003]="430203 湖南省株洲市芦淞区" [S004]="430212 湖南省株洲市渌口区")
[ -f "$demo_facts" ] && demo_ledgers+=(S000 S001 S002 S003 S004)
TitleOfDemo() {
  case $1 in
    S*) echo "$1: a published report of ${place_of_report[$1]#* }, its figures as claims" ;;
    melbourne) echo "Melbourne Water (CC0): a real register of 445 projects" ;;
    city) echo "岚川市: an invented city, 2,000 projects in three years (示例数据)" ;;
  esac
}

# Make_NAME BINARY FOLDER ACCOUNTS: makes one ledger in FOLDER, prints an account per role with its password, and writes them to
# ACCOUNTS as JSON for tools.
Make_melbourne() {
  "$1" init "$2" --jurisdiction AU-MW --name "Melbourne Water 资本项目登记册（CC0 公开数据）" --currency AUD --utc-offset +10:00 >/dev/null
  "$1" import "$2" projects catalog/demo/melbourne/register.csv --mapping catalog/demo/melbourne/mapping.json >&2
  "$1" demo-accounts "$2" --out "$3"
}
Make_city() { "$(dirname "$1")/landfall-city" "$2" --out "$3" --truth "${3%.accounts.json}.truth.json"; }

Make_report() { # REPORT BINARY FOLDER ACCOUNTS
  local place=${place_of_report[$1]}
  "$2" init "$3" --jurisdiction "${place%% *}" --name "${place#* } 公开报道（复原）" >/dev/null
  "$2" import "$3" seed-facts "$demo_facts" --report "$1" >&2
  "$2" demo-accounts "$3" --out "$4"
}

# MakeLedger NAME BINARY LEDGER: made beside and moved into place when it is whole, so that an interrupted run leaves nothing half
# done. LEDGER.accounts.txt is for people, LEDGER.accounts.json for tools.
MakeLedger() {
  local name=$1 binary=$2 ledger=$3
  local fresh=$ledger.new
  rm -rf "$fresh" "$ledger"
  mkdir -p "$(dirname "$ledger")"
  local make=("Make_$name")
  [ -z "${place_of_report[$name]:-}" ] || make=(Make_report "$name")
  (umask 077 && "${make[@]}" "$binary" "$fresh" "$ledger.accounts.json" >"$ledger.accounts.txt")
  mv "$fresh" "$ledger"
}
MakeDemo() { MakeLedger melbourne "$@"; }

Demo() {
  local binary=build/release/landfall name folders=()
  case ${1:-} in
    '') ;;
    --reset) for name in "${demo_ledgers[@]}"; do rm -rf ".demo/$name"; done ;;
    *) die "usage: ./dev demo [--reset]" ;;
  esac
  Setup build
  BuildRelease landfall-city
  for name in "${demo_ledgers[@]}"; do
    folders+=(".demo/$name")
    if [ -d ".demo/$name" ]; then
      say ".demo/$name stands from an earlier run; ./dev demo --reset begins anew"
    else
      say "making .demo/$name"
      MakeLedger "$name" $binary ".demo/$name"
    fi
  done
  local address
  address=127.0.0.1:$(FreePort 8080)
  for name in "${demo_ledgers[@]}"; do
    say "$(TitleOfDemo "$name"); accounts (login, password, role):"
    cat ".demo/$name.accounts.txt"
  done
  say "open http://$address and choose a ledger  ·  Ctrl-C stops"
  exec $binary serve "${folders[@]}" --listen "$address"
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
