//! Each rule with small pages, right and wrong.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{Earlier, FeedItem, FeedPage, IssueLevel, PageSeen, ROWS, Reading, judge_page, only_repeats};
use crate::checks::Made;
use crate::vocabulary::{BOOKING_MEDIA_TYPE, RPDE_MEDIA_TYPE, Stage};

const FEEDS: [Stage; 3] = [Stage::OpportunityFeed, Stage::OrdersFeed, Stage::ProposalsFeed];
const URL: &str = "https://example.com/feed";

#[derive(Deserialize)]
struct RawPage<'p> {
    #[serde(borrow)]
    next: Option<&'p RawValue>,
    #[serde(borrow)]
    items: Option<&'p RawValue>,
    #[serde(borrow)]
    license: Option<&'p RawValue>,
    #[serde(borrow, rename = "@context")]
    context: Option<&'p RawValue>,
}

#[derive(Deserialize)]
struct RawItem<'p> {
    #[serde(borrow)]
    state: Option<&'p RawValue>,
    #[serde(borrow)]
    kind: Option<&'p RawValue>,
    #[serde(borrow)]
    id: Option<&'p RawValue>,
    #[serde(borrow)]
    modified: Option<&'p RawValue>,
    #[serde(borrow)]
    data: Option<&'p RawValue>,
    #[serde(borrow, rename = "@type")]
    json_type: Option<&'p RawValue>,
}

/// A page as it comes: where it was read, its headers and its body.
#[derive(Clone)]
struct Sent {
    url: String,
    /// Where a redirect led.
    answered: Option<String>,
    content_type: Option<&'static str>,
    cache: Option<&'static str>,
    body: Value,
    /// A property that the page has twice, and one that each item has twice.
    twice: [Option<&'static str>; 2],
    /// Whether it starts with a byte order mark.
    marked: bool,
}

/// Reads a page as it was sent.
fn with_page(stage: Stage, sent: &Sent, see: impl FnOnce(&FeedPage<'_>)) {
    let text = sent.body.to_string();
    let raw: RawPage<'_> = serde_json::from_str(&text).unwrap();
    let list: Option<Vec<&RawValue>> = raw.items.and_then(|items| serde_json::from_str(items.get()).ok());
    let count = list.as_ref().map_or(0, Vec::len);
    let items: Option<Vec<FeedItem<'_>>> = list.map(|list| {
        let items = list.into_iter().filter_map(|raw| {
            let item: RawItem<'_> = serde_json::from_str(raw.get()).ok()?;
            let json_ld = item.json_type.map(|_| "@type");
            let item = FeedItem::new(stage, [item.state, item.kind, item.id, item.modified, item.data], sent.twice[1]);
            Some(FeedItem { json_ld, ..item })
        });
        items.collect()
    });
    see(&FeedPage {
        stage,
        url: &sent.url,
        answered: sent.answered.as_ref().unwrap_or(&sent.url),
        content_type: sent.content_type,
        cache_control: sent.cache,
        next: raw.next,
        license: raw.license,
        listed: raw.items,
        strange: count - items.as_ref().map_or(0, Vec::len),
        items,
        duplicate: sent.twice[0],
        marked: sent.marked,
        json_ld: raw.context.map(|_| "@context"),
    });
}

/// Judges pages one after the other: the identifiers of the rules that they break, with the level.
fn broken(stage: Stage, reading: Reading, pages: &[Sent]) -> Vec<(&'static str, IssueLevel)> {
    let mut earlier = Earlier::default();
    let mut found = Vec::new();
    for sent in pages {
        with_page(stage, sent, |page| {
            let breaches = judge_page(&PageSeen { page, earlier: &earlier, reading });
            for breach in &breaches {
                assert!(!breach.message.is_empty() && !breach.expected.is_empty(), "{breach:?}");
                assert!(breach.first.contains("https://"), "{breach:?}");
            }
            found.extend(breaches.into_iter().map(|breach| (breach.row.id, breach.level)));
            earlier.remember(page);
        });
    }
    found
}

fn item(id: &str, modified: i64) -> Value {
    json!({ "state": "updated", "kind": "Thing", "id": id, "modified": modified, "data": { "@type": "Thing" } })
}

