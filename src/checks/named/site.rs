//! What the dataset site and the opportunities themselves say.

use serde_json::Value;

use crate::opportunity::{capacity, id_of, offers, seller};
use crate::results::Finding;

use super::matchers::https;
use crate::checks::row::rows;
use crate::checks::seen::{Seen, items, missing, position_of};
use crate::checks::value::shown;

rows! {
    CAPACITY_AS_IN_FEED = "capacity-as-in-feed": "every OrderItem shows the remaining capacity that its opportunity has in the feed"
        at [], asked(|seen| capacity_as_in_feed(seen.body, *seen)) {
        Any: ["OB-step-by-step-process-description-8", "OB-booking-system-contract-with-the-broker-12"],
    }
    SAME_OPPORTUNITIES = "same-opportunities": "every OrderItem is for the opportunity that was asked for last"
        at [], asked(|seen| same_opportunities(seen.body, *seen)) {
        Any: ["OB-amending-the-orderquote-before-b-4", "OB-globally-unique-identifiers-2"],
    }
    AUTHENTICATION_AUTHORITY = "authentication-authority": "accessService.authenticationAuthority is there where OpenID Connect is implemented, and only there"
        at [], asked(|seen| authentication_authority(seen.body, *seen)) {
        Any: ["OB-authentication-2"],
    }
    NO_TRAILING_SLASH = "no-trailing-slash": "accessService.endpointUrl does not end with a slash"
        at [], asked(|seen| no_trailing_slash(seen.body)) {
        Any: ["OB-paths-and-verbs-1", "OB-paths-and-verbs-2"],
    }
    SECURE_TRANSPORT = "secure-transport": "every address of the booking system has https, but for those on the machine itself"
        at [], asked(|seen| secure_transport(seen.body)) {
        Any: ["OB-security-1"],
    }
    BOOKABLE_PAIR = "bookable-pair": "the opportunity has an @id, a Seller with an @id and a tax mode, and an offer that has an @id and asks for nothing that its booking does not need"
        at [], asked(|seen| bookable_pair(seen.body)) {
        Any: ["OB-definition-of-a-bookable-opportunity-and-offer-pair-2", "OB-definition-of-a-bookable-opportunity-and-offer-pair-6", "OB-definition-of-a-bookable-opportunity-and-offer-pair-7", "OB-definition-of-a-bookable-opportunity-and-offer-pair-14"],
    }
    CONSENT_ASKED = "consent-asked": "terms of the booking system or of the Seller ask for explicit consent, each with a URL with https"
        at [], asked(|seen| consent_asked(seen.body)) {
        Any: ["OB-oa-terms-5"],
    }
    CONSENT_DATED = "consent-dated": "all terms that ask for explicit consent say when they last changed"
        at [], asked(|seen| consent_dated(seen.body)) {
        Any: ["OB-oa-terms-8"],
    }
    NO_TERMS_ELSEWHERE = "no-terms-elsewhere": "no OrderItem and no offer has terms of service of its own"
        at [], asked(|seen| no_terms_elsewhere(seen.body)) {
        Any: ["OB-delivery-of-terms-and-conditions-and-privacy-policy-5"],
    }
    SELLER_TERMS = "seller-terms": "the Seller of every opportunity has termsOfService, each with a URL with https"
        at [], asked(|seen| seller_terms(*seen)) {
        Any: ["TI-TestOpportunityBookableSellerTermsOfService-1"],
    }
}

/// The place of the OrderItem at a position.
fn at_position(document: &Value, position: usize) -> Option<(usize, &Value)> {
    items(document).iter().enumerate().find(|(_, item)| position_of(item) == Some(position))
}

/// Every OrderItem shows the remaining capacity that its opportunity had in the feed.
pub(super) fn capacity_as_in_feed(document: &Value, context: Seen<'_>) -> Option<Finding> {
    context.items.iter().enumerate().find_map(|(position, wanted)| {
        let Some((index, item)) = at_position(document, position) else { return Some(missing(position)) };
        let (expected, found) = (capacity(&wanted.opportunity), item.get("orderedItem").and_then(capacity));
        (expected != found).then(|| {
            let told =
                |capacity: Option<i64>| capacity.map_or_else(|| "nothing".to_owned(), |capacity| capacity.to_string());
            Finding::new(format!("{} shows another remaining capacity than its feed", wanted.opportunity_id))
                .expected(told(expected), told(found))
                .path(format!("orderedItem[{index}].orderedItem"))
        })
    })
}

