//! `oa-test coverage`

use serde_json::json;

use crate::catalogue::{Covered, Judge, Share, State, coverage, share};
use crate::error::{Error, Exit};
use crate::requirement::{Bound, Level, Specification};
use crate::results::Verdict;

use super::arguments::{CoverageArguments, CoverageFormat};
use super::list::catalogue;
use super::output::Output;

/// Levels that are told together.
const GROUPS: &[(&str, &[Level])] = &[
    ("MUST, MUST NOT", &[Level::Must, Level::MustNot]),
    ("SHOULD, SHOULD NOT", &[Level::Should, Level::ShouldNot]),
    ("MAY", &[Level::May]),
];
/// Judges told of one requirement in text; the others are counted.
const SHOWN: usize = 4;

pub(super) fn coverage_of(arguments: &CoverageArguments, output: Output) -> Result<Exit, Error> {
    let catalogue = catalogue(arguments.features_dir.as_deref())?;
    let all = coverage(&catalogue);
    let chosen: Vec<&Covered<'_>> = all.iter().filter(|one| wanted(one, arguments)).collect();
    if chosen.is_empty() {
        return Err(Error::usage("no requirement is like that").hint("see `oa-test coverage` for all of them"));
    }
    output.print(&match arguments.format {
        CoverageFormat::Text => text(&all, &chosen, arguments, output),
        CoverageFormat::Json => serde_json::to_string_pretty(&document(&all, &chosen))? + "\n",
        CoverageFormat::Markdown => markdown(&all, &chosen),
    });
    Ok(Exit::Success)
}

fn wanted(one: &Covered<'_>, arguments: &CoverageArguments) -> bool {
    let requirement = one.requirement;
    let named = arguments.requirement.is_empty()
        || arguments
            .requirement
            .iter()
            .any(|text| requirement.id == *text || requirement.section == text.trim_start_matches('#'));
    named && (!arguments.uncovered || matches!(one.state(), State::Uncovered | State::Excepted))
}

/// A judge in one line.
fn told(judge: &Judge) -> String {
    match judge {
        Judge::Test { test, says, strict } => {
            format!("{test}: {says}{}", if *strict { " (strict)" } else { "" })
        }
        Judge::Standard(check, place) if place.name() == "any" => {
            format!("every answer: {} [{check}]", check.summary)
        }
        Judge::Standard(check, place) => format!("every {place}: {} [{check}]", check.summary),
        Judge::Rule(rule) => format!("validation: {rule}"),
    }
}

/// Why nothing judges it.
fn why<'c>(one: &'c Covered<'_>) -> Option<&'c str> {
    match one.state() {
        State::Excepted => one.requirement.exception.as_deref(),
        State::Uncovered => Some("nothing judges it yet"),
        State::Permission => Some("it may be so or otherwise, and nothing can break it"),
        State::Unobservable => Some("no client can see whether it is kept"),
        State::OfOthers => Some("it does not bind the booking system"),
        State::Covered => None,
    }
}

fn percent(share: Share) -> String {
    let duties = share.all - share.excepted - share.permissions;
    if duties == 0 {
        return "100%".to_owned();
    }
    // Rounded down: only what is whole is 100%.
    format!("{}%", share.covered * 100 / duties)
}

