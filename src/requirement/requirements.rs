//! The normative statements of the specifications, one by one: `features/requirements.yaml`.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::Serialize;

use crate::document::{Fields, Node, NodeKind, Problem, Problems, parse_yaml};
use crate::vocabulary::{Grade, Stage, closest, named_enumeration as named, unpacked};

/// The file, as it is named in problems.
pub const REQUIREMENTS_FILE: &str = "features/requirements.yaml";
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/requirements.yaml.packed"));

named! {
    /// Level of a requirement (RFC 2119).
    "level"
    pub enum Level {
        /// It is so.
        Must = "MUST",
        /// It is never so.
        MustNot = "MUST NOT",
        /// There should be good reasons for anything else.
        Should = "SHOULD",
        /// There should be good reasons for it.
        ShouldNot = "SHOULD NOT",
        /// It is left open.
        May = "MAY",
    }
}

named! {
    /// The party that a requirement binds.
    "who is bound"
    pub enum Bound {
        /// The booking system.
        BookingSystem = "booking-system",
        /// The Broker, who is the client.
        Broker = "broker",
        /// The Seller.
        Seller = "seller",
        /// Any other party.
        Other = "other",
    }
}

named! {
    /// Observability of a requirement.
    "way of observation"
    pub enum Observed {
        /// Any client, by requests and responses.
        Client = "client",
        /// A client who can create opportunities, or make things happen, through the Test Interface.
        TestInterface = "test-interface",
        /// A client who waits for long.
        Time = "time",
        /// No client.
        No = "no",
    }
}

named! {
    /// A document with requirements.
    "specification"
    pub enum Specification {
        /// The Open Booking API, EditorsDraft.
        OpenBookingApi = "open-booking-api",
        /// The Test Interface.
        TestInterface = "test-interface",
    }
}

impl Specification {
    /// Where it is published.
    #[must_use]
    pub const fn url(self) -> &'static str {
        match self {
            Self::OpenBookingApi => "https://openactive.io/open-booking-api/EditorsDraft/",
            Self::TestInterface => "https://openactive.io/test-interface/",
        }
    }

    /// Its name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::OpenBookingApi => "Open Booking API",
            Self::TestInterface => "Test Interface",
        }
    }
}

/// Names that stand for several types of the data model.
const GROUPS: &[(&str, &[&str])] = &[
    ("orders", &["Order", "OrderProposal", "OrderQuote"]),
    (
        "opportunities",
        &[
            "CourseInstance",
            "Event",
            "EventSeries",
            "FacilityUse",
            "HeadlineEvent",
            "IndividualFacilityUse",
            "OnDemandEvent",
            "ScheduledSession",
            "SessionSeries",
            "Slot",
        ],
    ),
];

/// Whether a type of the data model is the wanted one, or one of the wanted group.
fn is_of(model: &str, wanted: &str) -> bool {
    match GROUPS.iter().find(|(name, _)| *name == wanted) {
        Some((_, models)) => models.contains(&model),
        None if wanted == "errors" => model.ends_with("Error"),
        None => model == wanted,
    }
}

/// A rule of validation that judges a requirement, and where it does: `RequiredFieldsRule Order.seller`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModelRule {
    /// The rule, by its name.
    pub rule: String,
    /// The type that it is about, or the name of a group of types; none for every type.
    pub model: Option<String>,
    /// The property that it is about; none for every property.
    pub field: Option<String>,
}

impl ModelRule {
    /// Reads `Rule`, `Rule Model`, `Rule Model.field`, where a star is every type, `opportunities` every type of
    /// opportunity, `errors` every type of error, and `orders` Order, OrderProposal and OrderQuote.
    fn of(text: &str) -> Self {
        let (rule, rest) = text.split_once(' ').unwrap_or((text, ""));
        let (model, field) = rest.split_once('.').unwrap_or((rest, ""));
        let some = |text: &str| (!text.is_empty() && text != "*").then(|| text.to_owned());
        Self { rule: rule.to_owned(), model: some(model), field: some(field) }
    }

