//! Compiles the tables of the model in `fixtures/` into lookup structures.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use serde_json::Value;

use crate::vocabulary::unpacked;

use super::expected;
use super::mode::{MODE_COUNT, ValidationMode};
use super::model::{
    Constraint, Enumeration, Field, FieldRules, FieldType, Inheritance, KEYWORDS, KeyNames, Kind, Known, Model, NONE,
    NameId, Names, Scalar, Type, TypeId, Vocabularies,
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
    defaults: RawFieldRules,
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
struct RawFieldRules {
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
    field_rules: RawFieldRules,
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

    fn field_rules(&mut self, raw: &RawFieldRules) -> FieldRules {
        FieldRules {
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
            expected: match &raw.content {
                Some(content) => content.to_string(),
                None => expected::field_value(&field_types, &raw.options, enumerations),
            },
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

static MODEL: LazyLock<String> =
    LazyLock::new(|| unpacked(include_bytes!(concat!(env!("OUT_DIR"), "/openactive-model.packed"))));
static VOCABULARIES: LazyLock<String> =
    LazyLock::new(|| unpacked(include_bytes!(concat!(env!("OUT_DIR"), "/vocabularies.packed"))));

/// Reads a file of `fixtures/`; `None` if unreadable, which a test excludes.
fn read<T: Deserialize<'static>>(text: &'static str) -> Option<T> {
    serde_json::from_str(text).ok()
}

pub(super) fn compile() -> Model {
    let raw: RawModel = read(&MODEL).unwrap_or(RawModel {
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
    let mut field_rules: Vec<FieldRules> = Vec::new();
    let mut types = Vec::with_capacity(raw.models.len());
    for ((name, raw), id) in raw.models.iter().zip(0..) {
        types.push(compile_type(&mut compiler, &mut field_rules, name, id, raw, &type_names, &enumerations));
    }
    // Indexes of fields by name: only now does each name have its number.
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
        field_rules,
        vocabularies: vocabularies(),
    };
    model.spellings = spellings(&model, &compiler.ids);
    for keyword in KEYWORDS {
        let names = model.other_key(keyword);
        model.spellings.entry(keyword).or_insert(names);
    }
    model
}

fn compile_type(
    compiler: &mut Compiler,
    field_rules: &mut Vec<FieldRules>,
    name: &'static str,
    id: TypeId,
    raw: &RawType,
    types: &FxHashMap<&'static str, TypeId>,
    enumerations: &[Enumeration],
) -> Type {
    let mut add = |compiler: &mut Compiler, raw: &RawFieldRules| {
        field_rules.push(compiler.field_rules(raw));
        u16::try_from(field_rules.len() - 1).unwrap_or_default()
    };
    let usual = add(compiler, &raw.defaults);
    let mut by_mode = vec![usual; MODE_COUNT];
    for group in &raw.by_mode {
        let number = add(compiler, &group.field_rules);
        for mode in group.modes.iter().filter_map(|mode| mode.parse::<ValidationMode>().ok()) {
            if let Some(place) = by_mode.get_mut(mode.index()) {
                *place = number;
            }
        }
    }
    let mut within = Vec::new();
    for (holder, groups) in &raw.within {
        let mut modes = vec![None; MODE_COUNT];
        for group in groups {
            let number = add(compiler, &group.field_rules);
            for mode in group.modes.iter().filter_map(|mode| mode.parse::<ValidationMode>().ok()) {
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
        field_rules: by_mode,
        within,
        event,
        scheduled: event || ["Schedule", "Slot"].contains(&name),
    }
}

/// Each spelling of a name, with its names.
fn spellings(model: &Model, ids: &FxHashMap<&'static str, NameId>) -> FxHashMap<&'static str, KeyNames> {
    let mut spellings: FxHashMap<&'static str, KeyNames> = FxHashMap::default();
    let id = |name: &str| ids.get(name).copied().unwrap_or(NONE);
    let mut add = |key: &str, found: NameId| {
        let resolved = model.resolve(key, &[]);
        let names = KeyNames { found, alias: resolved.alias.as_deref().map_or(NONE, id), label: id(&resolved.label) };
        // Leaked once for each name of the model: the model lives as long as the program.
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
    let raw: Option<RawVocabularies> = read(&VOCABULARIES);
    let Some(raw) = raw else {
        return Vocabularies {
            ancestors: FxHashMap::default(),
            terms: FxHashMap::default(),
            anywhere: FxHashSet::default(),
            namespaces: Vec::new(),
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
        namespaces: raw.properties.keys().copied().collect(),
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