fn timestamp(modified: i64, id: &str) -> String {
    format!("{URL}?afterTimestamp={modified}&afterId={id}")
}

/// A page of a feed, honest but for what is in it.
fn sent(stage: Stage, url: &str, next: &str, items: &[Value]) -> Sent {
    let open = stage == Stage::OpportunityFeed;
    let mut body = json!({ "next": next, "items": items });
    if open {
        body["license"] = json!("https://creativecommons.org/licenses/by/4.0/");
    }
    let cache = match (open, items.is_empty()) {
        (false, _) => "no-store",
        (true, true) => "public, max-age=1",
        (true, false) => "public, max-age=3600",
    };
    let content_type = Some(if open { RPDE_MEDIA_TYPE } else { BOOKING_MEDIA_TYPE });
    Sent {
        url: url.to_owned(),
        answered: None,
        content_type,
        cache: Some(cache),
        body,
        twice: [None; 2],
        marked: false,
    }
}

/// Two pages of items and the last page.
fn honest(stage: Stage) -> Vec<Sent> {
    let (second, last) = (timestamp(2, "b"), timestamp(4, "d"));
    let deleted = json!({ "state": "deleted", "kind": "Thing", "id": "c", "modified": 3 });
    vec![
        sent(stage, URL, &second, &[item("a", 1), item("b", 2)]),
        sent(stage, &second, &last, &[deleted, item("d", 4)]),
        sent(stage, &last, &last, &[]),
    ]
}

fn live(stage: Stage, pages: &[Sent]) -> Vec<(&'static str, IssueLevel)> {
    broken(stage, Reading::Live, pages)
}

/// The first page of a feed alone, with a change; in each kind of feed.
fn first_page(change: impl Fn(&mut Sent)) -> [Vec<(&'static str, IssueLevel)>; 3] {
    FEEDS.map(|stage| {
        let mut page = honest(stage).remove(0);
        change(&mut page);
        live(stage, &[page])
    })
}

/// The same in each kind of feed.
fn everywhere(rule: &'static str, level: IssueLevel) -> [Vec<(&'static str, IssueLevel)>; 3] {
    FEEDS.map(|_| vec![(rule, level)])
}

fn item_of(sent: &mut Sent, place: usize) -> &mut Value {
    &mut sent.body["items"][place]
}

fn without(value: &mut Value, name: &str) {
    value.as_object_mut().unwrap().remove(name).unwrap();
}

#[test]
fn honest_feeds_break_no_rule() {
    for stage in FEEDS {
        assert_eq!(live(stage, &honest(stage)), [], "{stage}");
    }
    // The last page, read again, and what comes after it.
    let stage = Stage::OrdersFeed;
    let (last, then) = (timestamp(4, "d"), timestamp(5, "a"));
    let mut pages = honest(stage);
    pages.push(sent(stage, &last, &last, &[]));
    pages.push(sent(stage, &last, &then, &[item("a", 5)]));
    pages.push(sent(stage, &then, &then, &[]));
    assert_eq!(live(stage, &pages), []);
}

#[test]
fn rows_have_the_rules_of_their_feeds() {
    for row in ROWS {
        assert!(row.stages.iter().all(|stage| FEEDS.contains(stage)), "{row}");
        assert!(matches!(row.made, Made::Page(_) | Made::ByWalk), "{row}");
    }
}

#[test]
fn a_page_has_the_media_type_of_its_feed() {
    let wrong = ("invalid_content_type", IssueLevel::Failure);
    for (content_type, expected) in [
        (Some("application/vnd.openactive.booking+json; version=1"), [vec![wrong], vec![], vec![]]),
        (Some("Application/vnd.openactive.booking+json;charset=utf-8;version=\"1\""), [vec![wrong], vec![], vec![]]),
        (Some("application/vnd.openactive.booking+json"), [vec![wrong], vec![wrong], vec![wrong]]),
        (Some("application/json"), [vec![], vec![wrong], vec![wrong]]),
        (Some("application/json; charset=utf-8"), [vec![], vec![wrong], vec![wrong]]),
        (Some("application/vnd.openactive.rpde+json; version=1"), [vec![], vec![wrong], vec![wrong]]),
        (Some("application/jsonp"), [vec![wrong], vec![wrong], vec![wrong]]),
        (None, [vec![wrong], vec![wrong], vec![wrong]]),
    ] {
        assert_eq!(first_page(|page| page.content_type = content_type), expected, "{content_type:?}");
    }
}

