//! Edits that no check need object to, each with the reason.

use std::sync::LazyLock;

use crate::config::Glob;
use crate::vocabulary::unpacked;

/// The table: operators, kinds of exchanges and places as globs, and the reason.
static TABLE: LazyLock<String> =
    LazyLock::new(|| unpacked(include_bytes!(concat!(env!("OUT_DIR"), "/sweep.txt.packed"))));

/// The edits that no check need object to.
#[derive(Debug)]
pub struct Excuses(Vec<Excuse>);

/// Edits that no check need object to.
#[derive(Debug)]
struct Excuse {
    operator: Glob,
    kind: Glob,
    subject: Glob,
    /// The kind of exchange whose edits of the same place must be found instead; `None` where nothing need be.
    judged_as: Option<&'static str>,
    reason: &'static str,
}

/// Properties that embed what another feed has as an item of its own.
const EMBEDDING: &[&str] = &["superEvent.", "facilityUse.", "aggregateFacilityUse."];
/// Where items of feeds have their documents.
const DATA: &str = "items.data.";

impl Excuses {
    /// Those of the table.
    ///
    /// # Errors
    /// In words, which line cannot be read.
    pub fn read() -> Result<Self, String> {
        Self::of(&TABLE)
    }

    fn of(table: &'static str) -> Result<Self, String> {
        let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines
            .map(|line| excuse(line).ok_or_else(|| format!("invalid excuse: {line}")))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn fitting<'e>(
        &'e self,
        operator: &'e str,
        kind: &'e str,
        subject: &'e str,
    ) -> impl Iterator<Item = &'e Excuse> + 'e {
        self.0.iter().filter(move |excuse| {
            excuse.operator.is_match(operator) && excuse.kind.is_match(kind) && excuse.subject.is_match(subject)
        })
    }

    /// The reason why nothing need object to an edit, whatever becomes of others.
    #[must_use]
    pub fn reason(&self, operator: &str, kind: &str, subject: &str) -> Option<&'static str> {
        self.fitting(operator, kind, subject).find(|excuse| excuse.judged_as.is_none()).map(|excuse| excuse.reason)
    }

    /// Whether an edit may be excused.
    pub(super) fn may_excuse(&self, operator: &str, kind: &str, subject: &str) -> bool {
        self.fitting(operator, kind, subject).next().is_some()
    }

    /// The reason why nothing need object to an edit. `judged` shows whether the same edit of another kind of exchange is found,
    /// or excused by itself.
    pub(super) fn upheld(
        &self,
        operator: &str,
        kind: &str,
        subject: &str,
        judged: impl Fn(&str, &str) -> bool,
    ) -> Option<&'static str> {
        let holds = |excuse: &&Excuse| {
            excuse.judged_as.is_none_or(|other| places(subject, other).iter().any(|place| judged(other, place)))
        };
        self.fitting(operator, kind, subject).find(holds).map(|excuse| excuse.reason)
    }
}

/// A place of a document as the places that it may have in exchanges of another kind.
fn places(subject: &str, kind: &str) -> Vec<String> {
    let mut inner = subject.strip_prefix(DATA).unwrap_or(subject);
    let mut places = vec![subject, inner];
    while let Some(rest) = EMBEDDING.iter().find_map(|name| inner.strip_prefix(name)) {
        inner = rest;
        places.push(inner);
    }
    let in_page = kind.starts_with("page ");
    let data = places.iter().filter(|_| in_page).map(|place| format!("{DATA}{place}")).collect::<Vec<_>>();
    places.into_iter().map(str::to_owned).chain(data).collect()
}

fn excuse(line: &'static str) -> Option<Excuse> {
    let mut fields = line.splitn(4, '|').map(str::trim);
    let mut glob = || Glob::new(fields.next()?).ok();
    let (operator, kind, subject) = (glob()?, glob()?, glob()?);
    let reason = fields.next().filter(|reason| !reason.is_empty())?;
    let (judged_as, reason) = match reason.strip_prefix("as ").and_then(|rest| rest.split_once(": ")) {
        Some((kind, reason)) => (Some(kind), reason),
        None => (None, reason),
    };
    Some(Excuse { operator, kind, subject, judged_as, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_can_be_read() {
        let excuses = Excuses::read().unwrap();
        assert!(excuses.reason("change", "b Order Success", "orderedItem.orderItemStatus").is_none());
    }

    #[test]
    fn an_excuse_by_another_kind_holds_where_the_edit_is_found_there() {
        let table = "* | look * | ** | as page opportunity-feed: items are judged there\nomit | * | name | optional";
        let excuses = Excuses::of(table).unwrap();
        let found = |kind: &str, place: &str| kind == "page opportunity-feed" && place == "items.data.organizer.name";
        let upheld = |operator: &str, subject: &str| excuses.upheld(operator, "look Requested", subject, found);
        assert_eq!(upheld("omit", "organizer.name"), Some("items are judged there"));
        assert_eq!(upheld("omit", "superEvent.organizer.name"), Some("items are judged there"));
        assert_eq!(upheld("omit", "organizer.url"), None);
        assert_eq!(upheld("omit", "name"), Some("optional"));
        assert!(excuses.may_excuse("change", "look Requested", "name"));
        assert_eq!(excuses.reason("change", "look Requested", "name"), None);
    }
}
