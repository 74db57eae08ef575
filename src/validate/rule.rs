//! The rules of validation by name.

use crate::vocabulary::named_enumeration as named;

named! {
    /// A rule of validation, by the name of the public validator where it has one.
    "rule"
    pub enum Rule {
        /// The input is a JSON object or a list of them.
        ValidInput = "ValidInputRule",
        /// Pages and items of RPDE feeds are recognised.
        RpdeFeed = "RpdeFeedRule",
        /// Each object has a known `@type`.
        ValidModelType = "ValidModelTypeRule",
        /// Required properties are present.
        RequiredFields = "RequiredFieldsRule",
        /// At least one of a group of properties is present.
        RequiredOptionalFields = "RequiredOptionalFieldsRule",
        /// Properties that the mode forbids are absent.
        ShallNotIncludeFields = "ShallNotIncludeFieldsRule",
        /// Deprecated properties are absent.
        DeprecatedFields = "DeprecatedFieldsRule",
        /// Each property is known.
        FieldsNotInModel = "FieldsNotInModelRule",
        /// Each value has an allowed type.
        FieldsCorrectType = "FieldsCorrectTypeRule",
        /// Recommended properties are present.
        RecommendedFields = "RecommendedFieldsRule",
        /// No property is null, empty text or an empty list.
        NoEmptyValues = "NoEmptyValuesRule",
        /// Values of an enumeration are allowed values.
        ValueInOptions = "ValueInOptionsRule",
        /// Fixed values are as fixed.
        ValueIsRequiredContent = "ValueIsRequiredContentRule",
        /// Numbers have the allowed number of decimal places.
        Precision = "PrecisionRule",
        /// Names have neither prefix nor namespace.
        NoPrefixOrNamespace = "NoPrefixOrNamespaceRule",
        /// `@context` is at the root and starts with the OpenActive context.
        ContextInRootNode = "ContextInRootNodeRule",
        /// UUIDs and URI templates are valid.
        ValueConstraint = "ValueConstraintRule",
        /// Numbers are not less than their minimum.
        MinValueInclusive = "MinValueInclusiveRule",
        /// `@id` is an absolute URL.
        Id = "IdRule",
        /// A reference is given where the mode requires one.
        IdReferencesRequired = "IdReferencesRequiredRule",
        /// An object is given where the mode permits no reference.
        IdReferencesNotPermitted = "IdReferencesNotPermittedRule",
        /// Durations are ISO 8601.
        DurationFormat = "DurationFormatRule",
        /// Date-times have seconds and a UTC offset.
        DatetimeFormat = "DatetimeFormatRule",
        /// Times are ISO 8601.
        TimeFormat = "TimeFormatRule",
        /// Dates are ISO 8601 and exist.
        DateFormat = "DateFormatRule",
        /// Currencies are ISO 4217 codes.
        CurrencyCodeFormat = "CurrencyCodeFormatRule",
        /// Countries are ISO 3166-1 alpha-2 codes.
        CountryCodeFormat = "CountryCodeFormatRule",
        /// Coordinates are within their range.
        LatLongFormat = "LatLongFormatRule",
        /// `byDay` has valid days.
        RruleFormat = "RruleFormatRule",
        /// `startDate` is not after `endDate`.
        EndBeforeStart = "EndBeforeStartRule",
        /// `duration` accompanies `startDate` and `endDate`.
        DatesMustHaveDuration = "DatesMustHaveDurationRule",
        /// Durations are longer than zero.
        NoZeroDuration = "NoZeroDurationRule",
        /// `minValue` is not greater than `maxValue`.
        MaxLessThenMin = "MaxLessThenMinRule",
        /// `ageRange` has `minValue` or `maxValue`.
        AgeRangeMinOrMax = "AgeRangeMinOrMaxRule",
        /// Activities are in the activity list.
        ActivityInActivityList = "ActivityInActivityListRule",
        /// `isAccessibleForFree` is true for a free Offer.
        IsAccessibleForFree = "IsAccessibleForFreeRule",
        /// Parts of an address end without a comma.
        AddressTrailingComma = "AddressTrailingCommaRule",
        /// Text contains no HTML.
        NoHtml = "NoHtmlRule",
        /// A Concept has both `@id` and `inScheme`, or neither.
        ConceptIdInScheme = "ConceptIdInSchemeRule",
        /// A Concept with `inScheme` leaves its relations to the scheme.
        ConceptNoPropsIfInScheme = "ConceptNoPropsIfInSchemeRule",
        /// OpenActive URLs in `@context` start with https://openactive.io.
        OpenactiveUrlsCorrect = "OpenactiveUrlsCorrectRule",
        /// A `thumbnail` contains no `thumbnail`.
        ThumbnailHasNoThumbnail = "ThumbnailHasNoThumbnailRule",
        /// `address` is a PostalAddress.
        AddressWarning = "AddressWarningRule",
        /// An Event has neither `eventSchedule` nor `subEvent`.
        EventNoScheduleSubevent = "EventNoScheduleSubeventRule",
        /// A SessionSeries or CourseInstance has `subEvent` or `eventSchedule`.
        SessionCourseHasSubeventOrSchedule = "SessionCourseHasSubeventOrScheduleRule",
        /// A ScheduledSession has a `superEvent`.
        ScheduledSessionMustBeSubevent = "ScheduledSessionMustBeSubeventRule",
        /// `scheduledEventType` in a SessionSeries is ScheduledSession.
        SessionSeriesScheduleType = "SessionSeriesScheduleTypeRule",
        /// A price other than 0 has `priceCurrency`.
        CurrencyIfNonZeroPrice = "CurrencyIfNonZeroPriceRule",
        /// An event that requires booking has a bookable Offer.
        IfNeedsBookingMustHaveValidOffer = "IfNeedsBookingMustHaveValidOfferRule",
        /// `availableChannel` has a channel for prepayment.
        AvailableChannelPrepayment = "AvailableChannelPrepaymentRule",
        /// `genderRestriction` is given.
        AssumeNoGenderRestriction = "AssumeNoGenderRestrictionRule",
        /// `ageRange` is given with both ends.
        AssumeAgeRange = "AssumeAgeRangeRule",
        /// `eventStatus` is given.
        AssumeEventStatus = "AssumeEventStatusRule",
        /// The root has the `@type` of its mode.
        BookingRootTypeCorrect = "BookingRootTypeCorrectRule",
        /// The root is a specific error.
        BookingRootTypeError = "BookingRootTypeErrorRule",
        /// Keys of an object are unique. A rule of oa-test.
        DuplicateKeys = "DuplicateKeysRule",
        /// The document starts without a byte order mark. A rule of oa-test.
        ByteOrderMark = "ByteOrderMarkRule",
    }
}