#[test]
fn caching_suits_the_page() {
    let (open, orders) =
        (("missing_cache_control", IssueLevel::Warning), ("excessive_cache_control", IssueLevel::Warning));
    for (cache, expected) in [
        (Some("public, max-age=3600"), [vec![], vec![orders], vec![orders]]),
        (Some("Public"), [vec![], vec![orders], vec![orders]]),
        (Some("public, max-age=60"), [vec![open], vec![orders], vec![orders]]),
        (Some("private, max-age=3600"), [vec![open], vec![], vec![]]),
        (Some("no-store"), [vec![open], vec![], vec![]]),
        (None, [vec![open], vec![], vec![]]),
    ] {
        assert_eq!(first_page(|page| page.cache = cache), expected, "{cache:?}");
    }
    let last = timestamp(4, "d");
    let mut page = sent(Stage::OpportunityFeed, &last, &last, &[]);
    for (cache, expected) in [("public, max-age=8", vec![]), ("public, max-age=9", vec![open])] {
        page.cache = Some(cache);
        assert_eq!(live(Stage::OpportunityFeed, std::slice::from_ref(&page)), expected, "{cache}");
    }
}

#[test]
fn pages_and_items_have_their_properties() {
    let missing = ("missing_required_field", IssueLevel::Failure);
    for name in ["next", "items"] {
        assert_eq!(first_page(|page| without(&mut page.body, name)), FEEDS.map(|_| vec![missing]), "{name}");
    }
    for name in ["state", "kind", "id"] {
        let found = first_page(|page| without(item_of(page, 0), name));
        assert_eq!(found, FEEDS.map(|_| vec![missing]), "{name}");
    }
    let found = first_page(|page| without(item_of(page, 0), "modified"));
    assert_eq!(found, FEEDS.map(|_| vec![missing]));
    let stage = Stage::OpportunityFeed;
    let mut page = honest(stage).remove(0);
    without(&mut page.body, "license");
    assert_eq!(live(stage, &[page]), [missing]);
}

#[test]
fn json_ld_stays_within_data() {
    let wrong = everywhere("json_ld_outside_data", IssueLevel::Failure);
    assert_eq!(first_page(|page| page.body["@context"] = json!("https://openactive.io/")), wrong);
    assert_eq!(first_page(|page| item_of(page, 0)["@type"] = json!("Thing")), wrong);
    assert_eq!(
        first_page(|page| item_of(page, 0)["data"]["@context"] = json!("https://openactive.io/")),
        FEEDS.map(|_| vec![])
    );
}

#[test]
fn a_page_only_repeats_where_every_item_is_known_as_it_is() {
    let stage = Stage::OpportunityFeed;
    let mut earlier = Earlier::default();
    let first = sent(stage, URL, &timestamp(2, "b"), &[item("a", 1), item("b", 2)]);
    with_page(stage, &first, |page| earlier.remember(page));
    let repeats = |items: &[Value]| {
        let mut again = false;
        with_page(stage, &sent(stage, URL, URL, items), |page| again = only_repeats(page, &earlier));
        again
    };
    assert!(repeats(&[item("b", 2)]) && repeats(&[item("a", 1), item("b", 2)]));
    assert!(!repeats(&[]) && !repeats(&[item("a", 3)]) && !repeats(&[item("a", 1), item("c", 3)]));
}

#[test]
fn a_license_of_an_orders_feed_is_not_judged() {
    let found = first_page(|page| page.body["license"] = json!(7));
    assert_eq!(found, [vec![("invalid_format", IssueLevel::Failure)], vec![], vec![]]);
}

#[test]
fn any_kind_of_an_item_will_do() {
    let found = first_page(|page| {
        item_of(page, 0)["kind"] = json!("OrderProposal");
        item_of(page, 1)["kind"] = json!("anything");
    });
    assert_eq!(found, FEEDS.map(|_| vec![]));
}

