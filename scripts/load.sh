#!/usr/bin/env bash
# Books at a sandbox as fast as it can: C1, C2, B and Order Status in turn, spread over many free opportunities.
# Needs wrk, curl and jq. Arguments: seconds, then flags of `oa-test sandbox` (such as --data FILE).
set -euo pipefail
cd "$(dirname "$0")/.."

seconds="${1:-5}"
shift || true
port=5099
seller=https://id.sandbox.example.org/sellers/1
cargo build --release --locked
folder=$(mktemp -d)
./target/release/oa-test sandbox --port "$port" --test-interface "$@" > "$folder/sandbox.txt" &
sandbox=$!
trap 'kill "$sandbox" 2>/dev/null || true; rm -rf "$folder"' EXIT
until curl --silent --fail --output /dev/null "http://127.0.0.1:$port/"; do :; done

for _ in $(seq 1 50); do
  curl --silent --fail "http://127.0.0.1:$port/api/openbooking/test-interface/datasets/load/opportunities" --json '{
    "@type": "OnDemandEvent", "organizer": { "@type": "Organization", "@id": "'"$seller"'" },
    "test:testOpportunityCriteria": "https://openactive.io/test-interface#TestOpportunityBookableFree",
    "test:testOpenBookingFlow": "https://openactive.io/test-interface#OpenBookingSimpleFlow"
  }' | jq --raw-output '."@id"'
done > "$folder/opportunities"

cat > "$folder/load.lua" <<LUA
local opportunities = {}
for line in io.lines("$folder/opportunities") do opportunities[#opportunities + 1] = line end
local headers = { ["X-OpenActive-Test-Client-Id"] = "booking-partner-1", ["X-OpenActive-Test-Seller-Id"] = "$seller" }
local round, turn = 0, 0
local function body(kind)
  local opportunity = opportunities[round % #opportunities + 1]
  return '{"@type":"' .. kind .. '","brokerRole":"https://openactive.io/AgentBroker","broker":{"@type":"Organization",'
    .. '"name":"Broker"},"seller":"$seller","customer":{"@type":"Person","email":"ada@example.com"},"orderedItem":[{'
    .. '"@type":"OrderItem","position":0,"orderedItem":"' .. opportunity .. '","acceptedOffer":"' .. opportunity
    .. '#/offers/0"}],"totalPaymentDue":{"@type":"PriceSpecification","price":0,"priceCurrency":"GBP"}}'
end
local turns = {
  function(uuid) return wrk.format("PUT", "/api/openbooking/order-quote-templates/" .. uuid, headers, body("OrderQuote")) end,
  function(uuid) return wrk.format("PUT", "/api/openbooking/order-quotes/" .. uuid, headers, body("OrderQuote")) end,
  function(uuid) return wrk.format("PUT", "/api/openbooking/orders/" .. uuid, headers, body("Order")) end,
  function(uuid) return wrk.format("GET", "/api/openbooking/orders/" .. uuid, headers) end,
}
function request()
  if turn == #turns then turn, round = 0, round + 1 end
  turn = turn + 1
  return turns[turn](string.format("00000000-0000-4000-8000-%012x", round))
end
local seen = {}
function response(status) seen[status] = (seen[status] or 0) + 1 end
function done(summary, latency)
  print(string.format("%.0f requests a second, half within %.2f ms, 99%% within %.2f ms",
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
LUA
wrk --threads 1 --connections 16 --duration "${seconds}s" --script "$folder/load.lua" "http://127.0.0.1:$port"
awk '/VmRSS|VmHWM/ { print }' "/proc/$sandbox/status"
