//! A step, out of a document.

use std::str::FromStr;

use crate::document::{Fields, Node, NodeKind as Kind, Problem, Problems};
use crate::vocabulary::{ActionTarget, ErrorName, UnknownName};

use super::acts::{Act, Checkpoint, ItemChoice, LeaseBatch, LeaseErrors, OrderChoice, Step};
use super::openid::{Consent, OpenIdAct, RegistrationTemplate};
use super::read_check::read_check;
use super::read_judges::read_judges;
use super::templates::Template;

/// Reads a step: a word, or an object with the word as one of its keys.
pub(super) fn read_step(node: &Node, problems: &Problems) -> Option<Step> {
    match &node.kind {
        Kind::Text(word) => plain(word, node, problems).map(Step::plain),
        Kind::Object(_) => read_object(node, problems),
        _ => {
            problems.add(Problem::new(&node.spot, format!("expected a step, found {}", node.kind_in_words())));
            None
        }
    }
}

/// What a word means by itself.
fn plain(word: &str, node: &Node, problems: &Problems) -> Option<Act> {
    let act = match word {
        "fetch" => Act::Fetch,
        "create" => Act::Create,
        "c1" => Act::C1(Template::Standard),
        "c2" => Act::C2(Template::Standard),
        "book" => Act::Book(Template::Standard),
        "book-at-once" => Act::BookAtOnce(Template::Standard),
        "book-directly" => Act::BookDirectly(Template::Standard),
        "propose" => Act::Propose(Template::Standard),
        "repeat-b" => Act::RepeatB,
        "repeat-c1" | "repeat-c2" | "repeat-p" => Act::Repeat(word.parse().ok()?),
        "wrong-verb" => Act::WrongVerb,
        "lease-end" => Act::LeaseEnd,
        "lease-kept" => Act::LeaseKept,
        "reject" => Act::Reject(Template::Standard),
        "delete-order" => Act::DeleteOrder(OrderChoice::Own),
        "delete-quote" => Act::DeleteQuote,
        "order-status" => Act::OrderStatus,
        "dataset-site" => Act::DatasetSite,
        "unknown-endpoint" => Act::UnknownEndpoint,
        "rival-books" => Act::RivalBooks,
        "own-dataset" => Act::OwnDataset,
        "delete-dataset" => Act::DeleteDataset,
        "simulate" => {
            problems.add(Problem::new(&node.spot, "`simulate` needs an action: `simulate: ...SimulateAction`"));
            return None;
        }
        "discover" => Act::OpenId(OpenIdAct::Discover),
        _ if Act::words().any(|known| known == word) => {
            problems.add(Problem::new(&node.spot, format!("`{word}` needs a value: `{word}: ...`")));
            return None;
        }
        _ => {
            problems.add(Problem::new(&node.spot, format!("unknown step `{word}`")).suggest(word, Act::words()));
            return None;
        }
    };
    Some(act)
}

/// The name of an enumeration under `key`, or what stands for it when the key is absent.
fn name_or<T: FromStr<Err = UnknownName>>(fields: &Fields<'_>, key: &'static str, absent: T) -> Option<T> {
    match fields.get(key) {
        Some(node) => fields.name_at(node),
        None => Some(absent),
    }
}

/// A whole number under `key`; its absence is a problem.
fn number(fields: &Fields<'_>, key: &'static str, problems: &Problems) -> Option<usize> {
    let node = fields.need(key)?;
    let number = node.as_count().and_then(|count| usize::try_from(count).ok());
    if number.is_none() {
        problems.add(Problem::new(&node.spot, format!("`{key}` must be a whole number")));
    }
    number
}