    /// Whether it is about objects of a type.
    #[must_use]
    pub fn is_about(&self, model: Option<&str>) -> bool {
        self.model.as_deref().is_none_or(|wanted| model.is_some_and(|model| is_of(model, wanted)))
    }

    /// Whether a finding of `rule` about `model`, at the property at the end of `path`, is one of this.
    #[must_use]
    pub fn finds(&self, rule: &str, model: Option<&str>, path: &str) -> bool {
        self.rule == rule
            && self.is_about(model)
            && self.field.as_deref().is_none_or(|wanted| last_property(path) == wanted.trim_start_matches('@'))
    }
}

impl fmt::Display for ModelRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rule)?;
        match (&self.model, &self.field) {
            (None, None) => Ok(()),
            (model, None) => write!(f, " {}", model.as_deref().unwrap_or("*")),
            (model, Some(field)) => write!(f, " {}.{field}", model.as_deref().unwrap_or("*")),
        }
    }
}

/// The property at the end of a path, without places in lists and without `@`.
fn last_property(path: &str) -> &str {
    let end = path.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '"'));
    let start = end.rfind(['.', '"', '@', '[']).map_or(0, |at| at + 1);
    end.get(start..).unwrap_or_default()
}

/// One normative statement.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// Its identifier, such as `OB-media-types-3`.
    pub id: String,
    /// The document that it stands in.
    pub of: Specification,
    /// The section of that document: the anchor, without `#`.
    pub section: String,
    /// Its level.
    pub level: Level,
    /// The party that it binds.
    pub binds: Bound,
    /// Stages at which it can be observed.
    pub shows: Vec<Stage>,
    /// Its observability.
    pub observed: Observed,
    /// Conformance, in one sentence.
    pub says: String,
    /// The rules of validation that judge it.
    pub model: Vec<ModelRule>,
    /// Whether the data model of today asks for less: breaking it is a warning then.
    pub relaxed: bool,
    /// Why nothing judges it, although it could be seen.
    pub exception: Option<String>,
    /// The open question that it is part of: the specifications allow other choices, which conform as well.
    pub open: Option<String>,
    /// Under which condition it is judged, where not every run judges it.
    pub chance: Option<String>,
}

impl Requirement {
    /// The section of the specification, as a URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}#{}", self.of.url(), self.section)
    }

    /// How much breaking it matters.
    #[must_use]
    pub const fn grade(&self) -> Grade {
        match self.level {
            Level::Must | Level::MustNot if !self.relaxed => Grade::Must,
            Level::May => Grade::May,
            _ => Grade::Should,
        }
    }

    /// Whether it is about something of a booking system that a client can observe.
    #[must_use]
    pub fn is_observable(&self) -> bool {
        self.binds == Bound::BookingSystem && self.observed != Observed::No
    }
}

/// All of them, in the order of the documents.
#[derive(Debug, Default)]
pub struct Requirements {
    all: Vec<Requirement>,
    by_id: HashMap<String, usize>,
    /// Requirement and rule, for each rule that judges one.
    rules: HashMap<String, Vec<(usize, usize)>>,
}

