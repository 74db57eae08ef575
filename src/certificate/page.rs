//! The page of a certificate. It follows from the certificate alone, so that every byte of it can be checked.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::report::{csp_source, escape_html as html};

use super::claims::VALID_FOR;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Start and end of the data of a page.
const BEGIN: &str = "<script type=\"application/ld+json\" id=\"conformance-data\">";
const END: &str = "</script>";

/// The certificate that a page holds.
///
/// # Errors
/// That it holds none.
pub(super) fn data(page: &str) -> Result<Map<String, Value>, String> {
    let content = page
        .split_once(BEGIN)
        .and_then(|(_, rest)| rest.split_once(END))
        .ok_or("the page has no certificate: no element with the id conformance-data")?
        .0;
    serde_json::from_str(content).map_err(|error| format!("the certificate of the page cannot be read: {error}"))
}

/// The moment at which a certificate expires.
pub(super) fn expiry(certificate: &Map<String, Value>) -> Option<Timestamp> {
    let text = |name: &str| certificate.get(name).and_then(Value::as_str);
    let created: Timestamp = text("dateCreated")?.parse().ok()?;
    let valid: jiff::Span = text("validFor").unwrap_or(VALID_FOR).parse().ok()?;
    created.to_zoned(jiff::tz::TimeZone::UTC).checked_add(valid).ok().map(|end| end.timestamp())
}

fn day(moment: &str) -> &str {
    moment.split('T').next().unwrap_or(moment)
}

fn words(certificate: &Map<String, Value>, name: &str) -> Vec<String> {
    let list = certificate.get(name).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|entry| entry.as_str().or_else(|| entry.get("prefLabel")?.as_str())).map(html).collect()
}

/// The features of a list, each with its identifier.
fn features(certificate: &Map<String, Value>, name: &str) -> String {
    let list = certificate.get(name).and_then(Value::as_array).into_iter().flatten();
    let entries: String = list
        .map(|feature| {
            let text = |name: &str| feature.get(name).and_then(Value::as_str).unwrap_or_default();
            let id = text("@id").rsplit('#').next().unwrap_or_default();
            format!("<li>{} <code class=\"quiet\">{}</code></li>\n", html(text("prefLabel")), html(id))
        })
        .collect();
    if entries.is_empty() { "<p class=\"quiet\">none</p>\n".to_owned() } else { format!("<ul>\n{entries}</ul>\n") }
}

/// The page of a certificate: everything that it shows follows from the certificate, which it holds as JSON-LD.
#[must_use]
pub fn page(certificate: &Map<String, Value>) -> String {
    let text = |pointer: &str| {
        let mut at: Option<&Value> = None;
        for (number, name) in pointer.split('/').enumerate() {
            at = if number == 0 { certificate.get(name) } else { at.and_then(|at| at.get(name)) };
        }
        at.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let holder = text("awardedTo/name");
    let url = text("awardedTo/url");
    let named = if url.starts_with("https://") || url.starts_with("http://") {
        format!("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", html(&url), html(&holder))
    } else {
        html(&holder)
    };
    let until = expiry(certificate).map(|until| until.to_string()).unwrap_or_default();
    let signed = match text("proof/publicKey").as_str() {
        "" => "no".to_owned(),
        key => format!("by the Ed25519 key <code>{}</code>", html(key)),
    };
    // Within an element of HTML, nothing may look like its end.
    let data = serde_json::to_string(certificate).unwrap_or_default().replace('<', "\\u003c");
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src {script}; \
         style-src {style}; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{holder_text}: certificate of conformance</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{named}</h1>\n<p class=\"quiet\">{name}</p>\n\
         <div class=\"box\" id=\"state\" data-until=\"{until}\"><strong>Valid from {created} until {until_day}.</strong>\n\
         <p>{description}</p>\n<p>Verify with <code>oa-test certificate verify {id}</code>, which replays every test from \
         the evidence.</p>\n<button type=\"button\" id=\"download\">Download the evidence</button></div>\n\
         <h2>Conforms to</h2>\n<dl>\n\
         <dt>Specifications</dt><dd><a href=\"https://openactive.io/open-booking-api/EditorsDraft/1.0CR3/\">Open Booking API \
         1.0 CR3</a>, <a href=\"https://openactive.io/realtime-paged-data-exchange/\">Realtime Paged Data Exchange 1.0</a>, \
         <a href=\"https://openactive.io/modelling-opportunity-data/\">Modelling Opportunity Data 2.0</a></dd>\n\
         <dt>Booking flows</dt><dd>{flows}</dd>\n<dt>Opportunity types</dt><dd>{types}</dd>\n\
         <dt>Version tested</dt><dd>{version}</dd>\n</dl>\n\
         <h2>Implemented features</h2>\n{implemented}<h2>Features not implemented</h2>\n{not_implemented}\
         <h2>Evidence</h2>\n<dl>\n<dt>Tool</dt><dd>{tool} {tool_version}</dd>\n\
         <dt>Profile</dt><dd>{profile}</dd>\n<dt>Mode</dt><dd>{mode}</dd>\n<dt>Certificate</dt><dd><code>{id}</code></dd>\n\
         <dt>Evidence</dt><dd><code>sha256 {sha256}</code></dd>\n<dt>Signed</dt><dd>{signed}</dd>\n</dl>\n</main>\n\
         {BEGIN}{data}{END}\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        script = csp_source(SCRIPT),
        style = csp_source(STYLE),
        holder_text = html(&holder),
        name = html(&text("name")),
        until = html(&until),
        until_day = html(day(&until)),
        created = html(day(&text("dateCreated"))),
        description = html(&text("description")),
        id = html(&text("@id")),
        flows = words(certificate, "bookingFlowsImplemented").join(", "),
        types = words(certificate, "opportunityTypeImplemented").join(", "),
        version = html(&text("awardedTo/softwareVersion")),
        implemented = features(certificate, "featureImplemented"),
        not_implemented = features(certificate, "featureNotImplemented"),
        tool = html(&text("creator/name")),
        tool_version = html(&text("creator/softwareVersion")),
        profile = html(&text("creator/profile")),
        mode = html(&text("creator/mode")),
        sha256 = html(&text("associatedMedia/sha256")),
    )
}
