#!/usr/bin/env bash
# Runs every feature against the sandbox with many seeds, in both modes and profiles. Stops at the first run that does not
# pass.
set -euo pipefail
cd "$(dirname "$0")/.."

count="${1:-20}"
cargo build --release --locked
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for seed in $(seq 1 "$count"); do
  for mode in --controlled --random; do
    for profile in strict compatible; do
      printf 'seed %s %s: ' "$seed" "$mode"
      ./target/release/oa-test run "$mode" --profile "$profile" --seed "$seed" --quiet --output "$folder" | tail -n 1
    done
  done
done
