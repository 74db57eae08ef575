#!/usr/bin/env bash
# Writes fixtures/citations.txt anew: what the findings of each fault cite, in so many runs. Lines that not every run cites get
# a tilde. Read every line that changes beside the specification before it is committed.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for run in $(seq "$runs"); do
  OA_TEST_NEW_CITATIONS="$folder/$run" cargo test --locked --test behaviour -- \
    selfcheck:: authentication::each citations::what coverage::what_is_recommended aftermath:: troubles::a_feed_that_only
  sort -u "$folder/$run" -o "$folder/$run"
done
export LC_ALL=C
cat "$folder"/* | sort | uniq -c | awk -v runs="$runs" '{
  count = $1
  sub(/^ *[0-9]+ /, "")
  print (count == runs ? "" : "~ ") $0
}' | sort -t ' ' -k 1,1 >"$folder/all"
awk '{ line = $0; sub(/^~ /, "", line); print line "\t" $0 }' "$folder/all" | sort | cut -f 2 >fixtures/citations.txt
