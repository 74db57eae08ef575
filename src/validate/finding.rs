//! Findings of validation: severity, category, type, place, expected and found value.

use std::borrow::Cow;
use std::fmt;

use crate::vocabulary::named_enumeration as named;

use super::rule::Rule;
use super::text;

named! {
    /// Severity of a finding, worst first.
    "severity"
    pub enum Severity {
        /// A requirement is violated.
        Failure = "failure",
        /// A recommendation is not followed.
        Warning = "warning",
        /// The data could be more useful.
        Suggestion = "suggestion",
        /// Information without a verdict.
        Notice = "notice",
    }
}

named! {
    /// Category of a finding.
    "category"
    pub enum Category {
        /// Conformance to the specification.
        Conformance = "conformance",
        /// Quality of the data.
        DataQuality = "data-quality",
        /// Input that cannot be read, and remote documents that cannot be loaded.
        Internal = "internal",
    }
}

named! {
    /// Type of a finding, by the name of the public validator where it has one.
    "kind of finding"
    pub enum FindingKind {
        /// An activity is not in the activity list.
        ActivityNotInActivityList = "activity_not_in_activity_list",
        /// Part of an address ends with a comma.
        AddressHasTrailingComma = "address_has_trailing_comma",
        /// A number is less than its minimum.
        BelowMinValueInclusive = "below_min_value_inclusive",
        /// A Concept has only one of `@id` and `inScheme`.
        ConceptIdAndInSchemeTogether = "concept_id_and_in_scheme_together",
        /// A Concept with `inScheme` has properties that its scheme defines.
        ConceptNoNonCoreProps = "concept_no_non_core_props",
        /// The document starts with a byte order mark.
        ByteOrderMark = "byte_order_mark",
        /// Consumers assume an age range.
        ConsumerAssumeAgeRange = "consumer_assume_age_range",
        /// Consumers assume EventScheduled.
        ConsumerAssumeEventStatus = "consumer_assume_event_status",
        /// Consumers assume no gender restriction.
        ConsumerAssumeNoGenderRestriction = "consumer_assume_no_gender_restriction",
        /// `startDate` and `endDate` are present without `duration`.
        DatesMustHaveDuration = "dates_must_have_duration",
        /// An event that requires booking has no bookable Offer.
        EventRequiringBookingMustHaveValidOffer = "event_requiring_booking_must_have_valid_offer",
        /// An extension is not checked, or is used wrongly.
        ExperimentalFieldsNotChecked = "experimental_fields_not_checked",
        /// An object has a key more than once.
        DuplicateKey = "duplicate_key",
        /// The name of a property is a common typo.
        FieldCouldBeTypo = "field_could_be_typo",
        /// A property is deprecated.
        FieldDeprecated = "field_deprecated",
        /// A property is null, empty text or an empty list.
        FieldIsEmpty = "field_is_empty",
        /// An object where a reference is required.
        FieldMustBeIdReference = "FIELD_MUST_BE_ID_REFERENCE",
        /// A reference where an object is required.
        FieldMustNotBeIdReference = "FIELD_MUST_NOT_BE_ID_REFERENCE",
        /// A property that excludes another one is present with it.
        FieldNotAllowed = "field_not_allowed",
        /// A property is not allowed in this type or mode.
        FieldNotAllowedInSpec = "field_not_allowed_in_spec",
        /// A value is not one of the allowed values.
        FieldNotInDefinedValues = "field_not_in_defined_values",
        /// A property is unknown.
        FieldNotInSpec = "field_not_in_spec",
        /// A remote document cannot be loaded.
        FileNotFound = "file_not_found",
        /// The input is a page or an item of an RPDE feed.
        FoundRpdeFeed = "found_rpde_feed",
        /// Text does not have the required format.
        InvalidFormat = "invalid_format",
        /// An identifier is not an absolute URL.
        InvalidId = "invalid_id",
        /// The input is not a JSON object.
        InvalidJson = "invalid_json",
        /// A number has too many or too few decimal places.
        InvalidPrecision = "invalid_precision",
        /// A value has the wrong type.
        InvalidType = "invalid_type",
        /// `minValue` is greater than `maxValue`.
        MinValueGreaterThanMaxValue = "min_value_greater_than_max_value",
        /// A free Offer without `isAccessibleForFree`.
        MissingIsAccessibleForFree = "missing_is_accessible_for_free",
        /// A recommended property is missing.
        MissingRecommendedField = "missing_recommended_field",
        /// A required property is missing.
        MissingRequiredField = "missing_required_field",
        /// A type that must be nested stands alone.
        ModelMustBeChild = "model_must_be_child",
        /// Text contains HTML.
        NoHtml = "no_html",
        /// A duration is zero.
        NoZeroDuration = "no_zero_duration",
        /// A schema.org property outside the model is not checked.
        SchemaOrgFieldsNotChecked = "schema_org_fields_not_checked",
        /// `startDate` is after `endDate`.
        StartDateAfterEndDate = "start_date_after_end_date",
        /// A `thumbnail` contains another `thumbnail`.
        ThumbnailHasNoThumbnail = "thumbnail_has_no_thumbnail",
        /// A value of a type that few consumers can use.
        TypeLimitsUse = "type_limits_use",
        /// A JSON-LD value object.
        UnsupportedValue = "unsupported_value",
        /// A name has a prefix or namespace, or lacks its `@`.
        UseFieldAliases = "use_field_aliases",
        /// An activity is not from the OpenActive activity list.
        UseOfficialActivityList = "use_official_activity_list",
        /// A value is not a UUID or URI template.
        ValueOutwithConstraint = "value_outwith_constraint",
        /// The root has the wrong `@type` for the mode.
        WrongBaseType = "wrong_base_type",
    }
}

