//! What a comparison of documents takes into account.

use super::property::{self, Meaning};

/// Which properties one document may have and the other not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extras {
    /// None.
    Nowhere,
    /// Those of the document that was found.
    InFound,
    /// Those of either document: only what both have is compared.
    InBoth,
}

/// How two documents are compared.
///
/// In every policy, the order of properties has no meaning, numbers are decimals, and texts are what the data model has
/// their property hold ([`Meaning`]). `id` and `type` are `@id` and `@type`, as the OpenActive context has it. The entries
/// of lists must correspond one to one; extra ones are differences in every policy.
#[derive(Debug, Clone)]
pub struct Policy {
    pub(super) extras: Extras,
    pub(super) references: bool,
    pub(super) defaults: bool,
    context: bool,
    extensions: bool,
    empties: bool,
    normal_identifiers: bool,
    ordered: bool,
    ignored: Vec<String>,
    meanings: Vec<(String, Meaning)>,
    one_or_many: fn(&str) -> bool,
}

impl Policy {
    const fn new(extras: Extras) -> Self {
        Self {
            extras,
            references: false,
            defaults: false,
            context: false,
            extensions: true,
            empties: false,
            normal_identifiers: false,
            ordered: false,
            ignored: Vec::new(),
            meanings: Vec::new(),
            one_or_many: property::one_or_many,
        }
    }

    /// Both documents mean the same: a repeated B, an Offer that must not change.
    #[must_use]
    pub const fn same() -> Self {
        Self::new(Extras::Nowhere)
    }

    /// The document that was found has everything that is expected, and may have more: a reflected request.
    #[must_use]
    pub const fn includes() -> Self {
        Self::new(Extras::InFound)
    }

    /// The documents agree where both say something: an opportunity in a response and in its feed.
    #[must_use]
    pub const fn overlap() -> Self {
        Self::new(Extras::InBoth)
    }

    /// Compares `@context` as well.
    #[must_use]
    pub const fn with_context(mut self) -> Self {
        self.context = true;
        self
    }

    /// Leaves out properties with a prefix, such as `beta:` and `ext:`.
    #[must_use]
    pub const fn without_extensions(mut self) -> Self {
        self.extensions = false;
        self
    }

    /// Leaves out properties of these names, wherever they are.
    #[must_use]
    pub fn ignoring<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.ignored.extend(names.into_iter().map(Into::into));
        self
    }

    /// Takes a property that is absent for one with its default value ([`super::default_of`]).
    #[must_use]
    pub const fn with_defaults(mut self) -> Self {
        self.defaults = true;
        self
    }

    /// Takes the `@id` of something, as text, for the thing itself.
    #[must_use]
    pub const fn with_references(mut self) -> Self {
        self.references = true;
        self
    }

    /// Compares identifiers that are URLs by their normal form. JSON-LD compares them letter by letter.
    #[must_use]
    pub const fn with_normal_identifiers(mut self) -> Self {
        self.normal_identifiers = true;
        self
    }

    /// Distinguishes `null`, `""` and `[]` from a property that is absent. Validation refuses all three as empty, and JSON-LD has no
    /// values for them, so they are absent otherwise.
    #[must_use]
    pub const fn with_empty_values(mut self) -> Self {
        self.empties = true;
        self
    }

    /// Compares all lists in their order.
    #[must_use]
    pub const fn with_order(mut self) -> Self {
        self.ordered = true;
        self
    }

    /// Compares the texts of a property in another way than the data model has it.
    #[must_use]
    pub fn comparing(mut self, property: impl Into<String>, meaning: Meaning) -> Self {
        self.meanings.push((property.into(), meaning));
        self
    }

    /// Takes a value for a list of it in the properties for which `allowed` is true, and not where the data model has it.
    #[must_use]
    pub const fn with_one_or_many(mut self, allowed: fn(&str) -> bool) -> Self {
        self.one_or_many = allowed;
        self
    }

    /// Whether properties of a name are left out.
    pub(super) fn ignores(&self, name: &str) -> bool {
        (name == "@context" && !self.context)
            || (!self.extensions && property::is_extension(name))
            || self.ignored.iter().any(|ignored| ignored == name)
    }

    /// How texts of a property are compared.
    pub(super) fn meaning(&self, name: &str) -> Meaning {
        let own = self.meanings.iter().rev().find(|(known, _)| known == name).map(|(_, meaning)| *meaning);
        match own.unwrap_or_else(|| Meaning::of(name)) {
            Meaning::Identifier if self.normal_identifiers => Meaning::Url,
            meaning => meaning,
        }
    }

    /// Whether the order of a list has no meaning.
    pub(super) fn is_set(&self, name: &str) -> bool {
        !self.ordered && (property::is_set(name) || (self.one_or_many)(name))
    }

    /// Whether a value is the same as a list of it.
    pub(super) fn one_or_many(&self, name: &str) -> bool {
        (self.one_or_many)(name)
    }

    /// Whether empty values are those of properties that are absent.
    pub(super) const fn drops_empty(&self) -> bool {
        !self.empties
    }

    /// Whether entries of a set that differ may correspond all the same.
    pub(super) const fn is_tolerant(&self) -> bool {
        self.references || !matches!(self.extras, Extras::Nowhere)
    }
}
