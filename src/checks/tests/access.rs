//! Access codes, access passes and access channels.

use serde_json::json;

use super::honest::{b, orders_feed};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// B, and an update in the Orders feed with other codes and passes for every OrderItem.
fn renewal() -> Trace {
    (0..2).fold(orders_feed(), |trace, number| {
        let item = format!("feed/orderedItem/{number}");
        trace
            .set(&format!("{item}/accessCode/0/description"), format!("99{number}"))
            .set(&format!("{item}/accessPass/0/url"), format!("https://passes.example.com/new-{number}.png"))
    })
}

/// With a second code, before or after the first one, in the first OrderItem.
fn two_codes(trace: Trace) -> Trace {
    let locker = json!({ "@type": "PropertyValue", "name": "Locker", "description": "77" });
    let trace = trace.set("B/orderedItem/0/accessCode/-", locker.clone());
    trace.set("feed/orderedItem/0/accessCode/-", locker)
}

pub(super) fn lines() -> Vec<Lines> {
    let online = || b().online();
    let noticed = |number: usize| {
        let item = format!("B/orderedItem/{number}");
        online().without(&format!("{item}/accessChannel")).set(&format!("{item}/customerNotice"), "The link follows.")
    };
    let changed = || orders_feed().online();
    let unchanged = |trace: Trace, number: usize| {
        let url = format!("https://online.example.com/B/{number}");
        trace.set(&format!("feed/orderedItem/{number}/accessChannel/url"), url)
    };
    let code = "B/orderedItem/1/accessCode";
    let pass = "B/orderedItem/1/accessPass";
    let renewal_but_one = |property: &str| {
        let (old, place) = (format!("B/orderedItem/1/{property}"), format!("feed/orderedItem/1/{property}"));
        let mut known = json!(null);
        let trace = renewal().edit(&old, |value| known = value.clone());
        trace.set(&place, known)
    };
    vec![
        row("access-channel-or-notice")
            .right(online())
            .right(noticed(0))
            .right(online().without("B/orderedItem/1/accessChannel"))
            .wrong(online().without("B/orderedItem/0/accessChannel"), "orderedItem.accessChannel missing")
            .wrong(online().set("B/orderedItem/0/accessChannel/@type", "Place"), "orderedItem.accessChannel wrong"),
        row("access-channel-of-all")
            .right(noticed(1))
            .right(online().without("B/orderedItem/1/accessChannel").set("items/1/control", true))
            .wrong(online().without("B/orderedItem/1/accessChannel"), "orderedItem.accessChannel missing"),
        row("access-channel-changed")
            .right(changed().reversed("feed/orderedItem"))
            .wrong(unchanged(changed(), 1), "orderedItem.accessChannel wrong")
            .wrong(changed().without("feed/orderedItem/1/accessChannel"), "orderedItem.accessChannel missing"),
        row("access-channel-changed-by-index")
            .right(unchanged(changed(), 1))
            .wrong(unchanged(changed(), 0), "orderedItem.accessChannel wrong"),
        row("access-codes")
            .right(b().set(&format!("{code}/0/url"), "https://passes.example.com/codes/1"))
            .right(online())
            .wrong(b().without(&format!("{code}/0/description")), "orderedItem.accessCode.description missing")
            .wrong(b().without(code), "orderedItem.accessCode missing"),
        row("access-codes-there")
            .right(b().reversed("B/orderedItem"))
            .wrong(b().without(code), "orderedItem.accessCode missing")
            .wrong(online(), "orderedItem missing"),
        row("access-code-changed")
            .right(renewal())
            .right(two_codes(renewal()).reversed("feed/orderedItem"))
            .wrong(renewal_but_one("accessCode"), "orderedItem.accessCode wrong")
            .wrong(
                two_codes(renewal_but_one("accessCode"))
                    .set("feed/orderedItem/0/accessCode/0/description", "120")
                    .reversed("feed/orderedItem/0/accessCode"),
                "orderedItem.accessCode wrong",
            )
            .wrong(renewal().without("feed/orderedItem/0/accessCode"), "orderedItem.accessCode missing"),
        row("access-code-changed-by-index")
            .right(renewal())
            .wrong(renewal_but_one("accessCode"), "orderedItem.accessCode wrong"),
        row("access-pass-changed")
            .right(renewal().reversed("feed/orderedItem"))
            .wrong(renewal_but_one("accessPass"), "orderedItem.accessPass wrong"),
        row("access-pass-changed-by-index")
            .right(renewal())
            .wrong(renewal_but_one("accessPass"), "orderedItem.accessPass wrong"),
        row("access-pass-urls")
            .right(b().set(&format!("{pass}/0/url"), "https://passes.example.com/?id=1"))
            .wrong(
                b().set(&format!("{pass}/0/url"), "http://passes.example.com/1.png"),
                "orderedItem.accessPass.url wrong",
            )
            .wrong(b().without(&format!("{pass}/1/url")), "orderedItem.accessPass.url missing"),
        row("access-pass-images")
            .right(b().without(&format!("{pass}/0")))
            .wrong(b().without(&format!("{pass}/0")).without(&format!("{pass}/0/url")), "orderedItem.accessPass wrong")
            .wrong(b().without(pass), "orderedItem.accessPass missing"),
        row("barcodes")
            .right(b().without(&format!("{pass}/1")))
            .wrong(b().without(&format!("{pass}/1/beta:codeType")), "orderedItem.accessPass.beta:codeType missing")
            .wrong(b().without(&format!("{pass}/1/text")), "orderedItem.accessPass.text missing"),
        row("barcodes-there")
            .right(b().reversed(pass))
            .wrong(b().without(&format!("{pass}/1")), "orderedItem.accessPass wrong")
            .wrong(b().without(&format!("{pass}/1/url")), "orderedItem.accessPass.url missing"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
