//! The public interface: validation of one document.

use crate::vocabulary::{BYTE_ORDER_MARK, STARTS_WITH_MARK, utf8, without_mark};

use super::activity_lists::ActivityLists;
use super::finding::{Category, FindingKind, ModelFinding, Severity};
use super::json::{Json, Member, exact, lookup, parse};
use super::mode::ValidationMode;
use super::model::{Model, Type, model};
use super::node::Node;
use super::remote::Remote;
use super::repeats::repeats;
use super::rule::Rule;
use super::visit::visit;
use super::walk::{Walk, found_json};

/// Options of a validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options<'o> {
    /// The mode of the document.
    pub mode: ValidationMode,
    /// Type of the root, instead of its `@type`.
    pub root_type: Option<&'o str>,
    /// Limit of items that are validated of each page of a feed. `None`: all of them.
    pub item_limit: Option<usize>,
    /// Whether instants without seconds, such as `2030-01-31T18:00Z`, are valid: RPDE lists the format, and the public
    /// validator rejects it.
    pub to_the_minute: bool,
}

impl Options<'_> {
    /// Also accepts instants without seconds.
    #[must_use]
    pub const fn to_the_minute(mut self, accepted: bool) -> Self {
        self.to_the_minute = accepted;
        self
    }

    /// Options of a mode, with everything else as in the document, and by the formats of the public validator.
    #[must_use]
    pub const fn new(mode: ValidationMode) -> Self {
        Self { mode, root_type: None, item_limit: None, to_the_minute: false }
    }
}

/// The result of a validation.
#[derive(Debug, Clone, Default)]
pub struct Validation {
    /// The findings, in the order of the document.
    pub findings: Vec<ModelFinding>,
    /// `true` if an object has a key more than once; the last value counts.
    pub repeated_keys: bool,
}

impl Validation {
    /// `true` if a finding is a failure that is not undetermined.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Failure && !finding.undetermined)
    }
}

/// Validates documents; usable from several threads at once.
#[derive(Debug)]
pub struct Validator {
    model: &'static Model,
    remote: Remote,
    activities: ActivityLists,
}

impl Validator {
    /// A validator with these remote documents.
    #[must_use]
    pub fn new(remote: Remote) -> Self {
        Self { model: model(), remote, activities: ActivityLists::default() }
    }

    /// The remote documents.
    #[must_use]
    pub const fn remote(&self) -> &Remote {
        &self.remote
    }

    /// Returns the remote documents.
    #[must_use]
    pub fn into_remote(self) -> Remote {
        self.remote
    }

    /// Validates the bytes of a document.
    #[must_use]
    pub fn bytes(&self, bytes: &[u8], options: Options<'_>) -> Validation {
        match utf8(bytes) {
            Ok(text) => self.text(text, options),
            Err(reason) => Self::unreadable(&format!("document is {reason}")),
        }
    }

    /// Validates the text of a document.
    #[must_use]
    pub fn text(&self, text: &str, options: Options<'_>) -> Validation {
        let document = without_mark(text);
        let mut validated = match parse(document, self.model) {
            Ok(parsed) => {
                let mut findings = self.document(&parsed.root, options);
                if parsed.repeated {
                    findings.extend(repeats(document));
                }
                Validation { findings, repeated_keys: parsed.repeated }
            }
            Err(error) => {
                let finding = ModelFinding {
                    expected: Some("a JSON object".into()),
                    found: Some(error.to_string()),
                    ..ModelFinding::input(Severity::Failure, "document is not JSON")
                };
                Validation { findings: vec![finding], repeated_keys: false }
            }
        };
        if options.to_the_minute {
            validated.findings.retain(|finding| !finding.is_about_seconds());
        }
        if text.starts_with(BYTE_ORDER_MARK) {
            validated.findings.push(Self::byte_order_mark());
        }
        validated
    }

