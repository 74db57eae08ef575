//! The OpenActive data model, compiled from `fixtures/` into numbers and bits.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::compile::compile;
use super::context::Context;
use super::mode::ValidationMode;

/// The number of a name of the model.
pub(super) type NameId = u16;
/// No name.
pub(super) const NONE: NameId = NameId::MAX;
/// The number of a type of the model.
pub(super) type TypeId = u16;

/// The names that a key of a document stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyNames {
    /// The name that is found when it is looked up.
    pub(super) found: NameId,
    /// The name by its alias.
    pub(super) alias: NameId,
    /// The name without its prefix.
    pub(super) label: NameId,
}

impl KeyNames {
    /// `true` if the key stands for a name, in any spelling.
    pub(super) const fn is(self, name: NameId) -> bool {
        name != NONE && (self.alias == name || self.label == name)
    }
}

const UNKNOWN: KeyNames = KeyNames { found: NONE, alias: NONE, label: NONE };

/// A set of names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Names([u64; 5]);

impl Names {
    pub(super) fn insert(&mut self, name: NameId) {
        if let Some(word) = self.0.get_mut(usize::from(name / 64)) {
            *word |= 1 << (name % 64);
        }
    }

    pub(super) fn has(&self, name: NameId) -> bool {
        self.0.get(usize::from(name / 64)).is_some_and(|word| word & (1 << (name % 64)) != 0)
    }

    /// `true` if a key stands for a name of the set.
    pub(super) fn has_key(&self, key: KeyNames) -> bool {
        self.has(key.alias) || self.has(key.label)
    }
}

/// Scalars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalar {
    Boolean,
    Integer,
    Number,
    Text,
    Date,
    DateTime,
    Time,
    Duration,
    Url,
    Property,
}

impl Scalar {
    pub(super) const ALL: [Self; 10] = [
        Self::Boolean,
        Self::Integer,
        Self::Number,
        Self::Text,
        Self::Date,
        Self::DateTime,
        Self::Time,
        Self::Duration,
        Self::Url,
        Self::Property,
    ];

    pub(super) const fn iri(self) -> &'static str {
        match self {
            Self::Boolean => "https://schema.org/Boolean",
            Self::Integer => "https://schema.org/Integer",
            Self::Number => "https://schema.org/Number",
            Self::Text => "https://schema.org/Text",
            Self::Date => "https://schema.org/Date",
            Self::DateTime => "https://schema.org/DateTime",
            Self::Time => "https://schema.org/Time",
            Self::Duration => "https://schema.org/Duration",
            Self::Url => "https://schema.org/URL",
            Self::Property => "https://schema.org/Property",
        }
    }
}

/// An allowed type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar(Scalar),
    Enumeration(usize),
    Model(TypeId),
    Other,
}

/// One of the types of a field.
#[derive(Debug, Clone)]
pub(super) struct FieldType {
    /// `true` for a list of values.
    pub(super) list: bool,
    pub(super) kind: Kind,
    /// Name as in the model.
    pub(super) text: &'static str,
}

/// Required format of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Constraint {
    UriTemplate,
    Uuid,
}

/// Fields that are inherited along a property.
#[derive(Debug, Clone)]
pub(super) enum Inheritance {
    AllBut(Names),
    Only(Names),
}

impl Inheritance {
    pub(super) fn allows(&self, name: NameId) -> bool {
        match self {
            Self::AllBut(names) => !names.has(name),
            Self::Only(names) => names.has(name),
        }
    }
}

/// A field of a type.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: NameId,
    pub(super) types: Vec<FieldType>,
    pub(super) can_be_list: bool,
    pub(super) currency: bool,
    pub(super) content: Option<Value>,
    pub(super) options: Vec<&'static str>,
    pub(super) min_decimals: Option<i32>,
    pub(super) max_decimals: Option<i32>,
    pub(super) least: Option<f64>,
    pub(super) constraint: Option<Constraint>,
    pub(super) inherits_from: Option<Inheritance>,
    pub(super) inherits_to: Option<Inheritance>,
    pub(super) referencing: bool,
    pub(super) deprecated: bool,
    /// The type of its values, if it is the only one.
    pub(super) model: Option<TypeId>,
    /// The expected value in words.
    pub(super) expected: String,
}

/// The properties that a mode requires, recommends and forbids on a type.
#[derive(Debug, Clone, Default)]
pub(super) struct FieldRules {
    pub(super) required: Vec<NameId>,
    pub(super) recommended: Vec<NameId>,
    pub(super) groups: Vec<Vec<NameId>>,
    pub(super) shall_not_include: Names,
    pub(super) referenced: Vec<NameId>,
    pub(super) not_referenced: Vec<NameId>,
    pub(super) not_referenced_names: Names,
}

