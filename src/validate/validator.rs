//! The way in.

use crate::vocabulary::{BYTE_ORDER_MARK, STARTS_WITH_MARK, utf8, without_mark};

use super::activity_lists::Lists;
use super::finding::{Category, FindingKind, ModelFinding, Severity};
use super::json::{Json, Member, exact, lookup, parse};
use super::mode::ValidationMode;
use super::model::{Model, Type, model};
use super::node::Node;
use super::remote::Remote;
use super::repeats::repeats;
use super::rule::Rule;
use super::visit::visit;
use super::walk::Walk;

/// How one document is validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options<'o> {
    /// What it is for.
    pub mode: ValidationMode,
    /// The type of its top, whatever it says itself.
    pub root_type: Option<&'o str>,
    /// The most items of a page of a feed that are looked at.
    pub item_limit: Option<usize>,
}

impl Options<'_> {
    /// The usual ones.
    #[must_use]
    pub const fn new(mode: ValidationMode) -> Self {
        Self { mode, root_type: None, item_limit: None }
    }
}

/// What became of a document.
#[derive(Debug, Clone, Default)]
pub struct Validated {
    /// What was found.
    pub findings: Vec<ModelFinding>,
    /// Whether an object has a key more than once; the last one counted.
    pub repeated_keys: bool,
}

impl Validated {
    /// Whether something is a failure, and known to be one.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Failure && !finding.undetermined)
    }
}

/// Validates documents. It can be used from many threads at once.
#[derive(Debug)]
pub struct Validator {
    model: &'static Model,
    remote: Remote,
    activities: Lists,
}

impl Validator {
    /// With these remote documents.
    #[must_use]
    pub fn new(remote: Remote) -> Self {
        Self { model: model(), remote, activities: Lists::default() }
    }

    /// Its remote documents.
    #[must_use]
    pub const fn remote(&self) -> &Remote {
        &self.remote
    }

    /// The same remote documents, to add to.
    #[must_use]
    pub fn into_remote(self) -> Remote {
        self.remote
    }

    /// Validates a document as it was sent.
    #[must_use]
    pub fn bytes(&self, bytes: &[u8], options: Options<'_>) -> Validated {
        match utf8(bytes) {
            Ok(text) => self.text(text, options),
            Err(reason) => Self::unreadable(&format!("the text is {reason}")),
        }
    }

    /// Validates a text.
    #[must_use]
    pub fn text(&self, text: &str, options: Options<'_>) -> Validated {
        let document = without_mark(text);
        let mut validated = match parse(document, self.model) {
            Ok(parsed) => {
                let mut findings = self.document(&parsed.root, options);
                if parsed.repeated {
                    findings.extend(repeats(document));
                }
                Validated { findings, repeated_keys: parsed.repeated }
            }
            Err(error) => Self::unreadable(&format!("the text is not JSON: {error}")),
        };
        if text.starts_with(BYTE_ORDER_MARK) {
            validated.findings.push(Self::byte_order_mark());
        }
        validated
    }

    /// What is found where a byte order mark stands before a document.
    #[must_use]
    pub fn byte_order_mark() -> ModelFinding {
        ModelFinding {
            kind: FindingKind::ByteOrderMark,
            category: Category::Conformance,
            rule: Rule::ByteOrderMark,
            ..input(Severity::Warning, STARTS_WITH_MARK.to_owned())
        }
    }

    /// What becomes of something that cannot be read at all.
    #[must_use]
    pub fn unreadable(reason: &str) -> Validated {
        Validated { findings: vec![input(Severity::Failure, reason.to_owned())], repeated_keys: false }
    }

    /// The mode that suits a document best, by its type: open feeds unless it is about booking.
    #[must_use]
    pub fn guess(&self, text: &str) -> ValidationMode {
        let Ok(parsed) = parse(without_mark(text), self.model) else {
            return ValidationMode::RpdeFeed;
        };
        let object = match &parsed.root {
            Json::Object(members) => Some(members),
            Json::List(items) => items.iter().find_map(Json::as_object),
            _ => None,
        };
        let kind = object.and_then(|members| lookup(members, self.model.known.kind)).and_then(Json::as_text);
        let kind = kind.and_then(|name| self.model.type_called(name)).map_or("", |kind| kind.name);
        let has = |name: &str| object.is_some_and(|members| exact(members, name).is_some());
        match kind {
            "OrderQuote" if has("customer") => ValidationMode::C2Response,
            "OrderQuote" => ValidationMode::C1Response,
            "OrderProposal" => ValidationMode::PResponse,
            "Order" => ValidationMode::BResponse,
            "Dataset" => ValidationMode::DatasetSite,
            "DataCatalog" => ValidationMode::DataCatalog,
            _ if self.is_error(kind) => ValidationMode::OpenBookingError,
            _ => ValidationMode::RpdeFeed,
        }
    }