    /// The warning about a byte order mark before a document.
    #[must_use]
    pub fn byte_order_mark() -> ModelFinding {
        ModelFinding {
            kind: FindingKind::ByteOrderMark,
            category: Category::Conformance,
            rule: Rule::ByteOrderMark,
            expected: Some("a document without U+FEFF before it".into()),
            ..ModelFinding::input(Severity::Warning, STARTS_WITH_MARK)
        }
    }

    /// The result for a document that cannot be read.
    #[must_use]
    pub fn unreadable(reason: &str) -> Validation {
        Validation { findings: vec![ModelFinding::input(Severity::Failure, reason)], repeated_keys: false }
    }

    /// The mode of a document, by its type and properties. Pages and items of feeds have the mode of their data; an error on
    /// an OrderItem makes a 409 response; an Order without `seller`, `customer` and `broker` is data of the Orders feed.
    /// [`ValidationMode::RpdeFeed`] if nothing indicates another mode.
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
        let Some(members) = object else { return ValidationMode::RpdeFeed };
        if is_page(self.model, members) {
            let items = exact(members, "items").and_then(Json::as_list);
            return self.mode_of_items(items.into_iter().flatten().filter_map(Json::as_object));
        }
        if is_item(self.model, members) {
            return self.mode_of_items(std::iter::once(members));
        }
        self.mode_of_document(members)
    }

    /// Name of the type of an object; empty for an unknown one.
    fn type_of(&self, members: &[Member<'_>]) -> &'static str {
        let kind = lookup(members, self.model.known.kind).and_then(Json::as_text);
        kind.and_then(|name| self.model.type_called(name)).map_or("", |kind| kind.name)
    }

    /// The mode of items of a feed, by the types of their data, or their `kind` where they have none.
    fn mode_of_items<'j, 't: 'j>(&self, items: impl Iterator<Item = &'j Vec<Member<'t>>>) -> ValidationMode {
        let mut mode = ValidationMode::RpdeFeed;
        for item in items {
            let of_data = exact(item, "data").and_then(Json::as_object).map(|data| self.type_of(data));
            match of_data.or_else(|| exact(item, "kind").and_then(Json::as_text)) {
                // One feed may hold both.
                Some("Order") => return ValidationMode::OrdersFeed,
                Some("OrderProposal") => mode = ValidationMode::OrderProposalsFeed,
                _ => {}
            }
        }
        mode
    }

    fn mode_of_document(&self, members: &[Member<'_>]) -> ValidationMode {
        let has = |name: &str| exact(members, name).is_some();
        // Required in each response, and forbidden in a feed.
        let in_feed = !["seller", "customer", "broker", "brokerRole", "bookingService"].into_iter().any(has);
        let mode = match self.type_of(members) {
            "OrderQuote" if has("customer") => ValidationMode::C2Response,
            "OrderQuote" => ValidationMode::C1Response,
            "OrderProposal" if in_feed => ValidationMode::OrderProposalsFeed,
            "OrderProposal" => ValidationMode::PResponse,
            "Order" if in_feed => ValidationMode::OrdersFeed,
            "Order" => ValidationMode::BResponse,
            "Dataset" => ValidationMode::DatasetSite,
            "DataCatalog" => ValidationMode::DataCatalog,
            kind if self.is_error(kind) => ValidationMode::OpenBookingError,
            _ => ValidationMode::RpdeFeed,
        };
        let mut order_items = exact(members, "orderedItem").and_then(Json::as_list).into_iter().flatten();
        let item_error = order_items
            .any(|item| item.as_object().and_then(|item| exact(item, "error")).is_some_and(|error| !error.is_null()));
        if item_error { mode.with_item_errors() } else { mode }
    }

    fn is_error(&self, kind: &str) -> bool {
        let error = self.model.type_named("OpenBookingError");
        self.model.type_named(kind).zip(error).is_some_and(|(kind, error)| kind.is_a(error.id))
    }

    fn document(&self, root: &Json<'_>, options: Options<'_>) -> Vec<ModelFinding> {
        let mut walk = Walk::new(self.model, options.mode, &self.remote, &self.activities);
        match root {
            Json::Object(members) => {
                let shape = Shape::of(self.model, members);
                let notice = match shape {
                    Shape::Page => Some("input is a page of an RPDE feed: its items are validated"),
                    Shape::Item => Some("input is an item of an RPDE feed: its data is validated"),
                    Shape::Document => None,
                };
                if let Some(message) = notice {
                    let mut found = ModelFinding::input(Severity::Notice, message);
                    (found.rule, found.kind) = (Rule::RpdeFeed, FindingKind::FoundRpdeFeed);
                    walk.findings.push(found);
                }
                let limit = options.item_limit.filter(|_| shape == Shape::Page);
                let limited = limit.and_then(|limit| limit_items(self.model, members, limit));
                let members = limited.as_deref().unwrap_or(members);
                self.root(&mut walk, members, None, options, shape);
            }
            Json::List(items) => {
                let message = "input is a list: each document in it is validated";
                let (expected, found) =
                    (Some("a JSON object".into()), Some(format!("a list of {} values", items.len())));
                walk.findings.push(ModelFinding { expected, found, ..ModelFinding::input(Severity::Warning, message) });
                for (index, item) in items.iter().enumerate() {
                    if let Json::Object(members) = item {
                        self.root(&mut walk, members, Some(index), options, Shape::Document);
                    } else if item.is_null() {
                        let (expected, found) = (Some("a JSON object".into()), Some("null".to_owned()));
                        let finding = ModelFinding::input(Severity::Failure, "document in the list is null");
                        walk.findings.push(ModelFinding { expected, found, ..finding });
                    }
                }
            }
            other => {
                let (expected, found) = (Some("a JSON object".into()), Some(found_json(other)));
                let finding = ModelFinding::input(Severity::Failure, "input is not a JSON object");
                walk.findings.push(ModelFinding { expected, found, ..finding });
            }
        }
        walk.finish()
    }

    fn root(
        &self,
        walk: &mut Walk<'_>,
        members: &[Member<'_>],
        index: Option<usize>,
        options: Options<'_>,
        shape: Shape,
    ) {
        let kind: Option<&'static Type> = match options.root_type {
            Some(name) => self.model.type_called(name),
            None => match shape {
                Shape::Page => self.model.type_named("FeedPage"),
                Shape::Item => self.model.type_named("FeedItem"),
                Shape::Document => walk.own_type(members),
            },
        };
        visit(walk, &Node::new(members, None, None, index, kind));
    }
}

/// What the root of the input is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A page of an RPDE feed.
    Page,
    /// An item of an RPDE feed.
    Item,
    /// JSON-LD.
    Document,
}

