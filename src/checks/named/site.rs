//! The dataset site, opportunities and terms of service.

use serde_json::Value;

use crate::opportunity::{capacity, id_of, offers, opportunity_type, seller};
use crate::results::Finding;
use crate::vocabulary::{OpportunityType, Profile};

use super::item_set::lost;
use super::matchers::https;
use crate::checks::row::rows;
use crate::checks::seen::{Seen, items, missing, position_of};
use crate::checks::value::{number_of, quoted, shown};

rows! {
    CAPACITY_AS_IN_FEED = "capacity-as-in-feed": "every OrderItem has the remaining capacity of the opportunity feed"
        at [], asked(|seen| capacity_as_in_feed(seen.body, *seen)) {
        Any: ["OB-step-by-step-process-description-8", "OB-booking-system-contract-with-the-broker-12"],
    }, violates {
        [C1 C2] if "missing" => ["OB-opportunity-data-properties-21"],
        [C1] => ["OB-step-by-step-process-description-8"],
        [C2] => ["OB-step-by-step-process-description-25", "OB-step-by-step-process-description-8"],
    }
    SAME_OPPORTUNITIES = "same-opportunities": "every OrderItem has the opportunity that was requested last"
        at [], asked(|seen| same_opportunities(seen.body, *seen)) {
        Any: ["OB-amending-the-orderquote-before-b-4", "OB-globally-unique-identifiers-2"],
    }, violates {
        [C1 C2 P B] => ["OB-schema-orderitem-11"],
    }
    AUTHENTICATION_AUTHORITY = "authentication-authority": "accessService.authenticationAuthority is included where OpenID Connect is implemented, and only there"
        at [], asked(|seen| authentication_authority(seen.body, *seen)) {
        Any: ["OB-authentication-2"],
    }
    NO_TRAILING_SLASH = "no-trailing-slash": "accessService.endpointUrl does not end with a slash"
        at [], asked(|seen| no_trailing_slash(seen.body)) {
        Any: ["OB-paths-and-verbs-1", "OB-paths-and-verbs-2"],
    }, violates {
        [Any] => ["OB-paths-and-verbs-2"],
    }
    SECURE_TRANSPORT = "secure-transport": "every URL of the booking system uses https, except on this machine"
        at [], asked(|seen| secure_transport(seen.body)) {
        Any: ["OB-security-1"],
    }, violates {
        [Any] => ["OB-security-1"],
    }
    BOOKABLE_PAIR = "bookable-pair": "a bookable opportunity has an @id, a Seller with @id and taxMode, and Offers with an @id and no empty openBookingFlowRequirement"
        at [], asked(|seen| bookable_pair(seen.body)) {
        Any: ["OB-definition-of-a-bookable-opportunity-and-offer-pair-2", "OB-definition-of-a-bookable-opportunity-and-offer-pair-6", "OB-definition-of-a-bookable-opportunity-and-offer-pair-7", "OB-definition-of-a-bookable-opportunity-and-offer-pair-13", "OB-definition-of-a-bookable-opportunity-and-offer-pair-14", "OB-definition-of-a-bookable-opportunity-and-offer-pair-19"],
    }, violates {
        [Any] "organizer" => ["OB-definition-of-a-bookable-opportunity-and-offer-pair-14"],
        [Any] "provider" => ["OB-definition-of-a-bookable-opportunity-and-offer-pair-14"],
        [Any] "organizer.@id" => ["OB-definition-of-a-bookable-opportunity-and-offer-pair-7"],
        [Any] "provider.@id" => ["OB-definition-of-a-bookable-opportunity-and-offer-pair-7"],
        [Any] "taxMode" => ["OB-definition-of-a-bookable-opportunity-and-offer-pair-13"],
        [Any] "offers.@id" => ["OB-definition-of-a-bookable-opportunity-and-offer-pair-2"],
        [Any] "openBookingFlowRequirement" => ["OB-definition-of-a-bookable-opportunity-and-offer-pair-19"],
        [Any] "@id" => ["OB-definition-of-a-bookable-opportunity-and-offer-pair-6"],
    }
    CONSENT_ASKED = "consent-asked": "terms of the booking system or of the Seller require explicit consent, and all have an https url"
        at [], asked(|seen| consent_asked(seen.body)) {
        Any: ["OB-oa-terms-5"],
    }, violates {
        [Any] "requiresExplicitConsent" if "missing" => ["OB-oa-terms-5"],
        [Any] "url" if "missing" => ["OB-oa-terms-4"],
    }
    CONSENT_DATED = "consent-dated": "all terms that require explicit consent have dateModified"
        at [], asked(|seen| consent_dated(seen.body)) {
        Any: ["OB-oa-terms-8"],
    }
    NO_TERMS_ELSEWHERE = "no-terms-elsewhere": "no OrderItem and no Offer has termsOfService"
        at [], asked(|seen| no_terms_elsewhere(seen.body)) {
        Any: ["OB-delivery-of-terms-and-conditions-and-privacy-policy-5"],
    }, violates {
        [Any] => ["OB-delivery-of-terms-and-conditions-and-privacy-policy-5"],
    }
    SELLER_TERMS = "seller-terms": "the Seller of every opportunity has termsOfService, each with an https url"
        at [], asked(|seen| seller_terms(*seen)) {
        Any: ["TI-TestOpportunityBookableSellerTermsOfService-1"],
    }, violates {
        [Any] "termsOfService" => ["TI-TestOpportunityBookableSellerTermsOfService-1"],
        [Any] "url" if "missing" => ["OB-oa-terms-4"],
    }
}