impl Rule {
    /// Order of precedence among findings at the same path, the most specific first. `None`: the rule stands for itself.
    ///
    /// `text`: the value is text, so that a rule about its format says more than its type.
    pub(super) const fn precedence(self, text: bool) -> Option<u8> {
        Some(match self {
            Self::DeprecatedFields => 0,
            Self::ShallNotIncludeFields => 1,
            Self::FieldsNotInModel => 2,
            Self::NoEmptyValues => 3,
            Self::IdReferencesRequired | Self::IdReferencesNotPermitted => 4,
            Self::ContextInRootNode => 5,
            Self::ValidModelType => 6,
            Self::FieldsCorrectType if !text => 7,
            Self::ValueInOptions | Self::ValueIsRequiredContent => 8,
            Self::DatetimeFormat => 9,
            Self::DateFormat
            | Self::TimeFormat
            | Self::DurationFormat
            | Self::CurrencyCodeFormat
            | Self::CountryCodeFormat
            | Self::ValueConstraint
            | Self::Id
            | Self::RruleFormat => 10,
            Self::FieldsCorrectType => 11,
            Self::LatLongFormat
            | Self::NoZeroDuration
            | Self::AvailableChannelPrepayment
            | Self::AgeRangeMinOrMax
            | Self::OpenactiveUrlsCorrect
            | Self::ConceptNoPropsIfInScheme
            | Self::ThumbnailHasNoThumbnail
            | Self::MaxLessThenMin
            | Self::EndBeforeStart
            | Self::IsAccessibleForFree
            | Self::BookingRootTypeCorrect
            | Self::BookingRootTypeError => 12,
            Self::RequiredFields | Self::RecommendedFields => 13,
            Self::DatesMustHaveDuration => 14,
            Self::AssumeAgeRange | Self::AssumeEventStatus | Self::AssumeNoGenderRestriction => 15,
            _ => return None,
        })
    }

    /// `true` if the requirement of the rule depends on the `@type` of the object.
    pub(super) const fn depends_on_type(self) -> bool {
        matches!(
            self,
            Self::RequiredFields
                | Self::RequiredOptionalFields
                | Self::ShallNotIncludeFields
                | Self::DeprecatedFields
                | Self::FieldsNotInModel
                | Self::FieldsCorrectType
                | Self::RecommendedFields
                | Self::ValueInOptions
                | Self::ValueIsRequiredContent
                | Self::IdReferencesRequired
                | Self::IdReferencesNotPermitted
                | Self::EventNoScheduleSubevent
                | Self::SessionCourseHasSubeventOrSchedule
                | Self::ScheduledSessionMustBeSubevent
                | Self::IfNeedsBookingMustHaveValidOffer
                | Self::AssumeNoGenderRestriction
                | Self::AssumeAgeRange
                | Self::AssumeEventStatus
        )
    }
}
