//! The overview: what failed and why, what is worth knowing, and a map of all cells. Plain HTML, so that it is read
//! without any script.

use serde_json::Value;

use super::chunks::features;
use super::data::{mark, word};
use super::html;
use crate::error::Exit;
use crate::report::choices::{HEADING, choices};
use crate::report::findings::cause_line;
use crate::report::headline::headline;
use crate::report::remarks::all;
use crate::results::{CauseGroup, CellReport, Cited, Finding, RunReport, diagnose, stage_label};
use crate::vocabulary::{Flow, OpportunityType};

/// So many warnings are listed one by one.
const WARNINGS: usize = 300;

/// The title of the page.
pub(super) fn title(report: &RunReport) -> String {
    let name = report.target.name.as_deref().unwrap_or(&report.target.dataset_site);
    format!("{name}: {}", headline(report))
}

/// Writes header and overview.
pub(super) fn write(report: &RunReport, page: &mut String) {
    let name = report.target.name.as_deref().unwrap_or(&report.target.dataset_site);
    page.push_str("<header>\n<div class=\"top\">");
    page.push_str(&format!("<h1>{}</h1>", html(name)));
    page.push_str("<button type=\"button\" id=\"theme\">theme</button></div>\n");
    let verdict = match report.exit() {
        Exit::Success => "passed",
        Exit::Failure => "failed",
        _ => "blocked",
    };
    page.push_str(&format!(
        "<p><span class=\"word {verdict}\">{}</span> <span class=\"quiet\">in {}.{:02} s, {} mode, {} profile</span></p>\n",
        html(&headline(report)),
        report.duration_ms / 1000,
        report.duration_ms % 1000 / 10,
        html(&report.mode),
        report.profile
    ));
    page.push_str("</header>\n<main id=\"overview\">\n");
    bar(report, page);
    warnings_about_the_run(report, page);
    failures(report, page);
    shortages(report, page);
    map(report, page);
    skipped(report, page);
    remarks(report, page);
    open_questions(report, page);
    screenshots(report, page);
    facts(report, page);
    page.push_str("</main>\n");
}

fn bar(report: &RunReport, page: &mut String) {
    let counts = report.counts;
    page.push_str("<div class=\"bar\" role=\"search\">");
    page.push_str(
        "<input id=\"query\" type=\"search\" placeholder=\"feature, test, flow, type, text\" \
         aria-label=\"Filter cells\" autocomplete=\"off\">",
    );
    for (name, count) in [
        ("all", report.cells.len()),
        ("failed", counts.failed),
        ("blocked", counts.blocked),
        ("known", counts.known),
        ("flaky", counts.flaky),
        ("passed", counts.passed),
        ("skipped", counts.skipped),
    ] {
        if count > 0 || name == "failed" {
            let pressed = name == "all";
            page.push_str(&format!(
                "<button type=\"button\" data-verdict=\"{name}\" aria-pressed=\"{pressed}\">\
                 <span class=\"word {name}\">{name}</span> {count}</button>"
            ));
        }
    }
    page.push_str("<span id=\"matching\" class=\"quiet small\" role=\"status\"></span></div>\n");
    page.push_str("<noscript><p class=\"card blocked\">Details of cells require JavaScript.</p></noscript>\n");
    page.push_str("<p id=\"nothing\" class=\"quiet\" hidden>No cell matches the filter.</p>\n");
}

fn warnings_about_the_run(report: &RunReport, page: &mut String) {
    let mut lines: Vec<String> = Vec::new();
    if report.interrupted {
        lines.push("The run was interrupted: unfinished cells are blocked.".to_owned());
    }
    if let Some(reason) = &report.ended_early {
        lines.push(format!("The run ended early: {reason}."));
    }
    if report.insecure {
        lines.push("TLS certificates were not verified (--insecure).".to_owned());
    }
    let causes = diagnose(report);
    let shown = |notice: &&String| causes.iter().any(|cause| cause.message == notice.as_str());
    lines.extend(report.notices.iter().filter(|notice| !shown(notice)).cloned());
    for text in lines {
        page.push_str(&format!("<div class=\"card blocked\">{}</div>\n", html(&text)));
    }
}

/// A finding's particulars.
fn details(finding: &Finding) -> String {
    let mut text = String::from("<dl class=\"pairs\">");
    for (label, said) in finding.details() {
        let shown = match label {
            "spec" if said.starts_with("https://") || said.starts_with("http://") => {
                format!("<a href=\"{0}\" rel=\"noopener noreferrer\" target=\"_blank\">{0}</a>", html(&said))
            }
            "at" => format!("<code>{}</code>", html(&said)),
            _ => html(&said),
        };
        text.push_str(&format!("<dt>{label}</dt><dd>{shown}</dd>"));
    }
    text.push_str("</dl>");
    text
}

