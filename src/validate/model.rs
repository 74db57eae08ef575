//! The OpenActive data model, compiled from `fixtures/` into numbers and bits.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use serde_json::Value;

use super::mode::{MODE_COUNT, Mode};

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
    /// Whether the key stands for a name, whichever way it is written.
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

    /// Whether a key stands for a name of the set.
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

/// What a field may hold.
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
    /// Whether it is a list of them.
    pub(super) list: bool,
    pub(super) kind: Kind,
    /// As the model writes it.
    pub(super) text: &'static str,
}

/// What the text of a field must be made like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Constraint {
    UriTemplate,
    Uuid,
}

/// Which fields are inherited along a property.
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
    /// The one model of its values, where nothing else is possible.
    pub(super) model: Option<TypeId>,
}

/// What a mode demands of a type.
#[derive(Debug, Clone, Default)]
pub(super) struct Demands {
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
    field_of: Vec<u8>,
    pub(super) ancestors: Vec<TypeId>,
    pub(super) schema_class: Option<&'static str>,
    pub(super) classes: Vec<&'static str>,
    pub(super) typos: Vec<(&'static str, &'static str)>,
    demands: Vec<u16>,
    within: Vec<(&'static str, Vec<Option<u16>>)>,
    /// The kind of event that it is for rules that speak of some of them.
    pub(super) event: bool,
    pub(super) scheduled: bool,
}

impl Type {
    /// The field that a key stands for.
    pub(super) fn field(&self, key: KeyNames) -> Option<&Field> {
        self.field_named(key.alias).or_else(|| self.field_named(key.label))
    }

    pub(super) fn field_named(&self, name: NameId) -> Option<&Field> {
        let index = *self.field_of.get(usize::from(name))?;
        self.fields.get(usize::from(index))
    }