#[test]
fn modified_is_a_whole_number_or_text() {
    for (modified, rule, level) in [
        (json!("7"), "invalid_type", IssueLevel::Failure),
        (json!(1.5), "invalid_type", IssueLevel::Failure),
        (json!([1]), "invalid_type", IssueLevel::Failure),
        (json!("2030-01-01T00:00:00Z"), "invalid_type", IssueLevel::Suggestion),
    ] {
        let found = first_page(|page| {
            item_of(page, 0)["modified"] = modified.clone();
            item_of(page, 1)["modified"] = json!(8);
            page.body["next"] = json!(timestamp(8, "b"));
        });
        assert_eq!(found, everywhere(rule, level), "{modified}");
    }
    let large = (1_i64 << 53) + 1;
    let found = first_page(|page| {
        item_of(page, 1)["modified"] = json!(large);
        page.body["next"] = json!(timestamp(large, "b"));
    });
    assert_eq!(found, everywhere("modified_beyond_2_53", IssueLevel::Suggestion));
}

#[test]
fn values_have_their_form() {
    let wrong = || everywhere("invalid_format", IssueLevel::Failure);
    let bad_page = first_page(|page| page.body["items"] = json!({}));
    assert_eq!(bad_page, wrong());
    let bad_item = first_page(|page| page.body["items"][0] = json!("item"));
    assert_eq!(bad_item, wrong());
    for (name, value) in [
        ("id", json!(1.5)),
        ("kind", json!(7)),
        ("data", json!("text")),
        ("state", json!("changed")),
        ("state", json!(7)),
    ] {
        assert_eq!(first_page(|page| item_of(page, 0)[name] = value.clone()), wrong(), "{name}");
    }
    assert_eq!(first_page(|page| item_of(page, 0)["id"] = json!(12)), FEEDS.map(|_| vec![]));
}

#[test]
fn updated_items_have_data_and_deleted_ones_none() {
    let found = first_page(|page| without(item_of(page, 0), "data"));
    assert_eq!(found, everywhere("missing_data_in_updated_item", IssueLevel::Failure));
    let found = first_page(|page| item_of(page, 0)["state"] = json!("deleted"));
    assert_eq!(found, everywhere("unnecessary_data_in_deleted_item", IssueLevel::Failure));
    let found = first_page(|page| {
        item_of(page, 0)["state"] = json!("deleted");
        item_of(page, 0)["data"] = Value::Null;
    });
    assert_eq!(found, FEEDS.map(|_| vec![]));
}

#[test]
fn an_item_is_in_its_feed_once() {
    let found = first_page(|page| {
        item_of(page, 0)["id"] = json!("b");
    });
    assert_eq!(found, everywhere("no_duplicate_items", IssueLevel::Failure));
    for stage in FEEDS {
        let mut pages = honest(stage);
        item_of(&mut pages[1], 0)["id"] = json!("b");
        assert_eq!(live(stage, &pages), [], "it was updated: {stage}");
        item_of(&mut pages[1], 0)["modified"] = json!(2);
        assert_eq!(live(stage, &pages), [("no_duplicate_items", IssueLevel::Failure)], "{stage}");
    }
}

#[test]
fn an_orders_feed_may_have_its_own_strategy_and_orders_beside_their_proposals() {
    let pages = |stage| {
        let next = |page: u64| format!("{URL}?cursor={page}");
        vec![
            sent(stage, URL, &next(1), &[item("a", 1), item("b", 2)]),
            sent(stage, &next(1), &next(2), &[item("b", 2)]),
            sent(stage, &next(2), &next(2), &[]),
        ]
    };
    let strategy = ("unknown_ordering_strategy", IssueLevel::Failure);
    let twice = ("no_duplicate_items", IssueLevel::Failure);
    assert_eq!(live(Stage::OpportunityFeed, &pages(Stage::OpportunityFeed)), [strategy, twice, strategy]);
    assert_eq!(live(Stage::OrdersFeed, &pages(Stage::OrdersFeed)), []);
    let found = first_page(|page| {
        item_of(page, 0)["id"] = json!("b");
        item_of(page, 0)["kind"] = json!("OrderProposal");
    });
    assert_eq!(found, [vec![twice], vec![], vec![]]);
}