/// A type of the model.
#[derive(Debug)]
pub(super) struct Type {
    pub(super) name: &'static str,
    pub(super) id: TypeId,
    pub(super) json_ld: bool,
    pub(super) in_spec: Names,
    pub(super) not_in_spec: Names,
    pub(super) fields: Vec<Field>,
    pub(super) field_of: Vec<u8>,
    pub(super) ancestors: Vec<TypeId>,
    pub(super) schema_class: Option<&'static str>,
    pub(super) classes: Vec<&'static str>,
    pub(super) typos: Vec<(&'static str, &'static str)>,
    pub(super) field_rules: Vec<u16>,
    pub(super) within: Vec<(&'static str, Vec<Option<u16>>)>,
    /// `true` for the types that rules about events apply to.
    pub(super) event: bool,
    pub(super) scheduled: bool,
}

impl Type {
    /// The field of a key.
    pub(super) fn field(&self, key: KeyNames) -> Option<&Field> {
        self.field_named(key.alias).or_else(|| self.field_named(key.label))
    }

    pub(super) fn field_named(&self, name: NameId) -> Option<&Field> {
        let index = *self.field_of.get(usize::from(name))?;
        self.fields.get(usize::from(index))
    }

    /// `true` for the type itself and its subclasses.
    pub(super) fn is_a(&self, other: TypeId) -> bool {
        self.id == other || self.ancestors.contains(&other)
    }
}

/// An enumeration.
#[derive(Debug)]
pub(super) struct Enumeration {
    /// IRI of the enumeration.
    pub(super) iri: String,
    pub(super) values: Vec<String>,
}

macro_rules! known_names {
    ($($name:ident = $text:literal),+ $(,)?) => {
        /// Names that rules use.
        #[derive(Debug)]
        pub(super) struct Known { $( pub(super) $name: NameId, )+ }

        impl Known {
            pub(super) const TEXTS: &[&str] = &[ $( $text, )+ ];

            pub(super) fn new(ids: &FxHashMap<&'static str, NameId>) -> Self {
                Self { $( $name: ids.get($text).copied().unwrap_or(NONE), )+ }
            }
        }
    };
}

known_names! {
    id = "id", kind = "type", activity = "activity", address = "address", address_country = "addressCountry",
    age_range = "ageRange", available_channel = "availableChannel", broader = "broader", by_day = "byDay",
    definition = "definition", duration = "duration", end_date = "endDate", event_attendance_mode = "eventAttendanceMode",
    event_schedule = "eventSchedule", event_status = "eventStatus", gender_restriction = "genderRestriction",
    in_scheme = "inScheme", is_accessible_for_free = "isAccessibleForFree",
    latitude = "latitude",
    location = "location", longitude = "longitude", max_value = "maxValue", min_value = "minValue",
    narrower = "narrower", offers = "offers", pref_label = "prefLabel", price = "price",
    price_currency = "priceCurrency", related = "related",
    scheduled_event_type = "scheduledEventType",
    start_date = "startDate", state = "state", sub_event = "subEvent",
    thumbnail = "thumbnail", url = "url",
}

/// The whole model.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) known: Known,
    pub(super) names: Vec<&'static str>,
    pub(super) spellings: FxHashMap<&'static str, KeyNames>,
    pub(super) prefixes: Vec<(&'static str, &'static str)>,
    pub(super) aliases: Vec<(&'static str, &'static str)>,
    pub(super) types: Vec<Type>,
    pub(super) type_names: FxHashMap<&'static str, TypeId>,
    pub(super) enumerations: Vec<Enumeration>,
    pub(super) field_rules: Vec<FieldRules>,
    pub(super) vocabularies: Vocabularies,
}

/// ActivityLists that rules look into.
#[derive(Debug)]
pub(super) struct Vocabularies {
    pub(super) ancestors: FxHashMap<&'static str, Vec<&'static str>>,
    pub(super) terms: FxHashMap<&'static str, FxHashSet<&'static str>>,
    pub(super) anywhere: FxHashSet<&'static str>,
    /// Namespaces of properties, and the properties.
    pub(super) namespaces: Vec<&'static str>,
    pub(super) properties: FxHashSet<String>,
    pub(super) countries: FxHashSet<&'static str>,
    pub(super) currencies: FxHashSet<&'static str>,
    pub(super) entities: FxHashSet<&'static str>,
}

impl Vocabularies {
    /// `true` for the URL of a property.
    pub(super) fn is_property(&self, url: &str) -> bool {
        self.namespaces.iter().any(|namespace| url.starts_with(namespace)) && self.properties.contains(url)
    }
}

/// The model, compiled on first use.
pub(super) fn model() -> &'static Model {
    static MODEL: LazyLock<Model> = LazyLock::new(compile);
    &MODEL
}

/// A name, resolved against the prefixes and aliases of the OpenActive context and of others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Resolved {
    pub(super) prefix: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) label: String,
    pub(super) alias: Option<String>,
}

pub(super) const KEYWORDS: &[&str] = &[
    "@context",
    "@id",
    "@value",
    "@language",
    "@type",
    "@container",
    "@list",
    "@set",
    "@reverse",
    "@index",
    "@base",
    "@vocab",
    "@graph",
];