impl Shape {
    fn of(model: &Model, members: &[Member<'_>]) -> Self {
        if is_page(model, members) {
            Self::Page
        } else if is_item(model, members) {
            Self::Item
        } else {
            Self::Document
        }
    }
}

/// `true` if an object has a type, under whichever name.
fn is_typed(members: &[Member<'_>]) -> bool {
    ["@type", "type"].iter().any(|key| exact(members, key).is_some_and(|value| !value.is_null()))
}

/// `true` if an object has the `state` of an RPDE item.
fn has_state(model: &Model, members: &[Member<'_>]) -> bool {
    matches!(lookup(members, model.known.state).and_then(Json::as_text), Some("updated" | "deleted"))
}

/// `true` if an object is a page of an RPDE feed.
fn is_page(model: &Model, members: &[Member<'_>]) -> bool {
    let items = exact(members, "items").and_then(Json::as_list);
    let all = items.map(|items| items.iter().all(|item| item.as_object().is_some_and(|item| has_state(model, item))));
    !is_typed(members) && all == Some(true)
}

/// `true` if an object is one item of an RPDE feed.
fn is_item(model: &Model, members: &[Member<'_>]) -> bool {
    let of_item = |name: &&str| exact(members, name).is_some();
    !is_typed(members) && has_state(model, members) && ["kind", "modified", "data"].iter().any(of_item)
}

/// A page with its first items only; `None` where it has no more than `limit`.
fn limit_items<'t>(model: &Model, members: &[Member<'t>], limit: usize) -> Option<Vec<Member<'t>>> {
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
