//! `oa-test init`: a configuration to begin with, out of what is seen of a booking system.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::client::Redactor;
use crate::error::{Error, Exit};
use crate::report::escape;
use crate::survey::{Guess, NO_TESTS, Survey, SurveyOptions, TestInterface, guesses, survey};
use crate::vocabulary::{Flow, OpportunityType};

use super::arguments::InitArguments;
use super::list::catalogue;
use super::output::Output;

/// The time limit of one request.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) fn init(arguments: &InitArguments, output: Output) -> Result<Exit, Error> {
    let path = &arguments.output;
    if !arguments.force && path.exists() {
        return Err(Error::usage(format!("{} already exists", path.display()))
            .hint("use --force to overwrite it, or --output for another file"));
    }
    let options = SurveyOptions {
        url: arguments.url.clone(),
        insecure: arguments.insecure,
        reading: Duration::from_secs(arguments.seconds),
        timeout: PATIENCE,
    };
    let runtime = super::runtime::runtime()?;
    let found = runtime.block_on(survey(&options))?;
    runtime.shutdown_background();
    let guesses = guesses(&found, &catalogue(None)?);
    let text = written(&found.url, &found, &guesses);
    std::fs::write(path, &text).map_err(|error| Error::file("write", path, error))?;
    output.print(&Redactor::of_url(&arguments.url).text(&summary(&found, &guesses, output)));
    let shown = path.display();
    output.print(&format!(
        "\nWrote {shown}. Complete its TODO comments, then run:\n  oa-test doctor --config {shown}\n  oa-test run --config {shown}\n"
    ));
    Ok(Exit::Success)
}

/// What was found, for a person.
fn summary(found: &Survey, guesses: &[Guess], output: Output) -> String {
    /// The column at which values start.
    const VALUES: usize = 19;
    let seen = &found.seen;
    let mut text = format!("{}\n", escape(found.site.name.as_deref().unwrap_or("Dataset without name")));
    let mut line =
        |label: &str, value: String| text.push_str(&format!("  {label:<16} {}\n", output.wrapped(&value, VALUES)));
    line("dataset site", escape(&found.url));
    line("booking API", found.site.booking_api.as_deref().map_or_else(|| "none".to_owned(), escape));
    let types: Vec<String> = seen.types.iter().map(|(kind, count)| format!("{kind} ({count})")).collect();
    line("bookable", if types.is_empty() { "none".to_owned() } else { types.join(", ") });
    let flows: Vec<String> = seen.flows.iter().map(|(flow, count)| format!("{flow} ({count} offers)")).collect();
    line("flows", if flows.is_empty() { "none".to_owned() } else { flows.join(", ") });
    line("Sellers", seen.sellers.len().to_string());
    let provider = found.provider.as_ref().map_or_else(|| "none".to_owned(), |p| escape(&p.authority));
    line("OpenID provider", provider);
    let interface = match found.test_interface {
        TestInterface::There => "available",
        TestInterface::Absent => "not available",
        TestInterface::Unknown => "unknown",
    };
    line("Test Interface", interface.to_owned());
    let count = |there: Option<bool>| guesses.iter().filter(|guess| guess.there == there).count();
    line(
        "features",
        format!("{} likely implemented, {} not, {} undecided", count(Some(true)), count(Some(false)), count(None)),
    );
    for notice in found.findings.iter().map(|finding| &finding.message).chain(&found.notices) {
        text.push_str(&format!("  note: {}\n", output.wrapped(&escape(notice), 8)));
    }
    text
}

/// A value as it stands in the file.
fn value(value: impl Into<Value>) -> String {
    value.into().to_string()
}

/// The file. Comments say why everything is as it is.
fn written(url: &str, found: &Survey, guesses: &[Guess]) -> String {
    let seen = &found.seen;
    let controlled = found.test_interface == TestInterface::There;
    let mut text = String::from("// The configuration of oa-test for one booking system. Comments are allowed.\n{\n");
    text.push_str("  \"broker\": {\n");
    text.push_str(&format!("    \"datasetSiteUrl\": {},\n", value(url)));
    text.push_str(&booking_partners(found));
    text.push_str("  },\n  \"integrationTests\": {\n");
    if controlled {
        text.push_str("    // false: controlled mode, as the Test Interface is available. true: random mode.\n");
    } else {
        text.push_str("    // true: random mode, as no Test Interface was found (`oa-test test-data` lists the required opportunities).\n");
    }
    text.push_str(&format!("    \"useRandomOpportunities\": {},\n", !controlled));
    text.push_str("    \"bookableOpportunityTypesInScope\": {\n");
    let kinds: Vec<String> = OpportunityType::ALL
        .iter()
        .map(|kind| {
            let count = seen.types.get(kind).copied().unwrap_or_default();
            format!("      {}: {}", value(kind.name()), count > 0)
        })
        .collect();
    text.push_str(&kinds.join(",\n"));
    text.push_str("\n    },\n    \"bookingFlowsInScope\": {\n");
    let flows: Vec<String> = Flow::ALL
        .iter()
        .map(|flow| format!("      {}: {}", value(flow.name()), seen.flows.contains_key(flow)))
        .collect();
    text.push_str(&flows.join(",\n"));
    text.push_str("\n    },\n    // `oa-test explain FEATURE` describes a feature and its tests.\n    // true: implemented, and tested. false: not implemented, and tested as such. null: not tested.\n");
    text.push_str("    \"implementedFeatures\": {\n");
    let mut category = "";
    for (number, guess) in guesses.iter().enumerate() {
        if guess.category != category {
            category = guess.category;
            text.push_str(&format!("      // {category}\n"));
        }
        let todo = if guess.there.is_none() && guess.reason != NO_TESTS { "TODO: " } else { "" };
        let there = guess.there.map_or_else(|| "null".to_owned(), |there| there.to_string());
        let comma = if number + 1 < guesses.len() { "," } else { "" };
        let comment = plain(&guess.reason);
        text.push_str(&format!("      {}: {there}{comma} // {todo}{comment}\n", value(guess.feature)));
    }
    text.push_str("    }");
    text.push_str(&specific(found));
    text.push_str("\n  },\n  \"sellers\": {\n");
    text.push_str(&sellers(found));
    text.push_str("  }\n}\n");
    text
}