/// `true` for a name without prefix or namespace.
fn plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl Model {
    /// Resolves a name against the OpenActive context and `more` contexts.
    pub(super) fn resolve(&self, name: &str, more: &[Context]) -> Resolved {
        let mut name = name.to_owned();
        let mut alias: Option<String> = None;
        let aliases = || {
            let others = more.iter().flat_map(|context| context.aliases.iter());
            self.aliases.iter().copied().chain(others.map(|(key, target)| (key.as_str(), target.as_str())))
        };
        for (key, target) in aliases() {
            if name == target {
                alias = Some(key.to_owned());
            } else if name == key {
                alias = Some(key.to_owned());
                name = target.to_owned();
            }
        }
        if KEYWORDS.contains(&name.as_str()) {
            return Resolved { label: name, alias, ..Resolved::default() };
        }
        let others = more.iter().flat_map(|context| context.prefixes.iter());
        let prefixes = self.prefixes.iter().copied().chain(others.map(|(prefix, iri)| (prefix.as_str(), iri.as_str())));
        for (prefix, namespace) in prefixes {
            if let Some(label) = name.strip_prefix(namespace) {
                let target = format!("{prefix}:{label}");
                let late = aliases().find(|(key, to)| *key == label && *to == target).map(|(key, _)| key.to_owned());
                return Resolved {
                    prefix: Some(prefix.to_owned()),
                    namespace: Some(namespace.to_owned()),
                    label: label.to_owned(),
                    alias: late.or(alias),
                };
            }
            if let Some(label) = name.strip_prefix(prefix).and_then(|rest| rest.strip_prefix(':')) {
                return Resolved {
                    prefix: Some(prefix.to_owned()),
                    namespace: Some(namespace.to_owned()),
                    label: label.to_owned(),
                    alias,
                };
            }
        }
        if plain(&name) {
            return Resolved {
                prefix: Some("schema".to_owned()),
                namespace: Some("https://schema.org/".to_owned()),
                label: name,
                alias,
            };
        }
        Resolved { label: name, alias, ..Resolved::default() }
    }

    /// The names of a key.
    pub(super) fn key(&self, key: &str) -> KeyNames {
        if let Some(names) = self.spellings.get(key) {
            return *names;
        }
        // A plain name without alias is in `spellings`, or unknown.
        if plain(key) { UNKNOWN } else { self.other_key(key) }
    }

    pub(super) fn other_key(&self, key: &str) -> KeyNames {
        let resolved = self.resolve(key, &[]);
        let id = |name: &str| self.spellings.get(name).filter(|_| self.is_name(name)).map_or(NONE, |names| names.found);
        KeyNames { found: NONE, alias: resolved.alias.as_deref().map_or(NONE, id), label: id(&resolved.label) }
    }

    fn is_name(&self, name: &str) -> bool {
        self.spellings.get(name).is_some_and(|names| self.name(names.found) == name)
    }

    /// A name by its number.
    pub(super) fn name(&self, id: NameId) -> &'static str {
        self.names.get(usize::from(id)).copied().unwrap_or_default()
    }

    /// A name as written in objects of a type: in JSON-LD, `id` as `@id` and `type` as `@type`.
    pub(super) fn display_name(&self, kind: &Type, id: NameId) -> &'static str {
        match self.name(id) {
            "id" if kind.json_ld => "@id",
            "type" if kind.json_ld => "@type",
            name => name,
        }
    }

    /// A type by its name in a document, which may have a prefix.
    pub(super) fn type_called(&self, name: &str) -> Option<&Type> {
        if let Some(id) = self.type_names.get(name) {
            return self.type_at(*id);
        }
        if plain(name) {
            return None;
        }
        let alias = self.resolve(name, &[]).alias?;
        self.type_at(*self.type_names.get(alias.as_str())?)
    }

    /// A type by its name in the model.
    pub(super) fn type_named(&self, name: &str) -> Option<&Type> {
        self.type_at(*self.type_names.get(name)?)
    }

    pub(super) fn type_at(&self, id: TypeId) -> Option<&Type> {
        self.types.get(usize::from(id))
    }

    /// The field rules of a type in a mode, under the property that holds the object.
    pub(super) fn field_rules(&self, kind: Option<&Type>, mode: ValidationMode, holder: Option<&str>) -> &FieldRules {
        let Some(kind) = kind else { return &NO_FIELD_RULES };
        let index = mode.index();
        let within = holder
            .filter(|_| !kind.within.is_empty())
            .and_then(|holder| kind.within.iter().find(|(name, _)| *name == holder))
            .and_then(|(_, modes)| modes.get(index).copied().flatten());
        let chosen = within.or_else(|| kind.field_rules.get(index).copied()).unwrap_or_default();
        self.field_rules.get(usize::from(chosen)).unwrap_or(&NO_FIELD_RULES)
    }
}

static NO_FIELD_RULES: FieldRules = FieldRules {
    required: Vec::new(),
    recommended: Vec::new(),
    groups: Vec::new(),
    shall_not_include: Names([0; 5]),
    referenced: Vec::new(),
    not_referenced: Vec::new(),
    not_referenced_names: Names([0; 5]),
};
