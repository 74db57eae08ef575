//! `oa-test coverage`

use serde_json::json;

use crate::catalogue::{Covered, Judge, Share, State, coverage, share};
use crate::checks::OPEN_QUESTIONS;
use crate::error::{Error, Exit};
use crate::requirement::{Bound, Level, Specification};
use crate::results::Verdict;

use super::arguments::{CoverageArguments, CoverageFormat};
use super::list::catalogue;
use super::output::{Output, object};

/// Levels that are counted together.
const GROUPS: &[(&str, &[Level])] = &[
    ("MUST, MUST NOT", &[Level::Must, Level::MustNot]),
    ("SHOULD, SHOULD NOT", &[Level::Should, Level::ShouldNot]),
    ("MAY", &[Level::May]),
];
/// Judges of one requirement that text lists; the others are counted.
const SHOWN: usize = 4;

pub(super) fn coverage_of(arguments: &CoverageArguments, output: Output) -> Result<Exit, Error> {
    let catalogue = catalogue(arguments.features_dir.as_deref())?;
    let all = coverage(&catalogue);
    if arguments.open_questions {
        output.print(&match arguments.format {
            CoverageFormat::Text => open_text(output),
            CoverageFormat::Json => serde_json::to_string_pretty(&open_document(&all))? + "\n",
            CoverageFormat::Markdown => open_markdown(&all),
        });
        return Ok(Exit::Success);
    }
    let chosen: Vec<&Covered<'_>> = all.iter().filter(|one| wanted(one, arguments)).collect();
    if chosen.is_empty() {
        return Err(
            Error::usage("no requirement matches").hint("run `oa-test coverage` for a list of all requirements")
        );
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
fn judge_line(judge: &Judge) -> String {
    match judge {
        Judge::Test { test, says, strict } => {
            format!("{test}: {says}{}", if *strict { " (strict)" } else { "" })
        }
        Judge::Standard(check, stage) if stage.name() == "any" => {
            format!("every response: {} [{check}]", check.summary)
        }
        Judge::Standard(check, stage) => format!("every {stage}: {} [{check}]", check.summary),
        Judge::Rule(rule) => format!("validation: {rule}"),
    }
}

/// What qualifies how it is judged: the reason, the condition, or the question.
fn qualification(one: &Covered<'_>) -> Option<String> {
    let state = one.state();
    match state {
        State::Always => None,
        State::Sometimes => Some(format!("judged if {}", one.requirement.chance.as_deref().unwrap_or_default())),
        State::Open => Some(format!("{} ({})", state.meaning(), one.requirement.open.as_deref().unwrap_or_default())),
        State::Excepted => one.requirement.exception.clone(),
        _ => Some(state.meaning().to_owned()),
    }
}

fn shares(all: &[Covered<'_>]) -> Vec<(&'static str, Share)> {
    GROUPS.iter().map(|(words, levels)| (*words, share(all, levels))).collect()
}

/// The states that the headline counts, in its order.
const COUNTED: &[State] = &[
    State::Always,
    State::Sometimes,
    State::Relaxed,
    State::Open,
    State::Excepted,
    State::Uncovered,
    State::Permission,
];

/// The first sentence: how many are judged always.
fn headline(shares: &[(&str, Share)]) -> String {
    let levels = shares.iter().filter(|(words, _)| *words != "MAY");
    let parts = levels.map(|(words, share)| {
        format!("{} of {} observable requirements with {words}", share.of(State::Always), share.observable())
    });
    format!("Judged by every run: {}", parts.collect::<Vec<_>>().join(", and "))
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
            State::Always | State::Sometimes => paint.verdict(Verdict::Passed, "✓"),
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
            text.push_str(&format!("      {}\n", paint.dim(&judge_line(judge))));
        }
        if one.judges.len() > shown {
            text.push_str(&format!("      {}\n", paint.dim(&format!("and {} more", one.judges.len() - shown))));
        }
        if let Some(why) = qualification(one) {
            text.push_str(&format!("      {why}\n"));
        }
    }
    let shares = shares(all);
    text.push_str(&format!("\n{}\n\n", paint.bold(&headline(&shares))));
    let mut table =
        vec![std::iter::once("").chain(shares.iter().map(|(words, _)| *words)).map(str::to_owned).collect()];
    for state in COUNTED {
        let counts = shares.iter().map(|(_, share)| share.of(*state).to_string());
        table.push(std::iter::once(state.name().to_owned()).chain(counts).collect::<Vec<String>>());
    }
    for row in table {
        let mut cells = row.iter();
        let first = cells.next().map(String::as_str).unwrap_or_default();
        text.push_str(&format!("  {first:<18}{}\n", cells.map(|cell| format!("{cell:>22}")).collect::<String>()));
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
            let states = object(State::ALL.iter().map(|state| (state.name(), json!(share.of(*state)))));
            json!({ "level": level, "observable": share.observable(), "states": states })
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
                "state": one.state().name(),
                "why": qualification(one),
                "judges": one.judges.iter().map(judge).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "shares": shares, "requirements": requirements })
}

