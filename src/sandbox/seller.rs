//! The Sellers.

use serde_json::{Value, json};

use crate::vocabulary::openactive;

use super::money::TaxMode;

/// The authority under which every identifier of this system stands. It names things and serves nothing.
pub(super) const IDS: &str = "https://id.sandbox.example.org";

/// A Seller.
#[derive(Debug, Clone)]
pub(super) struct Seller {
    pub(super) number: usize,
    pub(super) name: &'static str,
    pub(super) tax_mode: TaxMode,
}

/// The two Sellers: one whose prices include tax, one whose prices do not.
pub(super) fn sellers() -> Vec<Seller> {
    vec![
        Seller { number: 1, name: "Riverside Leisure", tax_mode: TaxMode::Gross },
        Seller { number: 2, name: "Hilltop Sports", tax_mode: TaxMode::Net },
    ]
}

fn address() -> Value {
    json!({
        "@type": "PostalAddress",
        "streetAddress": "1 Mill Lane",
        "addressLocality": "Exampleton",
        "addressRegion": "Exampleshire",
        "postalCode": "EX2 2BB",
        "addressCountry": "GB"
    })
}

impl Seller {
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
        json!({
            "@type": "Organization",
            "@id": self.id(),
            "identifier": self.number.to_string(),
            "name": self.name,
            "legalName": format!("{} Limited", self.name),
            "taxMode": openactive(tax_mode),
            "isOpenBookingAllowed": true,
            "url": format!("{site}/"),
            "telephone": "01632 960000",
            "logo": { "@type": "ImageObject", "url": format!("{site}/logo.png") },
            "address": address(),
            "termsOfService": [
                {
                    "@type": "PrivacyPolicy",
                    "name": "Privacy policy",
                    "url": format!("{site}/privacy"),
                    "requiresExplicitConsent": false
                },
                {
                    "@type": "TermsOfUse",
                    "name": "Terms of use",
                    "url": format!("{site}/terms"),
                    "requiresExplicitConsent": false
                }
            ]
        })
    }

    /// A place of the Seller.
    pub(super) fn place(&self) -> Value {
        json!({
            "@type": "Place",
            "@id": format!("{IDS}/places/{}", self.number),
            "identifier": format!("place-{}", self.number),
            "name": format!("{} Centre", self.name),
            "url": format!("{}/centre", self.site()),
            "telephone": "01632 960000",
            "address": address(),
            "geo": { "@type": "GeoCoordinates", "latitude": 51.7, "longitude": -1.2 }
        })
    }

    /// A page about something that the Seller offers.
    pub(super) fn page(&self, path: &str) -> String {
        format!("{}/{path}", self.site())
    }
}
