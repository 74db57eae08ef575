//! The Sellers.

use serde_json::{Map, Value, json};

use crate::vocabulary::{openactive, schema_org};

use super::money::TaxMode;
use super::switches::{Switch, Switches};

/// The authority under which every identifier of this system stands. It names things and serves nothing.
pub(super) const IDS: &str = "https://id.sandbox.example.org";

/// A Seller.
#[derive(Debug, Clone)]
pub(super) struct Seller {
    pub(super) number: usize,
    pub(super) name: &'static str,
    pub(super) tax_mode: TaxMode,
    /// Whether it has terms of service.
    pub(super) terms: Option<TermsConsent>,
    /// `isOpenBookingAllowed`
    pub(super) open: bool,
}

/// Two Sellers, one whose prices include tax and one whose prices do not; or the first of them alone.
pub(super) fn sellers(switches: &Switches) -> Vec<Seller> {
    let several = switches.has(Switch::MultipleSellers);
    let terms = switches.has(Switch::SellerTerms).then(|| TermsConsent::of(switches));
    let first = Seller { number: 1, name: "Riverside Leisure", tax_mode: TaxMode::Gross, terms, open: true };
    let second = Seller { number: 2, name: "Hilltop Sports", tax_mode: TaxMode::Net, terms, open: true };
    if several { vec![first, second] } else { vec![first] }
}

fn address(street: &str) -> Value {
    json!({
        "@type": "PostalAddress",
        "streetAddress": street,
        "addressLocality": "Exampleton",
        "addressRegion": "Exampleshire",
        "postalCode": "EX2 2BB",
        "addressCountry": "GB"
    })
}

/// When places and facilities are open: every day.
pub(super) fn opening_hours() -> Value {
    let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map(schema_org);
    json!([{ "@type": "OpeningHoursSpecification", "opens": "06:00", "closes": "22:00", "dayOfWeek": days }])
}

/// Consent properties of terms of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TermsConsent {
    asked: bool,
    dated: bool,
}

impl TermsConsent {
    pub(super) fn of(switches: &Switches) -> Self {
        let dated = switches.has(Switch::TermsWithConsentDated);
        Self { asked: dated || switches.has(Switch::TermsWithConsent), dated }
    }
}

/// Terms of service at a site.
pub(super) fn terms(site: &str, consent: TermsConsent) -> Value {
    let term = |json_type: &str, name: &str, path: &str| {
        let mut term = json!({
            "@type": json_type,
            "name": name,
            "url": format!("{site}/{path}"),
            "requiresExplicitConsent": consent.asked
        });
        if consent.dated
            && let Some(term) = term.as_object_mut()
        {
            term.insert("dateModified".to_owned(), json!("2026-01-01T00:00:00Z"));
        }
        term
    };
    json!([term("PrivacyPolicy", "Privacy policy", "privacy"), term("TermsOfUse", "Terms of use", "terms")])
}

impl Seller {
    /// A Seller without a login.
    pub(super) fn another(number: usize, open: bool, like: Option<&Self>) -> Self {
        let names = ["Valley Tennis Club", "Harbour Gym", "Northside Dance", "Old Mill Climbing", "Lakeside Rowing"];
        let name = names.get(number % names.len()).copied().unwrap_or("Valley Tennis Club");
        let tax_mode = if number.is_multiple_of(2) { TaxMode::Net } else { TaxMode::Gross };
        Self { number, name, tax_mode, terms: like.and_then(|like| like.terms), open }
    }

    /// Its place in the list of Sellers.
    pub(super) const fn index(&self) -> usize {
        self.number.saturating_sub(1)
    }

    pub(super) fn id(&self) -> String {
        format!("{IDS}/sellers/{}", self.number)
    }

    fn site(&self) -> String {
        format!("https://{}.example.org", self.name.to_lowercase().replace(' ', "-"))
    }

    /// The Seller in full, as feeds and booking responses show it.
    pub(super) fn json(&self) -> Value {
        let site = self.site();
        let tax_mode = match self.tax_mode {
            TaxMode::Gross => "TaxGross",
            TaxMode::Net => "TaxNet",
        };
        let mut seller = Map::new();
        let mut put = |name: &str, value: Value| {
            seller.insert(name.to_owned(), value);
        };
        put("@type", json!("Organization"));
        put("@id", json!(self.id()));
        put("identifier", json!(self.number.to_string()));
        put("name", json!(self.name));
        put("legalName", json!(format!("{} Limited", self.name)));
        put("vatID", json!(format!("GB{:09}", 123_456_000 + self.number)));
        put("taxMode", json!(openactive(tax_mode)));
        put("isOpenBookingAllowed", json!(self.open));
        put("url", json!(format!("{site}/")));
        put("telephone", json!("01632 960000"));
        put("email", json!(format!("hello@{}", site.trim_start_matches("https://"))));
        put("sameAs", json!([format!("https://social.example.org/{}", self.name.to_lowercase().replace(' ', "-"))]));
        put("logo", json!({ "@type": "ImageObject", "url": format!("{site}/logo.png") }));
        put("address", address("1 Mill Lane"));
        if let Some(consent) = self.terms {
            put("termsOfService", terms(&site, consent));
        }
        Value::Object(seller)
    }

    /// A place of the Seller; 0 is the usual one.
    pub(super) fn place(&self, variant: u32) -> Value {
        let degrees = |base: i32, step: u32| f64::from(base) / 10_000.0 + f64::from(step) / 100.0;
        let (latitude, longitude) = (degrees(517_012, variant), -degrees(12_034, variant));
        let name = match variant {
            0 => format!("{} Centre", self.name),
            other => format!("{} Annexe {other}", self.name),
        };
        json!({
            "@type": "Place",
            "@id": format!("{IDS}/places/{}-{variant}", self.number),
            "identifier": format!("place-{}-{variant}", self.number),
            "name": name,
            "url": format!("{}/centre", self.site()),
            "telephone": "01632 960000",
            "description": "A leisure centre by the river, with parking for bicycles.",
            "image": [{ "@type": "ImageObject", "url": format!("{}/centre.jpg", self.site()) }],
            "openingHoursSpecification": opening_hours(),
            "amenityFeature": [{ "@type": "ChangingFacilities", "name": "Changing rooms", "value": true }],
            "address": address(&format!("{} Mill Lane", variant + 1)),
            "geo": { "@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude }
        })
    }

    /// A page about something that the Seller offers.
    pub(super) fn page(&self, path: &str) -> String {
        format!("{}/{path}", self.site())
    }
}