/// The OrderItem of a position, with its index.
fn at_position(document: &Value, position: usize) -> Option<(usize, &Value)> {
    items(document).iter().enumerate().find(|(_, item)| position_of(item) == Some(position))
}

/// Finds an OrderItem with another remaining capacity than the opportunity feed.
fn capacity_as_in_feed(document: &Value, context: Seen<'_>) -> Option<Finding> {
    context.items.iter().enumerate().find_map(|(position, wanted)| {
        let Some((index, item)) = at_position(document, position) else {
            return Some(lost(missing(position), context));
        };
        let (expected, found) = (capacity(&wanted.opportunity), item.get("orderedItem").and_then(capacity));
        // The specification only recommends it in responses: CAPACITY_IN_QUOTE reports that it is missing.
        let omitted = found.is_none() && context.profile == Profile::Strict;
        (expected != found && !omitted).then(|| {
            let in_words =
                |capacity: Option<i64>| capacity.map_or_else(|| "nothing".to_owned(), |left| left.to_string());
            let property = match opportunity_type(&wanted.opportunity) {
                Some(OpportunityType::FacilityUseSlot | OpportunityType::IndividualFacilityUseSlot) => "remainingUses",
                _ => "remainingAttendeeCapacity",
            };
            let words = if found.is_some() { "differs from the opportunity feed" } else { "is missing" };
            Finding::new(format!("`{property}` of {} {words}", wanted.opportunity_id))
                .expected(in_words(expected), in_words(found))
                .path(format!("orderedItem[{index}].orderedItem.{property}"))
        })
    })
}

/// Finds an OrderItem with another opportunity than was requested last.
fn same_opportunities(document: &Value, context: Seen<'_>) -> Option<Finding> {
    context.items.iter().enumerate().find_map(|(position, wanted)| {
        let index = context.index_of(document, position);
        let Some((index, item)) = index.and_then(|index| Some((index, items(document).get(index)?))) else {
            return Some(lost(missing(position), context));
        };
        let found = item.get("orderedItem").and_then(id_of);
        (found != Some(&wanted.opportunity_id)).then(|| {
            Finding::new(format!("`orderedItem` at position {position} is not the requested opportunity"))
                .expected(quoted(&wanted.opportunity_id), found.map_or_else(|| "nothing".to_owned(), quoted))
                .path(format!("orderedItem[{index}].orderedItem.@id"))
        })
    })
}

/// Finds `authenticationAuthority` missing where OpenID Connect is implemented, or included where it is not.
fn authentication_authority(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let path = "accessService.authenticationAuthority";
    let feature = "booking-partner-openid-authentication";
    let found = document.pointer("/accessService/authenticationAuthority");
    match context.config.features.get(feature).copied().flatten() {
        Some(true) => (!found.is_some_and(Value::is_string)).then(|| {
            let words = if found.is_some() { "is not a string" } else { "is missing" };
            Finding::new(format!("`{path}` {words}"))
                .expected("the URL of the OpenID provider", shown(found))
                .path(path)
                .hint(format!("set `implementedFeatures.{feature}` to false if there is no OpenID provider"))
        }),
        Some(false) => found.map(|found| {
            Finding::new(format!("`{path}` is included, but OpenID Connect is not implemented"))
                .expected("no authenticationAuthority", shown(Some(found)))
                .path(path)
                .hint(format!("set `implementedFeatures.{feature}` to true if there is an OpenID provider"))
        }),
        None => None,
    }
}

