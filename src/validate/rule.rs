//! The rules by name.

use crate::vocabulary::named_enumeration as named;

named! {
    /// A rule, by the name that the public validator gives it, where it has it.
    "rule"
    pub enum Rule {
        /// The input is one document.
        ValidInput = "ValidInputRule",
        /// Pages of feeds are told apart.
        RpdeFeed = "RpdeFeedRule",
        /// Every object has a type that is known.
        ValidModelType = "ValidModelTypeRule",
        /// What is required is there.
        RequiredFields = "RequiredFieldsRule",
        /// Of some properties one is there.
        RequiredOptionalFields = "RequiredOptionalFieldsRule",
        /// What must not be there is not.
        ShallNotIncludeFields = "ShallNotIncludeFieldsRule",
        /// What is going away is not used.
        DeprecatedFields = "DeprecatedFieldsRule",
        /// Every property is known.
        FieldsNotInModel = "FieldsNotInModelRule",
        /// Values have the right type.
        FieldsCorrectType = "FieldsCorrectTypeRule",
        /// What is recommended is there.
        RecommendedFields = "RecommendedFieldsRule",
        /// Properties have values.
        NoEmptyValues = "NoEmptyValuesRule",
        /// Values are of their list.
        ValueInOptions = "ValueInOptionsRule",
        /// Values that are fixed are those.
        ValueIsRequiredContent = "ValueIsRequiredContentRule",
        /// Numbers have the right places.
        Precision = "PrecisionRule",
        /// Names are written the short way.
        NoPrefixOrNamespace = "NoPrefixOrNamespaceRule",
        /// The context is at the top, and the right one.
        ContextInRootNode = "ContextInRootNodeRule",
        /// Templates and UUIDs are such.
        ValueConstraint = "ValueConstraintRule",
        /// Numbers are large enough.
        MinValueInclusive = "MinValueInclusiveRule",
        /// Identifiers are URLs.
        Id = "IdRule",
        /// References are given where they are wanted.
        IdReferencesRequired = "IdReferencesRequiredRule",
        /// References are not given where objects are wanted.
        IdReferencesNotPermitted = "IdReferencesNotPermittedRule",
        /// Durations are ISO 8601.
        DurationFormat = "DurationFormatRule",
        /// Instants have a zone.
        DatetimeFormat = "DatetimeFormatRule",
        /// Times are ISO 8601.
        TimeFormat = "TimeFormatRule",
        /// Dates are ISO 8601.
        DateFormat = "DateFormatRule",
        /// Currencies are ISO 4217.
        CurrencyCodeFormat = "CurrencyCodeFormatRule",
        /// Countries are ISO 3166-1.
        CountryCodeFormat = "CountryCodeFormatRule",
        /// Coordinates are on Earth.
        LatLongFormat = "LatLongFormatRule",
        /// Days of a schedule are days.
        RruleFormat = "RruleFormatRule",
        /// Ends come after starts.
        EndBeforeStart = "EndBeforeStartRule",
        /// Dates come with a duration.
        DatesMustHaveDuration = "DatesMustHaveDurationRule",
        /// Durations last.
        NoZeroDuration = "NoZeroDurationRule",
        /// Ranges are the right way up.
        MaxLessThenMin = "MaxLessThenMinRule",
        /// Age ranges have an end.
        AgeRangeMinOrMax = "AgeRangeMinOrMaxRule",
        /// Activities are of the list.
        ActivityInActivityList = "ActivityInActivityListRule",
        /// What is free says so.
        IsAccessibleForFree = "IsAccessibleForFreeRule",
        /// Addresses end without a comma.
        AddressTrailingComma = "AddressTrailingCommaRule",
        /// Texts have no mark-up.
        NoHtml = "NoHtmlRule",
        /// Concepts have identifier and scheme, or neither.
        ConceptIdInScheme = "ConceptIdInSchemeRule",
        /// Concepts of a scheme leave the rest to the scheme.
        ConceptNoPropsIfInScheme = "ConceptNoPropsIfInSchemeRule",
        /// URLs of OpenActive are written as they are.
        OpenactiveUrlsCorrect = "OpenactiveUrlsCorrectRule",
        /// Thumbnails have no thumbnails.
        ThumbnailHasNoThumbnail = "ThumbnailHasNoThumbnailRule",
        /// Addresses have parts.
        AddressWarning = "AddressWarningRule",
        /// Schedules are for other types than Event.
        EventNoScheduleSubevent = "EventNoScheduleSubeventRule",
        /// Series and courses have events or a schedule.
        SessionCourseHasSubeventOrSchedule = "SessionCourseHasSubeventOrScheduleRule",
        /// Sessions belong to a series.
        ScheduledSessionMustBeSubevent = "ScheduledSessionMustBeSubeventRule",
        /// Schedules of series make sessions.
        SessionSeriesScheduleType = "SessionSeriesScheduleTypeRule",
        /// Prices have a currency.
        CurrencyIfNonZeroPrice = "CurrencyIfNonZeroPriceRule",
        /// What must be booked can be.
        IfNeedsBookingMustHaveValidOffer = "IfNeedsBookingMustHaveValidOfferRule",
        /// Payment in advance has a channel.
        AvailableChannelPrepayment = "AvailableChannelPrepaymentRule",
        /// Readers assume that everybody may come.
        AssumeNoGenderRestriction = "AssumeNoGenderRestrictionRule",
        /// Readers assume an age range.
        AssumeAgeRange = "AssumeAgeRangeRule",
        /// Readers assume that it takes place.
        AssumeEventStatus = "AssumeEventStatusRule",
        /// Documents have the type of their mode.
        BookingRootTypeCorrect = "BookingRootTypeCorrectRule",
        /// Errors are errors.
        BookingRootTypeError = "BookingRootTypeErrorRule",
        /// Keys of an object are unique. A rule of this program.
        DuplicateKeys = "DuplicateKeysRule",
        /// No byte order mark stands before a document. A rule of this program.
        ByteOrderMark = "ByteOrderMarkRule",
    }
}