impl Requirements {
    /// Those that are part of the program. A test sees to it that nothing is wrong in them.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static ALL: LazyLock<Requirements> =
            LazyLock::new(|| Requirements::from_text(REQUIREMENTS_FILE, &unpacked(PACKED)).unwrap_or_default());
        &ALL
    }

    /// Reads them.
    ///
    /// # Errors
    /// Problems of the text, each with its place.
    pub fn from_text(name: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let problems = Problems::default();
        let node = parse_yaml(name, text).map_err(|problem| vec![problem])?;
        let mut read = Self::default();
        match &node.kind {
            NodeKind::List(sections) => sections.iter().for_each(|section| read.section(section, &problems)),
            _ => problems.add(Problem::new(&node.spot, "expected a list of sections")),
        }
        if problems.is_empty() { Ok(read) } else { Err(problems.into_vec()) }
    }

    fn section(&mut self, node: &Node, problems: &Problems) {
        let Some(fields) = Fields::of(node, "a section", problems) else { return };
        let of = fields.need("of").and_then(|node| fields.name_at(node));
        let section = fields.need_text("section");
        for node in fields.list("requirements") {
            let Some((of, section)) = of.zip(section) else { continue };
            let Some(requirement) = read(node, of, section, problems) else { continue };
            let at = self.all.len();
            if self.by_id.insert(requirement.id.clone(), at).is_some() {
                problems.add(Problem::new(&node.spot, format!("a second `{}`", requirement.id)));
            }
            for (number, rule) in requirement.model.iter().enumerate() {
                self.rules.entry(rule.rule.clone()).or_default().push((at, number));
            }
            self.all.push(requirement);
        }
        fields.finish();
    }

    /// All of them, in the order of the documents.
    #[must_use]
    pub fn all(&self) -> &[Requirement] {
        &self.all
    }

    /// The one with this identifier.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Requirement> {
        self.by_id.get(id).and_then(|at| self.all.get(*at))
    }

    /// An identifier that may have been meant by one that does not exist.
    #[must_use]
    pub fn closest(&self, id: &str) -> Option<&str> {
        closest(id, self.all.iter().map(|requirement| requirement.id.as_str()))
    }

    /// The requirements that a finding of validation says are broken, in `place`.
    #[must_use]
    pub fn broken(&self, rule: &str, model: Option<&str>, path: &str, place: Option<Stage>) -> Vec<&Requirement> {
        let mut found: Vec<(&Requirement, bool)> = Vec::new();
        for (at, number) in self.rules.get(rule).map(Vec::as_slice).unwrap_or_default() {
            let Some(requirement) = self.all.get(*at) else { continue };
            let here =
                place.is_none_or(|place| requirement.shows.iter().any(|shows| [place, Stage::Any].contains(shows)));
            let Some(finds) = requirement.model.get(*number).filter(|known| known.finds(rule, model, path)) else {
                continue;
            };
            if here && !found.iter().any(|(known, _)| known.id == requirement.id) {
                found.push((requirement, finds.field.is_some()));
            }
        }
        // A rule about the property is more specific than one for all properties.
        let named = found.iter().any(|(_, named)| *named);
        found.into_iter().filter(|(_, names)| *names || !named).map(|(requirement, _)| requirement).collect()
    }

    /// How much a check matters that judges these: as the gravest of them, and as a MUST where it judges none by name.
    #[must_use]
    pub fn grade<'i>(&self, ids: impl IntoIterator<Item = &'i str>) -> Grade {
        ids.into_iter().filter_map(|id| self.get(id)).map(Requirement::grade).min().unwrap_or(Grade::Must)
    }
}

fn read(node: &Node, of: Specification, section: &str, problems: &Problems) -> Option<Requirement> {
    let fields = Fields::of(node, "a requirement", problems)?;
    let id = fields.need_text("id").map(str::to_owned);
    let level = fields.need("level").and_then(|node| fields.name_at(node));
    let binds = fields.need("binds").and_then(|node| fields.name_at(node));
    let shows: Vec<Stage> = fields.list("shows").iter().filter_map(|node| fields.name_at(node)).collect();
    let observed = fields.need("observed").and_then(|node| fields.name_at(node));
    let says = fields.need_text("says").map(str::to_owned);
    let model = fields.list("model").iter().filter_map(Node::as_text).map(ModelRule::of).collect();
    let relaxed = fields.flag("relaxed", false);
    let exception = fields.text("exception").map(str::to_owned);
    let open = fields.text("open").map(str::to_owned);
    let chance = fields.text("if").map(str::to_owned);
    fields.finish();
    Some(Requirement {
        id: id?,
        of,
        section: section.to_owned(),
        level: level?,
        binds: binds?,
        shows,
        observed: observed?,
        says: says?,
        model,
        relaxed,
        exception,
        open,
        chance,
    })
}