/// Finds `accessService.endpointUrl` that is missing, or ends with a slash.
fn no_trailing_slash(document: &Value) -> Option<Finding> {
    let found = document.pointer("/accessService/endpointUrl");
    let right = found.and_then(Value::as_str).is_some_and(|url| !url.ends_with('/'));
    (!right).then(|| {
        let words = match found {
            Some(Value::String(_)) => "ends with a slash",
            Some(_) => "is not a string",
            None => "is missing",
        };
        Finding::new(format!("`accessService.endpointUrl` {words}"))
            .expected("a URL without a slash at its end", shown(found))
            .path("accessService.endpointUrl")
    })
}

/// Finds a Seller of an opportunity without terms of service, or with terms that have no https URL.
fn seller_terms(context: Seen<'_>) -> Option<Finding> {
    context.items.iter().filter(|item| !item.control || !context.strict()).find_map(|item| {
        let terms = seller(&item.opportunity).and_then(|seller| seller.get("termsOfService"));
        let list = terms.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let property = item_seller_property(&item.opportunity);
        if list.is_empty() {
            let finding = Finding::new(format!("`{property}.termsOfService` of {} is missing", item.opportunity_id));
            let finding = finding.expected("a list with terms of service", shown(terms));
            return Some(finding.path(format!("{property}.termsOfService")));
        }
        let wrong = |entry: &Value| !entry.get("url").and_then(Value::as_str).is_some_and(https);
        let (at, entry) = list.iter().enumerate().find(|(_, entry)| wrong(entry))?;
        let found = entry.get("url");
        let words = if found.is_some() { "is not an https URL" } else { "is missing" };
        let path = format!("{property}.termsOfService[{at}].url");
        Some(
            Finding::new(format!("`{property}.termsOfService.url` of {} {words}", item.opportunity_id))
                .expected("an https URL", shown(found))
                .path(path),
        )
    })
}

/// The property of an opportunity, or of its parent, that holds its Seller.
fn item_seller_property(opportunity: &Value) -> &'static str {
    opportunity_type(opportunity).map_or("organizer", OpportunityType::seller_property)
}

/// Finds what an opportunity or its Offers lack to be bookable.
fn bookable_pair(opportunity: &Value) -> Option<Finding> {
    let text = |value: Option<&Value>| value.is_some_and(|value| value.as_str().is_some_and(|text| !text.is_empty()));
    let property = item_seller_property(opportunity);
    let lacking = |path: String, found: Option<&Value>| {
        let words = if found.is_some() { "is not a string" } else { "is missing" };
        let finding = Finding::new(format!("`{path}` of a bookable opportunity {words}"));
        finding.expected("a string that is not empty", shown(found)).path(path)
    };
    let own = opportunity.get("@id");
    if !text(own) {
        return Some(lacking("@id".to_owned(), own));
    }
    let Some(seller) = seller(opportunity) else {
        let finding = Finding::new(format!("`{property}` of a bookable opportunity is missing"));
        return Some(finding.expected("an Organization or Person", "nothing").path(property));
    };
    if let Some(name) = ["@id", "taxMode"].into_iter().find(|name| !text(seller.get(*name))) {
        return Some(lacking(format!("{property}.{name}"), seller.get(name)));
    }
    offers(opportunity).into_iter().enumerate().find_map(|(index, offer)| {
        let empty = offer.get("openBookingFlowRequirement").and_then(Value::as_array).is_some_and(Vec::is_empty);
        if empty {
            let finding = Finding::new("`openBookingFlowRequirement` of an Offer is empty");
            return Some(
                finding
                    .expected("no openBookingFlowRequirement", "[]")
                    .path(format!("offers[{index}].openBookingFlowRequirement")),
            );
        }
        (!text(offer.get("@id"))).then(|| lacking(format!("offers[{index}].@id"), offer.get("@id")))
    })
}