fn failures(report: &RunReport, page: &mut String) {
    let causes = diagnose(report);
    if causes.is_empty() {
        return;
    }
    page.push_str("<h2>Causes</h2>\n");
    for cause in &causes {
        failure(report, cause, page);
    }
}

fn numbers(cells: &[usize]) -> String {
    cells.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn failure(report: &RunReport, cause: &CauseGroup<'_>, page: &mut String) {
    page.push_str(&format!("<div class=\"card {}\" data-cells=\"{}\">", cause.verdict.word(), numbers(&cause.cells)));
    page.push_str(&format!("<p><strong>{}</strong></p>", html(&cause_line(cause))));
    if let Some(example) = cause.example {
        let stages: Vec<&str> = cause.stages.iter().map(|stage| stage_label(*stage)).collect();
        let at = if stages.len() > 1 { stages.join(", ") } else { example.step.title.clone() };
        let name = html(&example.check.name);
        page.push_str(&format!("<p class=\"small\"><span class=\"quiet\">{}:</span> {name}</p>", html(&at)));
    }
    match (cause.shown(), cause.hint) {
        (Some(finding), _) => page.push_str(&details(finding)),
        (None, Some(hint)) => page.push_str(&format!("<p class=\"small\">{}</p>", html(hint))),
        (None, None) => {}
    }
    if let Some(example) = cause.example {
        page.push_str(&format!("<p class=\"small\"><code>{}</code></p>", html(&example.cell.rerun)));
    }
    if !cause.consequences.is_empty() {
        page.push_str("<ul class=\"small\">");
        for consequence in &cause.consequences {
            let (message, cells) = (html(&consequence.message), consequence.cells);
            page.push_str(&format!("<li>implies: {message} <span class=\"quiet\">({cells} cells)</span></li>"));
        }
        page.push_str("</ul>");
    }
    let link = |number: &usize| {
        let cell = report.cells.get(*number)?;
        Some(format!("<a href=\"#cell/{}\">{}</a>", encoded(&cell.id), html(&cell.id)))
    };
    let links: Vec<String> = cause.cells.iter().filter_map(link).collect();
    let first = cause.example.map(|example| example.number).or_else(|| cause.cells.first().copied());
    match (links.as_slice(), first.as_ref().and_then(link)) {
        ([], _) => {}
        ([only], _) => page.push_str(&format!("<p class=\"small\">{only}</p>")),
        (all, first) => page.push_str(&format!(
            "<details class=\"small\"><summary>{} cells, such as {}</summary>{}</details>",
            all.len(),
            first.unwrap_or_default(),
            all.join("<br>")
        )),
    }
    page.push_str("</div>\n");
}

/// An identifier as a fragment of a URL.
fn encoded(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    id.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn shortages(report: &RunReport, page: &mut String) {
    if report.shortages.is_empty() {
        return;
    }
    page.push_str(
        "<h2>Missing opportunities</h2>\n<p>Random mode requires these opportunities in the feeds; \
                   <code>oa-test test-data</code> lists all of them.</p>\n<div class=\"scroll\"><table>",
    );
    page.push_str("<tr><th>criteria</th><th>type</th><th>flow</th><th>Seller</th><th>needed</th><th>found</th><th>most frequent mismatch</th></tr>");
    for shortage in &report.shortages {
        let lack = shortage.refusals.first().map_or_else(String::new, |refusal| {
            format!("{} ({} of {})", refusal.reason, refusal.count, shortage.candidates)
        });
        page.push_str(&format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            html(&shortage.criteria),
            html(&shortage.opportunity_type),
            html(&shortage.flow),
            html(&shortage.seller),
            shortage.needed,
            shortage.found,
            html(&lack)
        ));
    }
    page.push_str("</table></div>\n");
}

/// The columns of the map: flow and type, as the plan knows them.
fn columns(report: &RunReport) -> Vec<(&str, &str)> {
    let mut columns: Vec<(&str, &str)> = Vec::new();
    for cell in &report.cells {
        if let (Some(flow), Some(kind)) = (cell.flow.as_deref(), cell.opportunity_type.as_deref())
            && !columns.contains(&(flow, kind))
        {
            columns.push((flow, kind));
        }
    }
    let place = |(flow, kind): &(&str, &str)| {
        let at = |known: Option<usize>| known.unwrap_or(usize::MAX);
        (
            at(Flow::ALL.iter().position(|known| known.name() == *flow)),
            at(OpportunityType::ALL.iter().position(|known| known.name() == *kind)),
        )
    };
    columns.sort_by_key(place);
    columns
}

fn map(report: &RunReport, page: &mut String) {
    if report.cells.is_empty() {
        return;
    }
    let columns = columns(report);
    let plain = report.cells.iter().any(|cell| cell.flow.is_none());
    page.push_str("<h2>All cells</h2>\n<div class=\"scroll\"><table class=\"map\"><thead><tr><th></th>");
    let mut flows: Vec<(&str, usize)> = Vec::new();
    for (flow, _) in &columns {
        match flows.last_mut() {
            Some((last, count)) if last == flow => *count += 1,
            _ => flows.push((flow, 1)),
        }
    }
    if plain {
        page.push_str("<th></th>");
    }
    for (flow, count) in flows {
        page.push_str(&format!("<th class=\"flow\" colspan=\"{count}\">{}</th>", html(flow)));
    }
    page.push_str("</tr><tr><th></th>");
    if plain {
        page.push_str("<th>no opportunity</th>");
    }
    for (_, kind) in &columns {
        let short = kind.parse().map_or(*kind, |known: OpportunityType| known.short());
        page.push_str(&format!("<th title=\"{}\">{}</th>", html(kind), html(short)));
    }
    page.push_str("</tr></thead><tbody>\n");
    let wide = columns.len() + 1 + usize::from(plain);
    let mut number = 0;
    for cells in features(report) {
        let Some(first) = cells.first() else { continue };
        page.push_str(&format!(
            "<tr class=\"feature\" data-row><th colspan=\"{wide}\">{} <span class=\"quiet small\">{}</span></th></tr>\n",
            html(&first.feature),
            html(&first.category)
        ));
        let mut tests: Vec<(&str, Vec<(usize, &CellReport)>)> = Vec::new();
        for cell in cells {
            match tests.iter_mut().find(|(test, _)| *test == cell.test) {
                Some((_, cells)) => cells.push((number, cell)),
                None => tests.push((&cell.test, vec![(number, cell)])),
            }
            number += 1;
        }
        for (test, cells) in tests {
            let name = cells.first().map_or(test, |(_, cell)| cell.name.as_str());
            page.push_str(&format!("<tr data-row><th title=\"{}\">{}</th>", html(test), html(name)));
            if plain {
                square(cells.iter().find(|(_, cell)| cell.flow.is_none()), page);
            }
            for (flow, kind) in &columns {
                let here = |(_, cell): &&(usize, &CellReport)| {
                    (cell.flow.as_deref(), cell.opportunity_type.as_deref()) == (Some(*flow), Some(*kind))
                };
                square(cells.iter().find(here), page);
            }
            page.push_str("</tr>\n");
        }
    }
    page.push_str("</tbody></table></div>\n");
}

fn square(cell: Option<&(usize, &CellReport)>, page: &mut String) {
    let Some((number, cell)) = cell else {
        page.push_str("<td></td>");
        return;
    };
    let word = word(cell);
    let flaky = if cell.flaky { " flaky" } else { "" };
    let reason = cell.reason.as_deref().map_or_else(String::new, |reason| format!(": {reason}"));
    page.push_str(&format!(
        "<td><a class=\"v {word}{flaky}\" data-cell=\"{number}\" href=\"#cell/{}\" title=\"{}\" aria-label=\"{}\">{}</a></td>",
        encoded(&cell.id),
        html(&format!("{word}{flaky}{reason}")),
        html(&format!("{} {word}", cell.id)),
        mark(cell)
    ));
}

fn skipped(report: &RunReport, page: &mut String) {
    if report.skipped.is_empty() {
        return;
    }
    page.push_str(&format!("<details><summary>{} skipped tests</summary><ul class=\"small\">", report.skipped.len()));
    for skipped in &report.skipped {
        page.push_str(&format!("<li><code>{}</code> {}</li>", html(&skipped.test), html(&skipped.reason)));
    }
    page.push_str("</ul></details>\n");
}

fn remarks(report: &RunReport, page: &mut String) {
    let remarks = all(report);
    if remarks.is_empty() {
        return;
    }
    page.push_str(&format!(
        "<h2>Warnings</h2>\n<p class=\"small quiet\">Unmet SHOULDs (warnings) and recommendations (suggestions). They do not affect verdicts.</p>\n\
         <details><summary>{} warnings and suggestions</summary><div class=\"scroll\"><table class=\"small\">\
         <tr><th></th><th>where</th><th>finding</th><th>times</th></tr>",
        remarks.len()
    ));
    for said in remarks.iter().take(WARNINGS) {
        page.push_str(&format!(
            "<tr><td>{}</td><td>{}<br><code>{}</code></td><td>{} <span class=\"quiet\">{}</span></td><td>{}</td></tr>",
            said.remark.level.word(),
            html(said.place),
            html(&said.remark.path),
            html(&said.remark.message),
            cited(&said.remark.requirements, &said.remark.rule),
            said.count
        ));
    }
    page.push_str("</table></div>");
    if remarks.len() > WARNINGS {
        page.push_str(&format!("<p>and {} more, listed by cell</p>", remarks.len() - WARNINGS));
    }
    page.push_str("</details>\n");
}

fn open_questions(report: &RunReport, page: &mut String) {
    let all = choices(report);
    if all.is_empty() {
        return;
    }
    page.push_str(&format!(
        "<h2>{HEADING}</h2>\n<p class=\"small quiet\">Questions that the specifications leave open. The target conforms \
         either way.</p>\n<div class=\"scroll\"><table class=\"small\">\
         <tr><th>question</th><th>choice of the target</th><th>steps</th></tr>"
    ));
    for counted in &all {
        page.push_str(&format!(
            "<tr><td>{}<br><code>{}</code></td><td>{}</td><td>{}</td></tr>",
            html(&counted.choice.title),
            html(&counted.choice.question),
            html(&counted.choice.choice),
            counted.steps
        ));
    }
    page.push_str("</table></div>\n");
}

fn screenshots(report: &RunReport, page: &mut String) {
    for picture in &report.screenshots {
        // Only what is a picture gets into the page.
        if picture.png().is_ok() {
            page.push_str(&format!(
                "<h2>{}</h2>\n<img class=\"shot\" alt=\"Screenshot of the browser\" src=\"data:image/png;base64,{}\">\n",
                html(&picture.title),
                html_attribute(&picture.png_base64)
            ));
        }
    }
}

/// Base64 and nothing else.
fn html_attribute(base64: &str) -> String {
    base64.chars().filter(|c| c.is_ascii_alphanumeric() || "+/=".contains(*c)).collect()
}

fn facts(report: &RunReport, page: &mut String) {
    let shard = report.scope.shard.map(|shard| format!("{} of {}", shard.number, shard.of));
    let scope = if report.scope.complete { "everything in scope of the configuration" } else { "a selection" };
    page.push_str("<h2>Run</h2>\n<dl class=\"pairs\">");
    for (label, value) in [
        ("dataset site", Some(report.target.dataset_site.clone())),
        ("Open Booking API", report.target.booking_api.clone()),
        ("began", Some(report.started.clone())),
        ("cells", Some(format!("{} ({scope})", report.cells.len()))),
        ("machine", shard),
        ("found", Some(report.grades.words()).filter(|words| !words.is_empty())),
        ("remaining on the target", report.leftovers.map(|leftovers| leftovers.words())),
        ("run", report.run_id.clone()),
        ("seed", Some(report.seed.to_string())),
        ("exchanges", Some(report.exchanges.len().to_string())),
        ("tool", Some(format!("{} {}", report.tool.name, report.tool.version))),
    ] {
        if let Some(value) = value {
            page.push_str(&format!("<dt>{label}</dt><dd>{}</dd>", html(&value)));
        }
    }
    page.push_str("</dl>\n<details><summary>Feeds</summary><div class=\"scroll\"><table class=\"small\">");
    page.push_str("<tr><th>feed</th><th>pages</th><th>items</th><th>end reached</th><th>URL</th></tr>");
    for feed in &report.feeds {
        page.push_str(&format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            html(&feed.name),
            feed.pages,
            feed.items,
            feed.error.as_deref().map_or_else(|| if feed.reached_end { "yes" } else { "no" }.to_owned(), html),
            html(&feed.url)
        ));
    }
    page.push_str("</table></div></details>\n<details><summary>Configuration (secrets redacted)</summary><pre>");
    page.push_str(&configuration(&report.configuration));
    page.push_str("</pre></details>\n");
}

fn configuration(tree: &Value) -> String {
    let text = serde_json::to_string_pretty(tree).unwrap_or_default();
    text.lines().map(html).collect::<Vec<_>>().join("\n")
}

/// The requirements that a remark is about, or its rule where it is about none.
fn cited(requirements: &[Cited], rule: &str) -> String {
    if requirements.is_empty() {
        return html(rule).to_string();
    }
    let one = |cited: &Cited| {
        let (url, id, says) = (html(&cited.spec), html(&cited.id), html(&cited.says));
        format!(
            "<a href=\"{url}\" rel=\"noopener noreferrer\" target=\"_blank\" title=\"{says}\">{id}</a> ({})",
            html(&cited.level)
        )
    };
    requirements.iter().map(one).collect::<Vec<_>>().join(", ")
}