#[test]
fn items_are_in_the_order_of_modified_by_kind() {
    let wrong = ("items_out_of_order", IssueLevel::Failure);
    for stage in FEEDS {
        let mut pages = honest(stage);
        item_of(&mut pages[1], 0)["modified"] = json!(1);
        assert_eq!(live(stage, &pages), [wrong], "{stage}");
        item_of(&mut pages[1], 0)["kind"] = json!("Other");
        assert_eq!(live(stage, &pages), [], "{stage}");
    }
    let found = first_page(|page| {
        item_of(page, 0)["modified"] = json!(2);
        item_of(page, 1)["modified"] = json!(1);
        page.body["next"] = json!(timestamp(1, "b"));
    });
    assert_eq!(found, everywhere(wrong.0, wrong.1));
}

#[test]
fn next_is_an_absolute_url_of_the_feed() {
    let found = first_page(|page| page.body["next"] = json!("/feed?afterTimestamp=2&afterId=b"));
    assert_eq!(found, everywhere("invalid_type", IssueLevel::Failure));
    let found = first_page(|page| page.body["next"] = json!(7));
    assert_eq!(found, everywhere("invalid_type", IssueLevel::Failure));
    let elsewhere = ("base_url_mismatch", IssueLevel::Failure);
    let found = first_page(|page| page.body["next"] = json!("https://example.org/feed?afterTimestamp=2&afterId=b"));
    assert_eq!(found, everywhere(elsewhere.0, elsewhere.1));
    let found = first_page(|page| page.body["next"] = json!("https://example.com/v1/feed?afterTimestamp=2&afterId=b"));
    assert_eq!(found, [vec![elsewhere], vec![], vec![]]);
    let redirected = first_page(|page| {
        page.body["next"] = json!("https://example.com/v1/feed?afterTimestamp=2&afterId=b");
        page.answered = Some("https://example.com/v1/feed".to_owned());
    });
    assert_eq!(redirected, [vec![], vec![], vec![]]);
}

#[test]
fn a_page_with_items_leads_on() {
    for stage in FEEDS {
        let here = timestamp(2, "b");
        let page = sent(stage, &here, &here, &[item("b", 2)]);
        assert_eq!(live(stage, &[page]), [("invalid_next_url_for_zero_items", IssueLevel::Failure)], "{stage}");
        let mut pages = honest(stage);
        // An empty page in the middle, because everything on it was filtered, which leads back.
        let back = timestamp(1, "a");
        pages.insert(1, sent(stage, &timestamp(2, "b"), &back, &[]));
        pages.truncate(2);
        pages[1].cache = pages[0].cache;
        assert_eq!(live(stage, &pages), [("after_param_should_increase", IssueLevel::Failure)], "{stage}");
        pages[1].body["next"] = json!(timestamp(3, "x"));
        assert_eq!(live(stage, &pages), [], "{stage}");
    }
}

#[test]
fn a_key_twice_and_a_byte_order_mark_are_warned_of() {
    let twice = everywhere("duplicate_key", IssueLevel::Warning);
    assert_eq!(first_page(|page| page.twice = [Some("next"), None]), twice);
    assert_eq!(first_page(|page| page.twice = [None, Some("modified")]), twice);
    let marked = everywhere("byte_order_mark", IssueLevel::Warning);
    assert_eq!(first_page(|page| page.marked = true), marked);
}

#[test]
fn after_timestamp_comes_with_after_id() {
    let found = first_page(|page| page.body["next"] = json!(format!("{URL}?afterTimestamp=3")));
    assert_eq!(found, everywhere("after_id_with_timestamp", IssueLevel::Failure));
    let found = first_page(|page| page.body["next"] = json!(format!("{URL}?afterTimestamp=2&afterid=b")));
    assert_eq!(found, everywhere("after_id_with_timestamp", IssueLevel::Failure));
}