/// All terms of the booking system and of the Seller, with their paths.
fn all_terms(document: &Value) -> Vec<(String, &Value)> {
    ["bookingService", "seller"]
        .into_iter()
        .flat_map(|of| {
            let list = document.get(of).and_then(|of| of.get("termsOfService")).and_then(Value::as_array);
            let list = list.map(Vec::as_slice).unwrap_or_default();
            list.iter().enumerate().map(move |(index, terms)| (format!("{of}.termsOfService[{index}]"), terms))
        })
        .collect()
}

fn requires_consent(terms: &Value) -> bool {
    terms.get("requiresExplicitConsent") == Some(&Value::Bool(true))
}

/// Finds that no terms require explicit consent, or terms without an https URL.
fn consent_asked(document: &Value) -> Option<Finding> {
    let terms = all_terms(document);
    if !terms.iter().any(|(_, terms)| requires_consent(terms)) {
        let finding = Finding::new("`requiresExplicitConsent` of no termsOfService is true");
        let path = "bookingService.termsOfService";
        let found = match terms.iter().find(|(_, terms)| terms.get("requiresExplicitConsent").is_none()) {
            _ if terms.is_empty() => return Some(finding.expected("true", "no termsOfService").path(path)),
            Some((path, _)) => {
                let path = format!("{path}.requiresExplicitConsent");
                return Some(finding.expected("true", "nothing").path(path));
            }
            None => format!("{} with requiresExplicitConsent false", number_of(terms.len(), "entry", "entries")),
        };
        return Some(finding.expected("terms with requiresExplicitConsent true", found).path(path));
    }
    terms.into_iter().find_map(|(path, terms)| {
        let url = terms.get("url");
        (!url.and_then(Value::as_str).is_some_and(https)).then(|| {
            let words = if url.is_some() { "is not an https URL" } else { "is missing" };
            Finding::new(format!("`url` of termsOfService {words}"))
                .expected("an https URL", shown(url))
                .path(format!("{path}.url"))
        })
    })
}

/// Finds terms that require explicit consent without `dateModified`.
fn consent_dated(document: &Value) -> Option<Finding> {
    all_terms(document).into_iter().filter(|(_, terms)| requires_consent(terms)).find_map(|(path, terms)| {
        let date = terms.get("dateModified");
        (!date.is_some_and(Value::is_string)).then(|| {
            let words = if date.is_some() { "is not a string" } else { "is missing" };
            Finding::new(format!("`dateModified` of terms that require explicit consent {words}"))
                .expected("a date-time", shown(date))
                .path(format!("{path}.dateModified"))
        })
    })
}

/// Finds terms of service of an OrderItem or its Offer.
fn no_terms_elsewhere(document: &Value) -> Option<Finding> {
    items(document).iter().enumerate().find_map(|(index, item)| {
        let offer = item.get("acceptedOffer").and_then(|offer| offer.get("termsOfService"));
        let own = item.get("termsOfService");
        let (path, found) = match (own, offer) {
            (Some(own), _) => ("termsOfService", own),
            (None, Some(offer)) => ("acceptedOffer.termsOfService", offer),
            (None, None) => return None,
        };
        Some(
            Finding::new(format!("`{path}` of an OrderItem is included"))
                .expected("no termsOfService", shown(Some(found)))
                .path(format!("orderedItem[{index}].{path}")),
        )
    })
}

/// URLs of a dataset site at which a client reads or writes.
const URLS: &[&str] = &["/accessService/endpointUrl", "/accessService/endpointURL"];

/// Finds a URL without https. URLs of this machine are exempt, because no other machine can read the traffic.
fn secure_transport(document: &Value) -> Option<Finding> {
    let service = URLS.iter().filter_map(|at| Some((at.replace('/', "."), document.pointer(at)?.as_str()?)));
    let feeds = document.get("distribution").and_then(Value::as_array).into_iter().flatten().enumerate();
    let feeds = feeds
        .filter_map(|(at, feed)| Some((format!(".distribution[{at}].contentUrl"), feed.get("contentUrl")?.as_str()?)));
    let open = service.chain(feeds).find(|(_, url)| {
        url::Url::parse(url).is_ok_and(|url| {
            let own = match url.host() {
                Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
                Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
                Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
                None => false,
            };
            url.scheme() != "https" && !own
        })
    });
    open.map(|(path, url)| {
        let path = path.trim_start_matches('.').to_owned();
        Finding::new(format!("`{path}` does not use https")).expected("an https URL", quoted(url)).path(path)
    })
}