    /// Whether it is a kind of another type, or that type itself.
    pub(super) fn is_a(&self, other: TypeId) -> bool {
        self.id == other || self.ancestors.contains(&other)
    }
}

/// An enumeration.
#[derive(Debug)]
pub(super) struct Enumeration {
    /// Its own identifier.
    pub(super) iri: String,
    pub(super) values: Vec<String>,
}

macro_rules! known_names {
    ($($name:ident = $text:literal),+ $(,)?) => {
        /// Names that rules speak of.
        #[derive(Debug)]
        pub(super) struct Known { $( pub(super) $name: NameId, )+ }

        impl Known {
            const TEXTS: &[&str] = &[ $( $text, )+ ];

            fn new(ids: &FxHashMap<&'static str, NameId>) -> Self {
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
    names: Vec<&'static str>,
    spellings: FxHashMap<&'static str, KeyNames>,
    pub(super) prefixes: Vec<(&'static str, &'static str)>,
    aliases: Vec<(&'static str, &'static str)>,
    pub(super) types: Vec<Type>,
    type_names: FxHashMap<&'static str, TypeId>,
    pub(super) enumerations: Vec<Enumeration>,
    demands: Vec<Demands>,
    pub(super) vocabularies: Vocabularies,
}

/// Lists that rules look into.
#[derive(Debug)]
pub(super) struct Vocabularies {
    pub(super) ancestors: FxHashMap<&'static str, Vec<&'static str>>,
    pub(super) terms: FxHashMap<&'static str, FxHashSet<&'static str>>,
    pub(super) anywhere: FxHashSet<&'static str>,
    pub(super) properties: FxHashSet<String>,
    pub(super) countries: FxHashSet<&'static str>,
    pub(super) currencies: FxHashSet<&'static str>,
    pub(super) entities: FxHashSet<&'static str>,
}

/// The model, compiled when it is first asked for.
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

const KEYWORDS: &[&str] = &[
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

/// Whether a text is made of the letters of a plain name.
fn plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl Model {
    /// Resolves a name against the OpenActive context, and what other contexts add to it.
    pub(super) fn resolve(&self, name: &str, more: &[super::contexts::Context]) -> Resolved {
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

    /// The names that a key stands for.
    pub(super) fn key(&self, key: &str) -> KeyNames {
        if let Some(names) = self.spellings.get(key) {
            return *names;
        }
        // What is plain and has no alias stands for itself alone, and would have been found.
        if plain(key) { UNKNOWN } else { self.other_key(key) }
    }

    fn other_key(&self, key: &str) -> KeyNames {
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

    /// A name as documents write it.
    pub(super) fn shown(&self, id: NameId) -> &'static str {
        match self.name(id) {
            "id" => "@id",
            "type" => "@type",
            name => name,
        }
    }

    /// A type by what a document calls it.
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

    /// A type by its own name.
    pub(super) fn type_named(&self, name: &str) -> Option<&Type> {
        self.type_at(*self.type_names.get(name)?)
    }

    pub(super) fn type_at(&self, id: TypeId) -> Option<&Type> {
        self.types.get(usize::from(id))
    }

    /// What a mode demands of a type, under the property that holds it.
    pub(super) fn demands(&self, kind: Option<&Type>, mode: Mode, holder: Option<&str>) -> &Demands {
        let Some(kind) = kind else { return &NOTHING };
        let index = mode.index();
        let within = holder
            .filter(|_| !kind.within.is_empty())
            .and_then(|holder| kind.within.iter().find(|(name, _)| *name == holder))
            .and_then(|(_, modes)| modes.get(index).copied().flatten());
        let chosen = within.or_else(|| kind.demands.get(index).copied()).unwrap_or_default();
        self.demands.get(usize::from(chosen)).unwrap_or(&NOTHING)
    }
}

static NOTHING: Demands = Demands {
    required: Vec::new(),
    recommended: Vec::new(),
    groups: Vec::new(),
    shall_not_include: Names([0; 5]),
    referenced: Vec::new(),
    not_referenced: Vec::new(),
    not_referenced_names: Names([0; 5]),
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawModel {
    #[serde(borrow)]
    prefixes: Vec<(&'static str, &'static str)>,
    aliases: Vec<(&'static str, &'static str)>,
    enums: BTreeMap<&'static str, RawEnum>,
    models: BTreeMap<&'static str, RawType>,
}

#[derive(Deserialize)]
struct RawEnum {
    #[serde(borrow)]
    namespace: &'static str,
    values: Vec<&'static str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawType {
    #[serde(borrow)]
    ancestors: Vec<&'static str>,
    in_spec: Vec<&'static str>,
    #[serde(default)]
    not_in_spec: Vec<&'static str>,
    fields: Vec<RawField>,
    defaults: RawDemands,
    by_mode: Vec<RawByMode>,
    #[serde(default)]
    within: BTreeMap<&'static str, Vec<RawByMode>>,
    json_ld: Option<bool>,
    #[serde(default)]
    typos: BTreeMap<&'static str, &'static str>,
    schema_class: Option<&'static str>,
    #[serde(default)]
    classes: Vec<&'static str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawField {
    #[serde(borrow)]
    name: &'static str,
    types: Vec<&'static str>,
    same_as: Option<&'static str>,
    content: Option<Value>,
    #[serde(default)]
    options: Vec<&'static str>,
    min_decimals: Option<i32>,
    max_decimals: Option<i32>,
    least: Option<f64>,
    constraint: Option<&'static str>,
    inherits_from: Option<RawInheritance>,
    inherits_to: Option<RawInheritance>,
    #[serde(default)]
    referencing: bool,
    #[serde(default)]
    deprecated: bool,
    model: Option<&'static str>,
}

#[derive(Deserialize)]
struct RawInheritance {
    #[serde(borrow)]
    exclude: Option<Vec<&'static str>>,
    include: Option<Vec<&'static str>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct RawDemands {
    #[serde(borrow, default)]
    required: Vec<&'static str>,
    #[serde(default)]
    recommended: Vec<&'static str>,
    #[serde(default)]
    required_options: Vec<Vec<&'static str>>,
    #[serde(default)]
    shall_not_include: Vec<&'static str>,
    #[serde(default)]
    referenced: Vec<&'static str>,
    #[serde(default)]
    shall_not_be_referenced: Vec<&'static str>,
}

#[derive(Deserialize)]
struct RawByMode {
    #[serde(borrow)]
    modes: Vec<&'static str>,
    #[serde(flatten)]
    demands: RawDemands,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawVocabularies {
    schema_org: RawSchemaOrg,
    #[serde(borrow)]
    properties: BTreeMap<&'static str, Vec<&'static str>>,
    countries: Vec<&'static str>,
    currencies: Vec<&'static str>,
    entities: Vec<&'static str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawSchemaOrg {
    #[serde(borrow)]
    ancestors_by_base_class: BTreeMap<&'static str, Vec<&'static str>>,
    properties_by_class: BTreeMap<&'static str, Vec<&'static str>>,
    terms_without_domain: Vec<&'static str>,
}

const EVENTS: &[&str] =
    &["Event", "CourseInstance", "EventSeries", "HeadlineEvent", "ScheduledSession", "SessionSeries"];

struct Compiler {
    ids: FxHashMap<&'static str, NameId>,
    names: Vec<&'static str>,
}

impl Compiler {
    fn id(&mut self, name: &'static str) -> NameId {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = NameId::try_from(self.names.len()).unwrap_or(NONE);
        self.names.push(name);
        self.ids.insert(name, id);
        id
    }

    fn set(&mut self, names: &[&'static str]) -> Names {
        let mut set = Names::default();
        for name in names {
            set.insert(self.id(name));
        }
        set
    }

    fn list(&mut self, names: &[&'static str]) -> Vec<NameId> {
        names.iter().map(|name| self.id(name)).collect()
    }

    fn inheritance(&mut self, raw: &RawInheritance) -> Inheritance {
        match (&raw.exclude, &raw.include) {
            (Some(names), _) => Inheritance::AllBut(self.set(names)),
            (None, Some(names)) => Inheritance::Only(self.set(names)),
            (None, None) => Inheritance::Only(Names::default()),
        }
    }

    fn demands(&mut self, raw: &RawDemands) -> Demands {
        Demands {
            required: self.list(&raw.required),
            recommended: self.list(&raw.recommended),
            groups: raw.required_options.iter().map(|group| self.list(group)).collect(),
            shall_not_include: self.set(&raw.shall_not_include),
            referenced: self.list(&raw.referenced),
            not_referenced: self.list(&raw.shall_not_be_referenced),
            not_referenced_names: self.set(&raw.shall_not_be_referenced),
        }
    }

    fn field(
        &mut self,
        raw: &RawField,
        types: &FxHashMap<&'static str, TypeId>,
        enumerations: &[Enumeration],
    ) -> Field {
        let field_types: Vec<FieldType> = raw
            .types
            .iter()
            .map(|text| {
                let (list, rest) = text.strip_prefix("ArrayOf#").map_or((false, *text), |rest| (true, rest));
                let kind = if let Some(scalar) = Scalar::ALL.iter().find(|scalar| scalar.iri() == rest) {
                    Kind::Scalar(*scalar)
                } else if let Some(index) = enumerations.iter().position(|known| known.iri == rest) {
                    Kind::Enumeration(index)
                } else if let Some(id) = types.get(rest.trim_start_matches('#')) {
                    Kind::Model(*id)
                } else {
                    Kind::Other
                };
                FieldType { list, kind, text }
            })
            .collect();
        Field {
            name: self.id(raw.name),
            can_be_list: field_types.iter().any(|kind| kind.list),
            types: field_types,
            currency: raw.same_as == Some("https://schema.org/priceCurrency"),
            content: raw.content.clone(),
            options: raw.options.clone(),
            min_decimals: raw.min_decimals,
            max_decimals: raw.max_decimals,
            least: raw.least,
            constraint: raw
                .constraint
                .map(|constraint| if constraint == "UUID" { Constraint::Uuid } else { Constraint::UriTemplate }),
            inherits_from: raw.inherits_from.as_ref().map(|raw| self.inheritance(raw)),
            inherits_to: raw.inherits_to.as_ref().map(|raw| self.inheritance(raw)),
            referencing: raw.referencing,
            deprecated: raw.deprecated,
            model: raw.model.and_then(|name| types.get(name).copied()),
        }
    }
}

/// What stands in `fixtures/` is checked by a test; should it ever be unreadable, nothing is known of anything.
fn read<T: Deserialize<'static>>(text: &'static str) -> Option<T> {
    serde_json::from_str(text).ok()
}

fn compile() -> Model {
    let raw: RawModel = read(include_str!("../../fixtures/openactive-model.json")).unwrap_or(RawModel {
        prefixes: Vec::new(),
        aliases: Vec::new(),
        enums: BTreeMap::new(),
        models: BTreeMap::new(),
    });
    let mut compiler = Compiler { ids: FxHashMap::default(), names: Vec::new() };
    for name in Known::TEXTS {
        compiler.id(name);
    }
    let enumerations: Vec<Enumeration> = raw
        .enums
        .iter()
        .map(|(name, raw)| Enumeration {
            iri: format!("{}{name}", raw.namespace),
            values: raw.values.iter().map(|value| format!("{}{value}", raw.namespace)).collect(),
        })
        .collect();
    let type_names: FxHashMap<&'static str, TypeId> =
        raw.models.keys().zip(0..).map(|(name, id)| (*name, id)).collect();
    let mut demands: Vec<Demands> = Vec::new();
    let mut types = Vec::with_capacity(raw.models.len());
    for ((name, raw), id) in raw.models.iter().zip(0..) {
        types.push(compile_type(&mut compiler, &mut demands, name, id, raw, &type_names, &enumerations));
    }
    // Where each field of a type stands: only now every name has its number.
    for kind in &mut types {
        kind.field_of = vec![u8::MAX; compiler.names.len()];
        for (index, field) in kind.fields.iter().enumerate() {
            if let Some(place) = kind.field_of.get_mut(usize::from(field.name)) {
                *place = u8::try_from(index).unwrap_or(u8::MAX);
            }
        }
    }
    let mut model = Model {
        known: Known::new(&compiler.ids),
        names: compiler.names,
        spellings: FxHashMap::default(),
        prefixes: raw.prefixes,
        aliases: raw.aliases,
        types,
        type_names,
        enumerations,
        demands,
        vocabularies: vocabularies(),
    };
    model.spellings = spellings(&model, &compiler.ids);
    model
}

fn compile_type(
    compiler: &mut Compiler,
    demands: &mut Vec<Demands>,
    name: &'static str,
    id: TypeId,
    raw: &RawType,
    types: &FxHashMap<&'static str, TypeId>,
    enumerations: &[Enumeration],
) -> Type {
    let mut add = |compiler: &mut Compiler, raw: &RawDemands| {
        demands.push(compiler.demands(raw));
        u16::try_from(demands.len() - 1).unwrap_or_default()
    };
    let usual = add(compiler, &raw.defaults);
    let mut by_mode = vec![usual; MODE_COUNT];
    for group in &raw.by_mode {
        let number = add(compiler, &group.demands);
        for mode in group.modes.iter().filter_map(|mode| mode.parse::<Mode>().ok()) {
            if let Some(place) = by_mode.get_mut(mode.index()) {
                *place = number;
            }
        }
    }
    let mut within = Vec::new();
    for (holder, groups) in &raw.within {
        let mut modes = vec![None; MODE_COUNT];
        for group in groups {
            let number = add(compiler, &group.demands);
            for mode in group.modes.iter().filter_map(|mode| mode.parse::<Mode>().ok()) {
                if let Some(place) = modes.get_mut(mode.index()) {
                    *place = Some(number);
                }
            }
        }
        within.push((*holder, modes));
    }
    let event = EVENTS.contains(&name);
    Type {
        name,
        id,
        json_ld: raw.json_ld.unwrap_or(true),
        in_spec: compiler.set(&raw.in_spec),
        not_in_spec: compiler.set(&raw.not_in_spec),
        fields: raw.fields.iter().map(|field| compiler.field(field, types, enumerations)).collect(),
        field_of: Vec::new(),
        ancestors: raw.ancestors.iter().filter_map(|name| types.get(name).copied()).collect(),
        schema_class: raw.schema_class,
        classes: raw.classes.clone(),
        typos: raw.typos.iter().map(|(typo, meant)| (*typo, *meant)).collect(),
        demands: by_mode,
        within,
        event,
        scheduled: event || ["Schedule", "Slot"].contains(&name),
    }
}

/// Every way to write a name, with what it stands for.
fn spellings(model: &Model, ids: &FxHashMap<&'static str, NameId>) -> FxHashMap<&'static str, KeyNames> {
    let mut spellings: FxHashMap<&'static str, KeyNames> = FxHashMap::default();
    let id = |name: &str| ids.get(name).copied().unwrap_or(NONE);
    let mut add = |key: &str, found: NameId| {
        let resolved = model.resolve(key, &[]);
        let names = KeyNames { found, alias: resolved.alias.as_deref().map_or(NONE, id), label: id(&resolved.label) };
        // Once for each name of the model, for as long as the program runs.
        spellings.entry(Box::leak(key.to_owned().into_boxed_str())).or_insert(names);
    };
    for (name, found) in ids {
        let resolved = model.resolve(name, &[]);
        add(name, *found);
        let prefixed = resolved.prefix.as_ref().map(|prefix| format!("{prefix}:{}", resolved.label));
        let full = resolved.namespace.as_ref().map(|namespace| format!("{namespace}{}", resolved.label));
        let texts = [resolved.alias.clone(), Some(resolved.label.clone()), prefixed, full];
        for text in texts.into_iter().flatten() {
            if ids.get(text.as_str()).is_none_or(|other| other == found) {
                add(&text, *found);
            }
        }
    }
    spellings
}

fn vocabularies() -> Vocabularies {
    let raw: Option<RawVocabularies> = read(include_str!("../../fixtures/vocabularies.json"));
    let Some(raw) = raw else {
        return Vocabularies {
            ancestors: FxHashMap::default(),
            terms: FxHashMap::default(),
            anywhere: FxHashSet::default(),
            properties: FxHashSet::default(),
            countries: FxHashSet::default(),
            currencies: FxHashSet::default(),
            entities: FxHashSet::default(),
        };
    };
    let properties = raw
        .properties
        .iter()
        .flat_map(|(namespace, names)| names.iter().map(move |name| format!("{namespace}{name}")))
        .collect();
    Vocabularies {
        ancestors: raw.schema_org.ancestors_by_base_class.into_iter().collect(),
        terms: raw
            .schema_org
            .properties_by_class
            .into_iter()
            .map(|(class, terms)| (class, terms.into_iter().collect()))
            .collect(),
        anywhere: raw.schema_org.terms_without_domain.into_iter().collect(),
        properties,
        countries: raw.countries.into_iter().collect(),
        currencies: raw.currencies.into_iter().collect(),
        entities: raw.entities.into_iter().collect(),
    }
}
