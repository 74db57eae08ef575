//! Opportunity feeds: `GET feeds/{feed}`.

use super::*;

#[test]
fn opportunities_come_go_and_change_by_themselves_where_that_is_wanted() {
    let client = Client::furnished(SandboxOptions { churn: 2000, ..SandboxOptions::default() });
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    client.put("orders", 1, &pair, 1);
    let last: u64 = pair.0.split('/').nth(4).unwrap().parse().unwrap();
    let (mut renamed, mut removed, mut added) = (false, false, false);
    let mut url = "/feeds/events".to_owned();
    let begun = std::time::Instant::now();
    // The end of the feed is asked again and again, as a real reader of it does.
    while !(renamed && removed && added) {
        assert!(begun.elapsed().as_secs() < 60, "renamed {renamed}, removed {removed}, added {added}");
        let page = client.request("GET", &url, None, false).body;
        for item in page["items"].as_array().unwrap() {
            removed |= item["state"] == "deleted";
            renamed |= item["data"]["name"].as_str().is_some_and(|name| name.contains("(new name"));
            added |= item["id"].as_str().unwrap().parse::<u64>().unwrap() > last;
        }
        url = page["next"].as_str().unwrap().split_once("/feeds").map(|(_, rest)| format!("/feeds{rest}")).unwrap();
    }
    assert!(client.published(&pair.0).is_some(), "what was made for a test is left alone");
}

#[test]
fn feeds_are_ordered_and_end_with_an_empty_page() {
    let client = Client::furnished(SandboxOptions { page_size: 7, ..SandboxOptions::default() });
    for (feed, parameter) in [
        ("session-series", "afterTimestamp"),
        ("scheduled-sessions", "afterTimestamp"),
        ("facility-uses", "afterTimestamp"),
        ("individual-facility-uses", "afterTimestamp"),
        ("facility-use-slots", "afterChangeNumber"),
        ("individual-facility-use-slots", "afterChangeNumber"),
    ] {
        let mut url = format!("/feeds/{feed}");
        let mut last = 0;
        let mut ids = std::collections::HashSet::new();
        loop {
            let page = client.request("GET", &url, None, false);
            assert_eq!(page.headers["content-type"], "application/vnd.openactive.rpde+json; version=1");
            let next = page.body["next"].as_str().unwrap();
            let next = &next[next.find("/feeds").unwrap()..];
            let items = page.body["items"].as_array().unwrap();
            if items.is_empty() {
                assert_eq!(next, url, "the last page leads to itself");
                break;
            }
            assert!(items.len() <= 7 && next.contains(parameter), "{next}");
            for item in items {
                let modified = item["modified"].as_i64().unwrap();
                assert!(modified > last, "{feed} goes backwards");
                last = modified;
                assert!(ids.insert(item["id"].as_str().unwrap().to_owned()), "{feed} shows an item twice");
            }
            url = next.to_owned();
        }
        assert!(ids.len() > 50, "{feed} has {} items", ids.len());
    }
}

#[test]
fn generated_opportunities_are_in_the_feeds_and_can_be_booked() {
    let client = Client::furnished(SandboxOptions { opportunities: 3000, ..SandboxOptions::default() });
    let walk = |path: &str| {
        let mut url = format!("/feeds/{path}");
        let mut items: Vec<Value> = Vec::new();
        loop {
            let page = client.request("GET", &url, None, false).body;
            let next = page["next"].as_str().unwrap();
            let more = page["items"].as_array().unwrap();
            if more.is_empty() {
                break items;
            }
            items.extend(more.iter().cloned());
            url = next[next.find("/feeds").unwrap()..].to_owned();
        }
    };
    let sessions = walk("scheduled-sessions");
    assert!(sessions.len() >= 1000, "{}", sessions.len());
    let series = walk("session-series");
    let now = jiff::Timestamp::now().to_string();
    let bookable = sessions.iter().find(|item| {
        let free = |series: &Value| {
            let offer = &series["data"]["offers"][0];
            let ours = series["data"]["organizer"]["@id"] == SELLER;
            let window = offer.get("validFromBeforeStartDate").is_some();
            ours && !window && offer["price"] == 0 && offer.get("openBookingFlowRequirement").is_none()
        };
        let parent = series.iter().find(|series| series["data"]["@id"] == item["data"]["superEvent"]);
        item["id"].as_str().unwrap().parse::<u64>().unwrap() <= 3000
            && item["data"]["remainingAttendeeCapacity"] == 10
            && item["data"]["startDate"].as_str() > Some(now.as_str())
            && parent.is_some_and(free)
    });
    let data = &bookable.unwrap()["data"];
    let id = data["@id"].as_str().unwrap().to_owned();
    let pair = (id.clone(), format!("{}#/offers/0", data["superEvent"].as_str().unwrap()));
    let c2 = client.put("order-quotes", 1, &pair, 2);
    assert_eq!(c2.status, 200, "{}", c2.body);
    let after = walk("scheduled-sessions");
    assert_eq!(after.len(), sessions.len(), "what changed moved, and is there once");
    assert_eq!(after.last().unwrap()["data"]["@id"], json!(id));
    assert_eq!(after.last().unwrap()["data"]["remainingAttendeeCapacity"], 8);
}

#[test]
fn feeds_are_compressed_for_those_who_ask() {
    let client = Client::plain();
    let url = format!("http://{}/feeds/session-series", client.sandbox.address());
    let encoding = client.runtime.block_on(async {
        // A client that decompressed what it gets would hide that it was compressed.
        let http = crate::support::http_client().no_gzip().build().unwrap();
        let response = http.get(url).header("accept-encoding", "gzip").send().await.unwrap();
        response.headers().get("content-encoding").map(|value| value.to_str().unwrap().to_owned())
    });
    assert_eq!(encoding.as_deref(), Some("gzip"));
}