#[test]
fn next_begins_after_the_last_item() {
    let wrong = everywhere("last_item_not_matching_next", IssueLevel::Failure);
    let right = FEEDS.map(|_| vec![]);
    let with = |next: &str| first_page(|page| page.body["next"] = json!(format!("{URL}?{next}")));
    for next in ["afterTimestamp=2&afterId=b", "afterChangeNumber=2"] {
        assert_eq!(with(next), right, "{next}");
    }
    // A filter kept the last items from the page.
    for next in ["afterTimestamp=7&afterId=z", "afterTimestamp=2&afterId=z", "afterChangeNumber=7"] {
        assert_eq!(with(next), right, "{next}");
    }
    for next in ["afterTimestamp=1&afterId=a", "afterTimestamp=0&afterId=b", "afterChangeNumber=1"] {
        assert_eq!(with(next), wrong, "{next}");
    }
    // After an item of the page that is not the last one.
    let found = first_page(|page| {
        page.body["items"] = json!([item("b", 2), item("a", 2)]);
    });
    assert_eq!(found, wrong);
    // The format is the same in both.
    assert_eq!(with("afterTimestamp=2030-01-01T00:00:00Z&afterId=b"), wrong);
}

#[test]
fn a_change_number_is_a_whole_number_in_open_feeds() {
    let found = first_page(|page| page.body["next"] = json!(format!("{URL}?afterChangeNumber=0x2")));
    let open = [("invalid_type", IssueLevel::Failure), ("last_item_not_matching_next", IssueLevel::Failure)];
    assert_eq!(found, [open.to_vec(), vec![], vec![]]);
}

#[test]
fn text_is_compared_with_text() {
    let with = |next: &str| {
        first_page(|page| {
            item_of(page, 0)["modified"] = json!("2030-01-01T00:00:00Z");
            item_of(page, 1)["modified"] = json!("2030-01-02T00:00:00Z");
            page.body["next"] = json!(format!("{URL}?afterTimestamp={next}&afterId=b"));
        })
    };
    let text = ("invalid_type", IssueLevel::Suggestion);
    assert_eq!(with("2030-01-02T00:00:00Z"), everywhere(text.0, text.1));
    let late = ("last_item_not_matching_next", IssueLevel::Failure);
    assert_eq!(with("2030-01-01T00:00:00Z"), FEEDS.map(|_| vec![text, late]));
}

#[test]
fn few_items_matter_in_open_feeds_that_are_read_once() {
    let few = ("minimum_items_per_page", IssueLevel::Warning);
    for (stage, expected) in FEEDS.into_iter().zip([vec![few], vec![], vec![]]) {
        assert_eq!(broken(stage, Reading::Harvest, &honest(stage)), expected, "{stage}");
    }
}

/// An Order with OrderItems by their status.
fn order(id: &str, modified: i64, statuses: &[&str]) -> Value {
    let items: Vec<Value> = statuses
        .iter()
        .enumerate()
        .map(|(at, status)| {
            let status = format!("https://openactive.io/{status}");
            json!({ "@id": format!("https://example.com/orders/{id}#/orderedItem/{at}"), "orderItemStatus": status })
        })
        .collect();
    json!({ "state": "updated", "kind": "Order", "id": id, "modified": modified, "data": { "orderedItem": items } })
}

#[test]
fn states_do_not_go_back() {
    let stage = Stage::OrdersFeed;
    let (second, third) = (timestamp(2, "b"), timestamp(4, "b"));
    let pages = |first: &[Value], later: &[Value]| {
        live(stage, &[sent(stage, URL, &second, first), sent(stage, &second, &third, later)])
    };
    let confirmed = order("a", 1, &["OrderItemConfirmed", "OrderItemConfirmed"]);
    let first_cancelled = order("b", 2, &["CustomerCancelled", "OrderItemConfirmed"]);
    let both_cancelled = order("b", 4, &["CustomerCancelled", "SellerCancelled"]);
    assert_eq!(pages(&[confirmed.clone(), first_cancelled.clone()], &[both_cancelled]), []);
    let undone = order("b", 4, &["OrderItemConfirmed", "OrderItemConfirmed"]);
    let back = ("cancelled_item_restored", IssueLevel::Failure);
    assert_eq!(pages(&[confirmed.clone(), first_cancelled], std::slice::from_ref(&undone)), [back]);
    let deleted = json!({ "state": "deleted", "kind": "Order", "id": "b", "modified": 2 });
    let again = ("deleted_order_restored", IssueLevel::Failure);
    assert_eq!(pages(&[confirmed, deleted], &[undone]), [again]);
}
