//! What a validator has to say.

use std::fmt;

use crate::vocabulary::named_enumeration as named;

use super::rule::Rule;

named! {
    /// How bad it is.
    "severity"
    pub enum Severity {
        /// It breaks a rule.
        Failure = "failure",
        /// It should be otherwise.
        Warning = "warning",
        /// It could be better.
        Suggestion = "suggestion",
        /// It is worth knowing.
        Notice = "notice",
    }
}

named! {
    /// What it is about.
    "category"
    pub enum Category {
        /// The specification.
        Conformance = "conformance",
        /// The quality of data.
        DataQuality = "data-quality",
        /// Documents that were not there, and input that is none.
        Internal = "internal",
    }
}

named! {
    /// What kind of thing was found, by the name that the public validator gives it, where it finds it.
    "kind of finding"
    pub enum FindingKind {
        /// An activity that is not in its list.
        ActivityNotInActivityList = "activity_not_in_activity_list",
        /// An address with a comma at its end.
        AddressHasTrailingComma = "address_has_trailing_comma",
        /// A number that is too small.
        BelowMinValueInclusive = "below_min_value_inclusive",
        /// A concept with half of what identifies it.
        ConceptIdAndInSchemeTogether = "concept_id_and_in_scheme_together",
        /// A concept of a scheme with properties that belong to the scheme.
        ConceptNoNonCoreProps = "concept_no_non_core_props",
        /// A byte order mark before the document.
        ByteOrderMark = "byte_order_mark",
        /// Readers will assume an age range.
        ConsumerAssumeAgeRange = "consumer_assume_age_range",
        /// Readers will assume that it takes place.
        ConsumerAssumeEventStatus = "consumer_assume_event_status",
        /// Readers will assume that it is for everybody.
        ConsumerAssumeNoGenderRestriction = "consumer_assume_no_gender_restriction",
        /// Dates without a duration.
        DatesMustHaveDuration = "dates_must_have_duration",
        /// Something that must be booked and cannot be.
        EventRequiringBookingMustHaveValidOffer = "event_requiring_booking_must_have_valid_offer",
        /// An extension that was not checked.
        ExperimentalFieldsNotChecked = "experimental_fields_not_checked",
        /// A key that an object has more than once.
        DuplicateKey = "duplicate_key",
        /// A common slip.
        FieldCouldBeTypo = "field_could_be_typo",
        /// A property that is going away.
        FieldDeprecated = "field_deprecated",
        /// A property without a value.
        FieldIsEmpty = "field_is_empty",
        /// A reference is wanted.
        FieldMustBeIdReference = "FIELD_MUST_BE_ID_REFERENCE",
        /// A reference is not wanted.
        FieldMustNotBeIdReference = "FIELD_MUST_NOT_BE_ID_REFERENCE",
        /// A property that does not go with another.
        FieldNotAllowed = "field_not_allowed",
        /// A property that must not be there.
        FieldNotAllowedInSpec = "field_not_allowed_in_spec",
        /// A value that is not in its list.
        FieldNotInDefinedValues = "field_not_in_defined_values",
        /// A property that nobody knows.
        FieldNotInSpec = "field_not_in_spec",
        /// A remote document that is not there.
        FileNotFound = "file_not_found",
        /// A page of a feed.
        FoundRpdeFeed = "found_rpde_feed",
        /// A text that is made wrongly.
        InvalidFormat = "invalid_format",
        /// An identifier that is none.
        InvalidId = "invalid_id",
        /// Something that is no document.
        InvalidJson = "invalid_json",
        /// A number with too many or too few places.
        InvalidPrecision = "invalid_precision",
        /// A value of another type.
        InvalidType = "invalid_type",
        /// A range upside down.
        MinValueGreaterThanMaxValue = "min_value_greater_than_max_value",
        /// Something free that does not say so.
        MissingIsAccessibleForFree = "missing_is_accessible_for_free",
        /// A property that should be there.
        MissingRecommendedField = "missing_recommended_field",
        /// A property that must be there.
        MissingRequiredField = "missing_required_field",
        /// A type that cannot stand alone.
        ModelMustBeChild = "model_must_be_child",
        /// Mark-up.
        NoHtml = "no_html",
        /// A duration of nothing.
        NoZeroDuration = "no_zero_duration",
        /// A property of schema.org that was not checked.
        SchemaOrgFieldsNotChecked = "schema_org_fields_not_checked",
        /// An end before its start.
        StartDateAfterEndDate = "start_date_after_end_date",
        /// A thumbnail of a thumbnail.
        ThumbnailHasNoThumbnail = "thumbnail_has_no_thumbnail",
        /// A type that can be used by few.
        TypeLimitsUse = "type_limits_use",
        /// A JSON-LD value object.
        UnsupportedValue = "unsupported_value",
        /// A name written the long way.
        UseFieldAliases = "use_field_aliases",
        /// An activity of another list.
        UseOfficialActivityList = "use_official_activity_list",
        /// A value that breaks its constraint.
        ValueOutwithConstraint = "value_outwith_constraint",
        /// A document of another type.
        WrongBaseType = "wrong_base_type",
    }
}

/// One thing that was found in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFinding {
    /// Where, as a JSON path from `$`.
    pub path: String,
    /// What kind of thing.
    pub kind: FindingKind,
    /// What it is about.
    pub category: Category,
    /// How bad it is.
    pub severity: Severity,
    /// The rule that says so.
    pub rule: Rule,
    /// The type that the rule was applied to, and the name of the field, where there are such.
    pub model: Option<&'static str>,
    /// In words, what is wrong.
    pub message: String,
    /// What stands there, as JSON, shortened.
    pub found: Option<String>,
    /// Whether it could not be told, since a remote document was not to be had.
    pub undetermined: bool,
}

impl ModelFinding {
    /// Its path with a star for every place in a list.
    #[must_use]
    pub fn general_path(&self) -> String {
        any_place(&self.path)
    }
}

/// A path with a star for every place in a list.
fn any_place(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(start) = rest.find('[') {
        let (before, from) = rest.split_at(start + 1);
        out.push_str(before);
        let digits = from.bytes().take_while(u8::is_ascii_digit).count();
        rest = if digits > 0 && from.get(digits..).is_some_and(|rest| rest.starts_with(']')) {
            out.push('*');
            from.get(digits..).unwrap_or_default()
        } else {
            from
        };
    }
    out.push_str(rest);
    out
}

impl fmt::Display for ModelFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}