    fn is_error(&self, kind: &str) -> bool {
        let error = self.model.type_named("OpenBookingError");
        self.model.type_named(kind).zip(error).is_some_and(|(kind, error)| kind.is_a(error.id))
    }

    fn document(&self, root: &Json<'_>, options: Options<'_>) -> Vec<ModelFinding> {
        let mut walk = Walk::new(self.model, options.mode, &self.remote, &self.activities);
        match root {
            Json::Object(members) => {
                let page = is_page(self.model, members);
                if page {
                    let mut found =
                        input(Severity::Notice, "this is a page of an RPDE feed: its items are validated".to_owned());
                    (found.rule, found.kind) = (Rule::RpdeFeed, FindingKind::FoundRpdeFeed);
                    walk.findings.push(found);
                }
                let cut = options.item_limit.filter(|_| page).and_then(|limit| cut(self.model, members, limit));
                let members = cut.as_deref().unwrap_or(members);
                self.root(&mut walk, members, None, options, page);
            }
            Json::List(items) => {
                walk.findings
                    .push(input(Severity::Warning, "the input is a list: each document in it is validated".to_owned()));
                for (index, item) in items.iter().enumerate() {
                    if let Json::Object(members) = item {
                        self.root(&mut walk, members, Some(index), options, false);
                    } else if item.is_null() {
                        walk.findings.push(input(Severity::Failure, "a document of the list is null".to_owned()));
                    }
                }
            }
            _ => walk.findings.push(input(Severity::Failure, "the input is not a JSON object".to_owned())),
        }
        walk.findings
    }

    fn root(
        &self,
        walk: &mut Walk<'_>,
        members: &[Member<'_>],
        index: Option<usize>,
        options: Options<'_>,
        page: bool,
    ) {
        let kind: Option<&'static Type> = match options.root_type {
            Some(name) => self.model.type_called(name),
            None if page => self.model.type_named("FeedPage"),
            None => walk.own_type(members),
        };
        visit(walk, &Node::new(members, None, None, index, kind));
    }
}

/// Whether an object is a page of an RPDE feed.
fn is_page(model: &Model, members: &[Member<'_>]) -> bool {
    let typed = ["@type", "type"].iter().any(|key| exact(members, key).is_some_and(|value| !value.is_null()));
    let states = exact(members, "items").and_then(Json::as_list).map(|items| {
        items.iter().all(|item| {
            let state = item.as_object().and_then(|item| lookup(item, model.known.state)).and_then(Json::as_text);
            matches!(state, Some("updated" | "deleted"))
        })
    });
    !typed && states == Some(true)
}

/// A page with its first items only, where it has more than that many.
fn cut<'t>(model: &Model, members: &[Member<'t>], limit: usize) -> Option<Vec<Member<'t>>> {
    let items = exact(members, "items")?.as_list()?;
    let updated = items.iter().filter(|item| {
        let state = item.as_object().and_then(|item| lookup(item, model.known.state));
        state.and_then(Json::as_text) == Some("updated")
    });
    if limit == 0 || items.len() <= limit || updated.count() < limit {
        return None;
    }
    let mut members = members.to_vec();
    if let Some(Json::List(items)) = members.iter_mut().find(|member| member.key == "items").map(|m| &mut m.value) {
        items.truncate(limit);
    }
    Some(members)
}

fn input(severity: Severity, message: String) -> ModelFinding {
    ModelFinding {
        path: "$".to_owned(),
        kind: FindingKind::InvalidJson,
        category: Category::Internal,
        severity,
        rule: Rule::ValidInput,
        model: None,
        message,
        found: None,
        undetermined: false,
    }
}
