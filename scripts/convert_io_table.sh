#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One sheet of an Excel file of a statistical office, as CSV with all digits, for `landfall chain io`.
#
#   scripts/convert_io_table.sh cn-2007.xls 0101 cn-2007-42.csv        42 sectors
#   scripts/convert_io_table.sh cn-2007.xls 0401 cn-2007-135.csv       135 sectors
#   scripts/convert_io_table.sh cn-2005-42.xls                         lists the sheets
#
# Needs ssconvert (Debian: apt-get install gnumeric). It writes figures as they are stored, not as the sheet shows them.
set -eu

if [ $# -ne 1 ] && [ $# -ne 3 ]; then
  echo "usage: $0 FILE.xls [SHEET OUT.csv]" >&2
  exit 2
fi
if ! command -v ssconvert > /dev/null; then
  echo "ssconvert is missing: apt-get install gnumeric" >&2
  exit 3
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# %s is the name of the sheet; its warnings about fonts say nothing about figures.
if ! ssconvert --export-file-per-sheet "$1" "$folder/%s.csv" > "$folder/log" 2>&1; then
  cat "$folder/log" >&2
  exit 2
fi
if [ $# -eq 1 ]; then
  for sheet in "$folder"/*.csv; do basename "$sheet" .csv; done
elif [ -f "$folder/$2.csv" ]; then
  mv "$folder/$2.csv" "$3"
else
  echo "there is no sheet $2 in $1; call with the file alone for a list" >&2
  exit 2
fi