/// A finding in a document: `<property> <defect>`, then the expected and the found value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFinding {
    /// JSON path of the value, from `$`.
    pub path: String,
    /// Type of the finding.
    pub kind: FindingKind,
    /// Category of the finding.
    pub category: Category,
    /// Severity of the finding.
    pub severity: Severity,
    /// The rule that is broken.
    pub rule: Rule,
    /// Type of the object that the rule was applied to; `None` for an unknown type and for the input as a whole.
    pub model: Option<&'static str>,
    /// The property and its defect. Holds no value of the document, so that equal defects have equal messages.
    pub message: String,
    /// The expected value in words, with strings quoted; `None` where nothing in particular is expected.
    pub expected: Option<Cow<'static, str>>,
    /// The found value as JSON, shortened; `None` where the property is missing.
    pub found: Option<String>,
    /// `true` if the verdict depends on a remote document that was not given.
    pub undetermined: bool,
    /// Rule of the finding that this one follows from: correcting that one resolves both. `None`: a finding of its own.
    pub cause: Option<Rule>,
}

impl ModelFinding {
    /// Whether it objects to an instant for nothing but its lack of seconds.
    pub(super) fn is_about_seconds(&self) -> bool {
        let of_format = match self.rule {
            Rule::DatetimeFormat => true,
            Rule::FieldsCorrectType => self.expected.as_ref().is_some_and(|expected| expected.contains("date-time")),
            _ => false,
        };
        let found = self.found.as_deref().and_then(|found| found.strip_prefix('"')?.strip_suffix('"'));
        of_format && found.is_some_and(text::to_the_minute)
    }

    /// A finding about the input as a whole: an internal failure of [`Rule::ValidInput`].
    pub(super) fn input(severity: Severity, message: impl Into<String>) -> Self {
        Self {
            path: "$".to_owned(),
            kind: FindingKind::InvalidJson,
            category: Category::Internal,
            severity,
            rule: Rule::ValidInput,
            model: None,
            message: message.into(),
            expected: None,
            found: None,
            undetermined: false,
            cause: None,
        }
    }

    /// The path with `*` for each list index.
    #[must_use]
    pub fn general_path(&self) -> String {
        generalize(&self.path)
    }

    /// `true` if the finding is a verdict of its own: neither undetermined nor a consequence of another finding.
    #[must_use]
    pub const fn is_independent(&self) -> bool {
        !self.undetermined && self.cause.is_none()
    }
}

/// Replaces each list index of a path by `*`.
fn generalize(path: &str) -> String {
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