/// Every OrderItem is for the opportunity that was asked for last.
pub(super) fn same_opportunities(document: &Value, context: Seen<'_>) -> Option<Finding> {
    context.items.iter().enumerate().find_map(|(position, wanted)| {
        let index = context.index_of(document, position);
        let Some((index, item)) = index.and_then(|index| Some((index, items(document).get(index)?))) else {
            return Some(missing(position));
        };
        let found = item.get("orderedItem").and_then(id_of);
        (found != Some(&wanted.opportunity_id)).then(|| {
            Finding::new(format!("the OrderItem at position {position} is for another opportunity"))
                .expected(wanted.opportunity_id.clone(), found.unwrap_or("nothing"))
                .path(format!("orderedItem[{index}].orderedItem.@id"))
        })
    })
}

/// `accessService.authenticationAuthority` is there where OpenID Connect is implemented, and only there.
pub(super) fn authentication_authority(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let path = "accessService.authenticationAuthority";
    let feature = "booking-partner-openid-authentication";
    let found = document.pointer("/accessService/authenticationAuthority");
    match context.config.features.get(feature).copied().flatten() {
        Some(true) => (!found.is_some_and(Value::is_string)).then(|| {
            Finding::new("the dataset site does not say where Booking Partners authenticate")
                .expected("a URL", shown(found))
                .path(path)
        }),
        Some(false) => found.map(|found| {
            Finding::new(format!(
                "the dataset site has an authenticationAuthority, though `implementedFeatures.{feature}` is false"
            ))
            .expected("nothing", shown(Some(found)))
            .path(path)
        }),
        None => None,
    }
}

/// `accessService.endpointUrl` is there and does not end with a slash.
pub(super) fn no_trailing_slash(document: &Value) -> Option<Finding> {
    let found = document.pointer("/accessService/endpointUrl");
    let right = found.and_then(Value::as_str).is_some_and(|url| !url.ends_with('/'));
    (!right).then(|| {
        Finding::new("accessService.endpointUrl is not a URL to which paths can be appended")
            .expected("a URL without a slash at its end", shown(found))
            .path("accessService.endpointUrl")
    })
}

/// The Seller of every opportunity has terms of service, each with a URL with https.
pub(super) fn seller_terms(context: Seen<'_>) -> Option<Finding> {
    context.items.iter().filter(|item| !item.control || !context.strict()).find_map(|item| {
        let terms = seller(&item.opportunity).and_then(|seller| seller.get("termsOfService"));
        let list = terms.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let right =
            !list.is_empty() && list.iter().all(|entry| entry.get("url").and_then(Value::as_str).is_some_and(https));
        (!right).then(|| {
            Finding::new(format!("the Seller of {} has no right terms of service in the feed", item.opportunity_id))
                .expected("termsOfService, each with a URL with https", shown(terms))
                .path("termsOfService")
        })
    })
}