fn read_object(node: &Node, problems: &Problems) -> Option<Step> {
    let fields = Fields::of(node, "a step", problems)?;
    let words: Vec<&str> = Act::words().filter(|word| node.get(word).is_some()).collect();
    let act = match words.as_slice() {
        [word] => read_act(word, &fields, problems),
        [] => {
            for word in Act::words() {
                let _ = fields.get(word);
            }
            problems.add(Problem::new(
                &node.spot,
                format!("a step is one of: {}", Act::words().collect::<Vec<_>>().join(", ")),
            ));
            None
        }
        several => {
            problems.add(Problem::new(&node.spot, format!("a step is one of {}, not several", several.join(" and "))));
            for word in Act::words() {
                let _ = fields.get(word);
            }
            None
        }
    };
    let checks = |key: &'static str| -> Vec<_> {
        fields.list(key).iter().filter_map(|node| read_check(node, problems)).collect()
    };
    let (expect, expect_proposal) = (checks("expect"), checks("expect-proposal"));
    let fails: Option<ErrorName> = fields.get("fails").and_then(|node| fields.name_at(node));
    let awaits = fields.get("await").and_then(|node| fields.name_at(node));
    let deleted = fields.flag("deleted", false);
    let quiet = fields.get("quiet").and_then(|node| fields.name_at(node));
    let capacity = fields.get("capacity").and_then(|node| fields.name_at(node));
    let profile = fields.get("profile").and_then(|node| fields.name_at(node));
    let spec = fields.text("spec").map(str::to_owned);
    let judges = read_judges(&fields, problems);
    let step =
        Step { act: act?, fails, awaits, deleted, quiet, expect, expect_proposal, capacity, profile, spec, judges };
    let shown_in_feed = matches!(
        step.act,
        Act::Simulate { .. }
            | Act::Cancel { .. }
            | Act::Reject(_)
            | Act::DeleteOrder(_)
            | Act::Confirm(_)
            | Act::RivalBooks
    );
    if let (Some(node), None, true) = (fields.get("expect"), step.awaits, shown_in_feed)
        && !matches!(step.act, Act::Confirm(_))
    {
        problems.add(Problem::new(&node.spot, "`expect` needs `await`: the feed whose item it speaks of"));
    }
    let may_be_quiet = matches!(step.act, Act::Cancel { .. } | Act::Reject(_) | Act::DeleteOrder(_));
    if let (Some(node), false) = (fields.get("quiet"), may_be_quiet) {
        problems.add(Problem::new(&node.spot, format!("`{}` cannot be `quiet`", step.act.word())));
    }
    if let (Some(node), false) = (fields.get("await"), shown_in_feed) {
        problems.add(Problem::new(&node.spot, format!("`{}` has no effect that shows in a feed", step.act.word())));
    }
    if step.awaits.is_some() && step.expect.is_empty() && !step.deleted {
        let problem = Problem::new(fields.spot(), "`await` without `expect` would be satisfied by any update");
        problems.add(problem.hint("say under `expect` what the update must show"));
    }
    fields.finish();
    Some(step)
}