fn markdown(all: &[Covered<'_>], chosen: &[&Covered<'_>]) -> String {
    let shares = shares(all);
    let mut text = format!(
        "# Coverage of the specifications\n\nNormative statements of the Open Booking API and the Test Interface, paraphrased, with the checks that \
         cover them. Generated by `oa-test coverage --format markdown` from `features/`; findings cite requirements by these \
         identifiers. [open-questions.md](open-questions.md) lists the questions that the specifications leave open.\n\n{}.\n\n",
        headline(&shares)
    );
    text.push_str("| requirement of a booking system |");
    shares.iter().for_each(|(words, _)| text.push_str(&format!(" {words} |")));
    text.push_str("\n| --- |");
    shares.iter().for_each(|_| text.push_str(" ---: |"));
    text.push('\n');
    for state in COUNTED {
        text.push_str(&format!("| {} |", state.meaning()));
        shares.iter().for_each(|(_, share)| text.push_str(&format!(" {} |", share.of(*state))));
        text.push('\n');
    }
    for (state, heading) in [
        (State::Excepted, "Exceptions"),
        (State::Uncovered, "Uncovered"),
        (State::Relaxed, "Warnings only"),
        (State::Open, "Open in the specification"),
    ] {
        let listed: Vec<_> = chosen.iter().filter(|one| one.state() == state).collect();
        if listed.is_empty() {
            continue;
        }
        text.push_str(&format!("\n## {heading}\n\n{}.\n\n", capital(state.meaning()).trim_end_matches('.')));
        for one in listed {
            let requirement = one.requirement;
            let why = qualification(one).filter(|_| matches!(state, State::Excepted | State::Open));
            let why = why.map(|why| format!(" {}", capital(&why))).unwrap_or_default();
            text.push_str(&format!("- **{}** {}{why}\n", requirement.id, requirement.says));
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
            } else if let Some(why) = qualification(one) {
                text.push_str(&format!(" *{}*", capital(&why)));
            }
            text.push('\n');
            for judge in one.judges.iter().take(SHOWN) {
                text.push_str(&format!("  - {}\n", judge_line(judge)));
            }
            if one.judges.len() > SHOWN {
                text.push_str(&format!("  - and {} more\n", one.judges.len() - SHOWN));
            }
        }
    }
    text
}

fn open_text(output: Output) -> String {
    let paint = output.paint();
    let mut text = String::new();
    for question in OPEN_QUESTIONS {
        text.push_str(&format!("{} {}\n", paint.bold(question.title), paint.dim(&format!("[{}]", question.id))));
        for source in question.sources {
            text.push_str(&format!("  {}\n    {}\n", source.says, paint.dim(source.url)));
        }
        text.push_str(&format!("  accepted: {}\n\n", question.choices.join("; or ")));
    }
    text
}

/// The requirements that are part of an open question.
fn requirements_of<'c>(all: &'c [Covered<'_>], question: &str) -> Vec<&'c str> {
    let parts = all.iter().map(|one| one.requirement).filter(|known| known.open.as_deref() == Some(question));
    parts.map(|requirement| requirement.id.as_str()).collect()
}

fn open_document(all: &[Covered<'_>]) -> serde_json::Value {
    let questions = OPEN_QUESTIONS.iter().map(|question| {
        let sources = question.sources.iter();
        let sources: Vec<_> = sources
            .map(|source| json!({ "document": source.document, "url": source.url, "says": source.says }))
            .collect();
        json!({
            "id": question.id,
            "title": question.title,
            "sources": sources,
            "choices": question.choices,
            "requirements": requirements_of(all, question.id),
        })
    });
    json!({ "questions": questions.collect::<Vec<_>>() })
}

fn open_markdown(all: &[Covered<'_>]) -> String {
    let mut text = String::from(
        "# Open questions of the specifications\n\nThe specifications contradict themselves here, or leave a choice. Every choice conforms; \
         reports list those of the target under \"Open in the specification\", and no warning is counted. Generated by \
         `oa-test coverage --open-questions --format markdown`.\n",
    );
    for question in OPEN_QUESTIONS {
        text.push_str(&format!("\n## {}\n\n`{}`\n\n", question.title, question.id));
        for source in question.sources {
            text.push_str(&format!("- {} ([{}]({}))\n", source.says, source.document, source.url));
        }
        text.push_str(&format!("\nAccepted: {}.\n", question.choices.join("; or ")));
        let parts = requirements_of(all, question.id);
        if !parts.is_empty() {
            text.push_str(&format!("\nRequirements: {}.\n", parts.join(", ")));
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