/// Everything that makes an opportunity and an offer bookable, as the open feeds must say it.
pub(super) fn bookable_pair(opportunity: &Value) -> Option<Finding> {
    let text = |value: Option<&Value>| value.is_some_and(|value| value.as_str().is_some_and(|text| !text.is_empty()));
    let seller = seller(opportunity);
    let of_seller = |name: &str| seller.and_then(|seller| seller.get(name)).cloned();
    let lacking = [
        ("@id", opportunity.get("@id").cloned()),
        ("organizer.@id", of_seller("@id")),
        ("organizer.taxMode", of_seller("taxMode")),
    ];
    if let Some((path, found)) = lacking.into_iter().find(|(_, found)| !text(found.as_ref())) {
        let finding = Finding::new(format!("a bookable opportunity has no {path}"));
        return Some(finding.expected("text", shown(found.as_ref())).path(path));
    }
    offers(opportunity).into_iter().enumerate().find_map(|(index, offer)| {
        let empty = offer.get("openBookingFlowRequirement").and_then(Value::as_array).is_some_and(Vec::is_empty);
        if empty {
            let finding = Finding::new("an offer whose booking needs nothing special has openBookingFlowRequirement");
            return Some(
                finding
                    .expected("nothing", "an empty list")
                    .path(format!("offers[{index}].openBookingFlowRequirement")),
            );
        }
        (!text(offer.get("@id"))).then(|| {
            Finding::new("an offer of a bookable opportunity has no @id")
                .expected("text", shown(offer.get("@id")))
                .path(format!("offers[{index}].@id"))
        })
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

fn asks_for_consent(terms: &Value) -> bool {
    terms.get("requiresExplicitConsent") == Some(&Value::Bool(true))
}

/// There are terms that ask for explicit consent, and all terms have a URL with https.
pub(super) fn consent_asked(document: &Value) -> Option<Finding> {
    let terms = all_terms(document);
    if !terms.iter().any(|(_, terms)| asks_for_consent(terms)) {
        let finding = Finding::new("no terms ask for explicit consent");
        let found = format!("{} terms that do not", terms.len());
        return Some(
            finding.expected("terms with requiresExplicitConsent true", found).path("bookingService.termsOfService"),
        );
    }
    terms.into_iter().find_map(|(path, terms)| {
        let url = terms.get("url");
        (!url.and_then(Value::as_str).is_some_and(https)).then(|| {
            Finding::new("terms have no URL that can be shown to the customer")
                .expected("a URL with https", shown(url))
                .path(format!("{path}.url"))
        })
    })
}

/// All terms that ask for consent say when they last changed.
pub(super) fn consent_dated(document: &Value) -> Option<Finding> {
    all_terms(document).into_iter().filter(|(_, terms)| asks_for_consent(terms)).find_map(|(path, terms)| {
        let date = terms.get("dateModified");
        (!date.is_some_and(Value::is_string)).then(|| {
            Finding::new("terms that ask for consent do not say when they last changed")
                .expected("a date", shown(date))
                .path(format!("{path}.dateModified"))
        })
    })
}

/// Terms stand with the booking system, the Seller and the Broker, and nowhere else.
pub(super) fn no_terms_elsewhere(document: &Value) -> Option<Finding> {
    items(document).iter().enumerate().find_map(|(index, item)| {
        let offer = item.get("acceptedOffer").and_then(|offer| offer.get("termsOfService"));
        let own = item.get("termsOfService");
        let (path, found) = match (own, offer) {
            (Some(own), _) => ("termsOfService", own),
            (None, Some(offer)) => ("acceptedOffer.termsOfService", offer),
            (None, None) => return None,
        };
        Some(
            Finding::new("an OrderItem or its offer has terms of service of its own")
                .expected("nothing", shown(Some(found)))
                .path(format!("orderedItem[{index}].{path}")),
        )
    })
}

/// Addresses of a dataset site at which a client reads or writes.
const ADDRESSES: &[&str] = &["/accessService/endpointUrl", "/accessService/endpointURL"];

/// Every address has https, but for those on the machine itself, where nobody listens in between.
pub(super) fn secure_transport(document: &Value) -> Option<Finding> {
    let service = ADDRESSES.iter().filter_map(|at| Some((at.replace('/', "."), document.pointer(at)?.as_str()?)));
    let feeds = document.get("distribution").and_then(Value::as_array).into_iter().flatten().enumerate();
    let feeds = feeds
        .filter_map(|(at, feed)| Some((format!(".distribution[{at}].contentUrl"), feed.get("contentUrl")?.as_str()?)));
    let open = service.chain(feeds).find(|(_, address)| {
        url::Url::parse(address).is_ok_and(|address| {
            let own = match address.host() {
                Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
                Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
                Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
                None => false,
            };
            address.scheme() != "https" && !own
        })
    });
    open.map(|(path, address)| {
        Finding::new("an address of the booking system is not encrypted")
            .expected("a URL with https", address)
            .path(path.trim_start_matches('.'))
    })
}
