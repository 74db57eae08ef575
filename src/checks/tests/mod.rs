//! Each row with small traces, right and wrong: a mistake shows in seconds and without a server.
//!
//! The tables stand theme by theme, as the rows do. A line is an honest trace of `honest.rs` with edits, and what its row must
//! say of it. Pages of feeds have tables of their own (`rpde/tests.rs`).

mod access;
mod advice;
mod approval;
mod authentication;
mod cancellation;
mod capacity;
mod details;
mod documents;
mod honest;
mod identity;
mod lines;
mod logistics;
mod money;
mod notation;
mod opportunity;
mod order_in_feed;
mod order_items;
mod orders_feed;
mod payment;
mod preconditions;
mod presence;
mod proposal;
mod reflection;
mod rejection;
mod repetition;
mod response;
mod site;
mod tax;
mod test_interface;
mod trace;
mod variations;

use std::collections::BTreeMap;

use super::{Made, rows};
use lines::{Lines, NEVER_RIGHT};

/// Rows that no line can reach, with the reason.
const WITHOUT_LINES: &[(&str, &str)] = &[
    ("feed-items", "the walk along the opportunity feeds validates their items"),
    ("free-and-paid", "the step counts the opportunities that it creates"),
    ("judged-tokens", "it notes why a flaw is not judged, and finds nothing"),
    ("invalid_status_code", BY_WALK),
    ("invalid_encoding", BY_WALK),
    ("invalid_json", BY_WALK),
    ("no_deleted_items", BY_WALK),
    ("last_page_no_items", BY_WALK),
    ("last_page_reference_self", BY_WALK),
    ("item_vanished", BY_WALK),
    ("feed_loops", BY_WALK),
    ("kind_not_distinct", BY_WALK),
    ("parent_missing", BY_WALK),
    ("order-published-later", BY_WALK),
    ("order-deleted-later", BY_WALK),
    ("capacity-changed-later", BY_WALK),
];
/// Why rows about whole feeds have no lines.
const BY_WALK: &str = "the walk along a feed decides";

/// The tables of the rules of RPDE.
const PAGES: &str = include_str!("../rpde/tests.rs");

/// The tables of every theme.
fn tables() -> impl Iterator<Item = Lines> {
    let themes = [
        access::lines,
        advice::lines,
        approval::lines,
        authentication::lines,
        cancellation::lines,
        capacity::lines,
        details::lines,
        identity::lines,
        logistics::lines,
        money::lines,
        opportunity::lines,
        order_in_feed::lines,
        order_items::lines,
        orders_feed::lines,
        payment::lines,
        preconditions::lines,
        presence::lines,
        proposal::lines,
        reflection::lines,
        rejection::lines,
        repetition::lines,
        response::lines,
        site::lines,
        tax::lines,
        test_interface::lines,
    ];
    themes.into_iter().flat_map(|lines| lines())
}

#[test]
fn every_row_has_a_right_and_a_wrong_line() {
    let mut known: BTreeMap<&str, Lines> = BTreeMap::new();
    for lines in tables() {
        assert!(super::row(lines.id()).is_some(), "{} is no row", lines.id());
        let id = lines.id();
        assert!(known.insert(id, lines).is_none(), "{id} has two tables");
    }
    let mut lacking = Vec::new();
    for row in rows() {
        // The pages of these are elsewhere. Every rule is held to the honest ones.
        if matches!(row.made, Made::Page(_)) {
            if !PAGES.contains(&format!("\"{row}\"")) {
                lacking.push(format!("{row} has no wrong page in rpde/tests.rs"));
            }
            continue;
        }
        let excused = WITHOUT_LINES.iter().any(|(id, _)| *id == row.id);
        let (right, wrong) = known.get(row.id).map_or((false, false), Lines::kinds);
        let never_right = NEVER_RIGHT.iter().any(|(id, _)| *id == row.id);
        if excused && (right || wrong) {
            lacking.push(format!("{row} has lines, and stands among those without"));
        }
        if never_right && right {
            lacking.push(format!("{row} has a right line, and stands among those that are never right"));
        }
        if !excused && !(wrong && (right || never_right)) {
            lacking.push(format!("{row} has {} right line and {} wrong line", words(right), words(wrong)));
        }
    }
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}

const fn words(there: bool) -> &'static str {
    if there { "a" } else { "no" }
}

#[test]
fn no_row_objects_to_an_honest_trace() {
    let mut wrong = Vec::new();
    for (name, trace) in honest::all() {
        for trace in [trace.clone(), trace.compatible()] {
            wrong.extend(trace.objections().into_iter().map(|found| format!("{name}: {found}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