/// The Booking Partners of the tests of the OpenID provider.
fn specific(found: &Survey) -> String {
    let Some(provider) = &found.provider else { return String::new() };
    let mut partners = Vec::new();
    if provider.registration {
        for name in ["dynamicPrimary", "dynamicSecondary"] {
            partners.push(format!(
                "      // TODO: the initial access token of another Booking Partner\n      \"{name}\": {{ \"authentication\": \
                 {{ \"initialAccessToken\": null }} }}"
            ));
        }
    }
    if provider.code_flow {
        partners.push(
            "      // TODO: a client to which the primary Seller has already given consent\n      \"authorizationPersisted\": { \
             \"authentication\": { \"clientCredentials\": null } }"
                .to_owned(),
        );
    }
    if partners.is_empty() {
        return String::new();
    }
    format!(
        ",\n    // required by the tests of the OpenID provider, which are otherwise blocked\n    \
         \"bookingPartnersForSpecificTests\": {{\n{}\n    }}",
        partners.join(",\n")
    )
}

/// A text that a line comment can hold.
fn plain(text: &str) -> String {
    escape(text)
}

fn booking_partners(found: &Survey) -> String {
    let mut text = String::from("    \"bookingPartners\": {\n");
    for (number, name) in ["primary", "secondary"].into_iter().enumerate() {
        let comma = if number == 0 { "," } else { "" };
        text.push_str(&format!("      \"{name}\": {{\n        \"authentication\": {{\n"));
        match &found.provider {
            Some(provider) if provider.registration => {
                text.push_str(
                    "          // TODO: the initial access token of this Booking Partner, or clientCredentials\n",
                );
                text.push_str("          \"initialAccessToken\": null,\n");
                text.push_str(
                    "          \"clientCredentials\": null // { \"clientId\": \"\", \"clientSecret\": \"\" }\n",
                );
            }
            Some(_) => {
                text.push_str("          // TODO: the client of this Booking Partner at the OpenID provider: { \"clientId\": \"\", \"clientSecret\": \"\" }\n");
                text.push_str("          \"clientCredentials\": null\n");
            }
            None => {
                text.push_str("          // TODO: the Orders feed headers of this Booking Partner\n");
                text.push_str("          \"ordersFeedRequestHeaders\": {}\n");
            }
        }
        text.push_str(&format!("        }}\n      }}{comma}\n"));
    }
    text.push_str("    }\n");
    text
}

fn sellers(found: &Survey) -> String {
    let seen = &found.seen.sellers;
    let mut text = String::new();
    let roles = ["primary", "secondary"];
    let count = seen.len().clamp(1, roles.len());
    for (number, role) in roles.iter().take(count).enumerate() {
        let comma = if number + 1 < count { "," } else { "" };
        let mut known = Map::new();
        match seen.get(number) {
            Some(seller) => {
                text.push_str(&format!("    // the Seller of {} bookable opportunities\n", seller.count));
                known.insert("@type".to_owned(), seller.json_type.clone().into());
                known.insert("@id".to_owned(), seller.id.clone().into());
                if let Some(mode) = &seller.tax_mode {
                    known.insert("taxMode".to_owned(), mode.clone().into());
                }
            }
            None => {
                text.push_str("    // TODO: the @id of the Seller (the feeds contain none)\n");
                known.insert("@type".to_owned(), "Organization".into());
                known.insert("@id".to_owned(), "https://example.com/sellers/1".into());
            }
        }
        text.push_str(&format!("    \"{role}\": {{\n"));
        for (name, known) in &known {
            text.push_str(&format!("      {}: {known},\n", value(name.as_str())));
        }
        let code_flow = found.provider.as_ref().is_some_and(|provider| provider.code_flow);
        text.push_str("      \"authentication\": {\n");
        if code_flow {
            text.push_str("        // TODO: the login of this Seller: { \"username\": \"\", \"password\": \"\" }\n");
            text.push_str("        \"loginCredentials\": null\n");
        } else {
            text.push_str("        // TODO: the request headers of this Seller\n");
            text.push_str("        \"requestHeaders\": {}\n");
        }
        let payment = json!({ "name": null, "accountId": null, "paymentProviderId": null });
        text.push_str("      },\n      // the properties of `payment`, if payments are reconciled\n");
        text.push_str(&format!("      \"paymentReconciliationDetails\": {payment}\n    }}{comma}\n"));
    }
    text
}