fn read_act(word: &str, fields: &Fields<'_>, problems: &Problems) -> Option<Act> {
    let template = |key: &'static str| fields.need(key).and_then(|node| fields.name_at::<Template>(node));
    let act = match word {
        "c1" => Act::C1(template("c1")?),
        "c1-refused" => Act::C1Refused(template("c1-refused")?),
        "c2" => Act::C2(template("c2")?),
        "book" => Act::Book(template("book")?),
        "book-at-once" => Act::BookAtOnce(template("book-at-once")?),
        "book-directly" => Act::BookDirectly(template("book-directly")?),
        "propose" => Act::Propose(template("propose")?),
        "reject" => Act::Reject(template("reject")?),
        "confirm" => Act::Confirm(fields.need("confirm").and_then(|node| fields.name_at(node))?),
        "require" => Act::Require(fields.need("require").and_then(|node| fields.name_at(node))?),
        "status-before" => Act::StatusBefore(fields.need("status-before").and_then(|node| fields.name_at(node))?),
        "look-for" => Act::LookFor(fields.need("look-for").and_then(|node| fields.name_at(node))?),
        "retained" => Act::Retained(fields.need("retained").and_then(|node| fields.name_at(node))?),
        "not-in-feed" => Act::NotInFeed(fields.need("not-in-feed").and_then(|node| fields.name_at(node))?),
        "delete-order" => Act::DeleteOrder(name_or(fields, "delete-order", OrderChoice::Own)?),
        "cancel" => Act::Cancel {
            template: template("cancel")?,
            items: name_or(fields, "items", ItemChoice::All)?,
            order: name_or(fields, "of", OrderChoice::Own)?,
        },
        "simulate" => {
            let action = fields.need("simulate").and_then(|node| fields.name_at(node));
            let on = name_or(fields, "on", ActionTarget::Order);
            Act::Simulate { action: action?, on: on? }
        }
        "lease" => return read_lease(fields, problems).map(Act::Lease),
        "feed-refused" => Act::FeedRefused(fields.need("feed-refused").and_then(|node| fields.name_at(node))?),
        "create-refused" => {
            Act::CreateRefused(fields.list("create-refused").iter().filter_map(|node| fields.name_at(node)).collect())
        }
        "none-meets" => {
            Act::NoneMeets(fields.list("none-meets").iter().filter_map(|node| fields.name_at(node)).collect())
        }
        // The others take no value: `dataset-site: standard`.
        "dataset-site" | "delete-quote" | "order-status" | "fetch" | "create" | "repeat-b" | "repeat-c1"
        | "repeat-c2" | "repeat-p" | "wrong-verb" | "lease-end" | "lease-kept" | "unknown-endpoint" | "rival-books"
        | "own-dataset" | "delete-dataset" | "discover" => {
            let known = Act::words().find(|known| *known == word)?;
            let node = fields.need(known)?;
            let _: Template = fields.name_at(node)?;
            return plain(word, node, problems);
        }
        word => return read_openid(word, fields).map(Act::OpenId),
    };
    Some(act)
}

fn read_openid(word: &str, fields: &Fields<'_>) -> Option<OpenIdAct> {
    Some(match word {
        "register" => {
            let how = name_or(fields, "how", RegistrationTemplate::Standard);
            OpenIdAct::Register(fields.need("register").and_then(|node| fields.name_at(node))?, how?)
        }
        "client" => OpenIdAct::Client(fields.need("client").and_then(|node| fields.name_at(node))?),
        "client-credentials" => {
            OpenIdAct::ClientCredentials(fields.need("client-credentials").and_then(|node| fields.name_at(node))?)
        }
        "authorize" => {
            let consent = name_or(fields, "consent", Consent::Any);
            OpenIdAct::Authorize(fields.need("authorize").and_then(|node| fields.name_at(node))?, consent?)
        }
        "redeem" => OpenIdAct::Redeem(fields.need("redeem").and_then(|node| fields.name_at(node))?),
        "refresh" => OpenIdAct::Refresh(fields.need("refresh").and_then(|node| fields.name_at(node))?),
        "present" => OpenIdAct::Present(fields.need("present").and_then(|node| fields.name_at(node))?),
        "read-feed" => OpenIdAct::ReadFeed(fields.need("read-feed").and_then(|node| fields.name_at(node))?),
        _ => return None,
    })
}

fn read_lease(fields: &Fields<'_>, problems: &Problems) -> Option<LeaseBatch> {
    let at: Option<Checkpoint> = fields.need("lease").and_then(|node| fields.name_at(node));
    let (count, shows, leaves) =
        (number(fields, "count", problems), number(fields, "shows", problems), number(fields, "leaves", problems));
    let (again, refused) = (fields.flag("again", false), fields.flag("refused", false));
    let same_order = fields.flag("same-order", false);
    let errors = fields.get("errors").and_then(|node| {
        let fields = Fields::of(node, "the errors of a lease", problems)?;
        let (none, reserved, insufficient) = (
            number(&fields, "none", problems),
            number(&fields, "reserved", problems),
            number(&fields, "insufficient", problems),
        );
        fields.finish();
        Some(LeaseErrors { none: none?, reserved: reserved?, insufficient: insufficient? })
    });
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Some(LeaseBatch {
        at: at?,
        count: count?,
        shows: whole(shows?),
        leaves: whole(leaves?),
        refused,
        errors,
        again,
        same_order,
    })
}