fn shares(all: &[Covered<'_>]) -> Vec<(&'static str, Share)> {
    GROUPS.iter().map(|(words, levels)| (*words, share(all, levels))).collect()
}

fn text(all: &[Covered<'_>], chosen: &[&Covered<'_>], arguments: &CoverageArguments, output: Output) -> String {
    let paint = output.paint();
    let mut text = String::new();
    let narrow = arguments.uncovered || !arguments.requirement.is_empty();
    let mut section = None;
    for one in chosen {
        let requirement = one.requirement;
        if !requirement.is_observable() && !narrow && !arguments.all {
            continue;
        }
        if section != Some((requirement.of, &requirement.section)) {
            section = Some((requirement.of, &requirement.section));
            text.push_str(&format!("\n{}\n", paint.bold(&requirement.url())));
        }
        let mark = match one.state() {
            State::Covered => paint.verdict(Verdict::Passed, "✓"),
            State::Uncovered => paint.verdict(Verdict::Failed, "✗"),
            _ => paint.dim("–"),
        };
        text.push_str(&format!(
            "  {mark} {} {} {}\n",
            requirement.id,
            paint.dim(requirement.level.name()),
            requirement.says
        ));
        let shown = if narrow { usize::MAX } else { SHOWN };
        for judge in one.judges.iter().take(shown) {
            text.push_str(&format!("      {}\n", paint.dim(&told(judge))));
        }
        if one.judges.len() > shown {
            text.push_str(&format!("      {}\n", paint.dim(&format!("and {} more", one.judges.len() - shown))));
        }
        if let Some(why) = why(one) {
            text.push_str(&format!("      {why}\n"));
        }
    }
    text.push('\n');
    for (words, share) in shares(all) {
        if share.permissions > 0 {
            text.push_str(&format!(
                "{words:<19} {:>4} permissions, which nothing can break, {} excepted\n",
                share.permissions, share.excepted
            ));
            continue;
        }
        text.push_str(&format!(
            "{words:<19} {:>4} of {:>4} that a client can see of a booking system are judged ({}), {} excepted\n",
            share.covered,
            share.all,
            percent(share),
            share.excepted
        ));
    }
    text
}

fn document(all: &[Covered<'_>], chosen: &[&Covered<'_>]) -> serde_json::Value {
    let judge = |judge: &Judge| match judge {
        Judge::Test { test, says, strict } => json!({ "test": test, "says": says, "strict": strict }),
        Judge::Standard(check, place) => {
            json!({ "standard": check.id, "place": place.name(), "says": check.summary })
        }
        Judge::Rule(rule) => json!({ "rule": rule }),
    };
    let shares: Vec<_> = shares(all)
        .into_iter()
        .map(|(level, share)| {
            json!({ "level": level, "covered": share.covered, "excepted": share.excepted, "permissions": share.permissions, "all": share.all })
        })
        .collect();
    let requirements: Vec<_> = chosen
        .iter()
        .map(|one| {
            let requirement = one.requirement;
            json!({
                "id": requirement.id,
                "specification": requirement.of.name(),
                "url": requirement.url(),
                "level": requirement.level.name(),
                "grade": requirement.grade().name(),
                "binds": requirement.binds.name(),
                "shows": requirement.shows.iter().map(|place| place.name()).collect::<Vec<_>>(),
                "observed": requirement.observed.name(),
                "says": requirement.says,
                "state": one.state().word(),
                "why": why(one),
                "judges": one.judges.iter().map(judge).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "shares": shares, "requirements": requirements })
}

fn markdown(all: &[Covered<'_>], chosen: &[&Covered<'_>]) -> String {
    let mut text = String::from(
        "# Coverage of the specifications\n\nEvery normative statement of the Open Booking API and of the Test Interface, in our own words, with \
         what judges it. Generated by `oa-test coverage --format markdown` from `features/`; findings cite requirements by these \
         identifiers.\n\n| what a booking system | judged | excepted | of |\n| --- | --- | --- | --- |\n",
    );
    for (words, share) in shares(all) {
        let excepted = share.excepted;
        let judged = match share.permissions {
            0 => format!("{} ({})", share.covered, percent(share)),
            permissions => format!("{permissions} permissions, which nothing can break"),
        };
        text.push_str(&format!("| {words} | {judged} | {excepted} | {} |\n", share.all));
    }
    let excepted: Vec<_> = chosen.iter().filter(|one| one.state() == State::Excepted).collect();
    if !excepted.is_empty() {
        text.push_str("\n## Exceptions\n\nWhat a client could observe and nothing judges, with the reason.\n\n");
        for one in excepted {
            let requirement = one.requirement;
            text.push_str(&format!("- **{}** {} {}\n", requirement.id, requirement.says, why(one).unwrap_or_default()));
        }
    }
    for of in Specification::ALL {
        text.push_str(&format!("\n## {}\n", of.title()));
        let mut section = "";
        for one in chosen.iter().filter(|one| one.requirement.of == *of) {
            let requirement = one.requirement;
            if requirement.section != section {
                section = &requirement.section;
                text.push_str(&format!("\n### [{section}]({})\n\n", requirement.url()));
            }
            text.push_str(&format!("- **{}** {}: {}", requirement.id, requirement.level, requirement.says));
            if requirement.binds != Bound::BookingSystem {
                text.push_str(&format!(" *Binds: {}.*", requirement.binds));
            } else if let Some(why) = why(one) {
                text.push_str(&format!(" *{}*", capital(why)));
            }
            text.push('\n');
            for judge in one.judges.iter().take(SHOWN) {
                text.push_str(&format!("  - {}\n", told(judge)));
            }
            if one.judges.len() > SHOWN {
                text.push_str(&format!("  - and {} more\n", one.judges.len() - SHOWN));
            }
        }
    }
    text
}

/// A sentence with its capital letter and full stop.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if words.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
