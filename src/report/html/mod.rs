//! The report as one HTML file: it asks nothing of any network, runs only its own script, and shows what a target sent
//! as text.
//!
//! The overview is plain HTML. What is behind each cell lies in the page, packed by feature, and is unpacked by the
//! script when a cell is opened, so that a large run opens as fast as a small one.

mod chunks;
mod data;
mod overview;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::digest;

use crate::error::Error;
use crate::results::RunReport;
use crate::vocabulary::unpacked;

use super::escape::escape;

const STYLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/page.css.packed"));
const SCRIPT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/page.js.packed"));

/// A text as it may stand in HTML, within an element or a quoted attribute.
#[must_use]
pub fn html(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in escape(text).chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            c => shown.push(c),
        }
    }
    shown
}

/// What a Content-Security-Policy knows a script or style by.
#[must_use]
pub fn csp_source(text: &str) -> String {
    format!("'sha256-{}'", BASE64.encode(digest::digest(&digest::SHA256, text.as_bytes())))
}

/// The report as HTML.
///
/// # Errors
/// That the data cannot be packed, which data in memory rules out.
pub fn to_html(report: &RunReport) -> Result<String, Error> {
    let packed = chunks::pack(report)?;
    let [style, script] = [STYLE, SCRIPT].map(unpacked);
    let title = overview::title(report);
    let mut page = String::with_capacity(packed.size() + 512 * 1024);
    page.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str(&format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src {}; style-src {}; \
         img-src data:; base-uri 'none'; form-action 'none'\">\n",
        csp_source(&script),
        csp_source(&style)
    ));
    page.push_str("<meta name=\"referrer\" content=\"no-referrer\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.push_str(&format!("<title>{}</title>\n<style>{style}</style>\n</head>\n", html(&title)));
    page.push_str(&format!("<body data-title=\"{}\">\n", html(&title)));
    overview::write(report, &mut page);
    page.push_str("<main id=\"page\" hidden></main>\n<div id=\"live\" class=\"small\" role=\"status\" hidden></div>\n");
    page.push_str(&format!(
        "<footer>oa-test {}, {}. Keys: <b>/</b> filter, <b>j</b> next and <b>k</b> previous matching \
         cell, <b>Esc</b> back.</footer>\n",
        html(&report.tool.version),
        html(&report.started)
    ));
    packed.write(&mut page);
    page.push_str(&format!("<script>{script}</script>\n</body>\n</html>\n"));
    Ok(page)
}
