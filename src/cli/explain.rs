//! `oa-test explain`

use crate::catalogue::{Catalogue, Feature, Part, PartnerName, Test};
use crate::error::{Error, Exit};
use crate::report::{escape, wrap};
use crate::validate::Rule;
use crate::vocabulary::{Profile, closest};

use super::arguments::ExplainArguments;
use super::list::catalogue;
use super::output::Output;

/// The width that prose is wrapped to.
const WIDTH: usize = 100;

pub(super) fn explain(arguments: &ExplainArguments, output: Output) -> Result<Exit, Error> {
    if arguments.markdown {
        output.print(&markdown(&catalogue(arguments.features_dir.as_deref())?));
        return Ok(Exit::Success);
    }
    let name = match arguments.name.as_slice() {
        [name] => name.as_str(),
        [kind, name] if kind == "rule" => return about_rule(name.parse()?, output),
        _ => return Err(Error::usage("expected one feature or test, or `rule NAME`")),
    };
    let catalogue = catalogue(arguments.features_dir.as_deref())?;
    let mut text = String::new();
    if let Some(feature) = catalogue.features().iter().find(|feature| feature.id == name) {
        about_feature(&mut text, feature, output);
        for test in &feature.tests {
            about_test(&mut text, test, output);
        }
    } else if let Some((feature, test)) = catalogue.tests().find(|(_, test)| test.id == name) {
        about_feature(&mut text, feature, output);
        about_test(&mut text, test, output);
    } else {
        let features = catalogue.features().iter().map(|feature| feature.id.as_str());
        let known = features.chain(catalogue.tests().map(|(_, test)| test.id.as_str()));
        let hint = closest(name, known)
            .map_or_else(|| "run `oa-test list` for a list".to_owned(), |name| format!("did you mean `{name}`?"));
        return Err(Error::usage(format!("no feature or test is named `{name}`")).hint(hint));
    }
    output.print(&text);
    Ok(Exit::Success)
}

/// Every feature with its tests, as one document.
fn markdown(catalogue: &Catalogue) -> String {
    let mut text = String::from(
        "# Features\n\nFeatures and their tests, generated from `features/` by `oa-test explain --markdown`. Tests and checks \
         marked *strict* or *compatible* belong to that profile only.\n",
    );
    let mut category = "";
    for feature in catalogue.features() {
        if feature.category != category {
            category = &feature.category;
            text.push_str(&format!("\n## {category}\n"));
        }
        text.push_str(&format!("\n### {}\n\n{}. {}\n", feature.id, feature.name, feature.summary));
        let mut facts = vec![format!("[specification]({})", feature.spec)];
        facts.push(match (&feature.required_when, feature.required) {
            (_, true) => "required".to_owned(),
            (Some(when), false) => format!("required when {when}"),
            (None, false) => "optional".to_owned(),
        });
        if !feature.needs_one_of.is_empty() {
            facts.push(format!("requires one of {}", feature.needs_one_of.join(", ")));
        }
        facts.push(format!("coverage {}", feature.coverage));
        text.push_str(&format!("\n{}\n", facts.join(" · ")));
        if let Some(notes) = &feature.notes {
            text.push_str(&format!("\n> {notes}\n"));
        }
        for test in &feature.tests {
            markdown_test(&mut text, test);
        }
    }
    text
}

fn markdown_test(text: &mut String, test: &Test) {
    text.push_str(&format!("\n#### {}\n\n{}. {}\n\n", test.id, test.name, test.summary));
    text.push_str(&format!("{}\n", test.circumstances().join(" ")));
    for part in &test.parts {
        text.push('\n');
        if test.parts.len() > 1 {
            text.push_str(&format!("{}:\n\n", part_title(part)));
        }
        for (number, step) in (1..).zip(&part.steps) {
            text.push_str(&format!("{number}. {}{}\n", step.sentence(), only_in(step.profile)));
            for check in &step.expect_proposal {
                text.push_str(&format!("   - P: {}{}\n", check.title(), only_in(check.profile)));
            }
            for check in &step.expect {
                text.push_str(&format!("   - {}{}\n", check.title(), only_in(check.profile)));
            }
        }
    }
}

fn part_title(part: &Part) -> String {
    let name = part.name.as_deref().unwrap_or("part");
    let partner = match part.partner {
        PartnerName::Primary => "",
        PartnerName::Secondary => ", as the secondary one",
        PartnerName::Nobody => ", without credentials",
        PartnerName::Stranger => ", with invalid credentials",
    };
    let uuid = if part.same_uuid { ", with the same UUID" } else { "" };
    format!("{name}{partner}{uuid}{}", only_in(part.profile))
}

fn about_rule(rule: Rule, output: Output) -> Result<Exit, Error> {
    let paint = output.paint();
    let page = rule.page().ok_or_else(|| Error::internal(format!("validation rule {rule} has no description")))?;
    let example = |text: &str| {
        // Reformatting would remove what these rules are about.
        if matches!(rule, Rule::DuplicateKeys | Rule::ByteOrderMark) {
            return format!("    {}\n", escape(text));
        }
        let pretty = serde_json::from_str::<serde_json::Value>(text)
            .and_then(|value| serde_json::to_string_pretty(&value))
            .unwrap_or_else(|_| text.to_owned());
        pretty.lines().map(|line| format!("    {line}\n")).collect::<String>()
    };
    output.print(&format!(
        "{}\n{}\n\n{}\n\n  spec  {}\n\n  Invalid example ({mode}):\n{}\n  Valid example:\n{}",
        paint.bold(rule.name()),
        wrapped(page.summary, ""),
        wrapped(page.reason, ""),
        page.spec,
        example(page.failing),
        example(page.passing),
        mode = page.mode,
    ));
    Ok(Exit::Success)
}

fn wrapped(text: &str, indent: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    format!("{indent}{}", wrap(&words.join(" "), WIDTH, indent.len()))
}

fn about_feature(text: &mut String, feature: &Feature, output: Output) {
    let paint = output.paint();
    text.push_str(&format!("{}  {}\n", paint.bold(&feature.id), feature.name));
    text.push_str(&format!("{}\n", wrapped(&feature.summary, "")));
    let required = match (&feature.required_when, feature.required) {
        (_, true) => "yes".to_owned(),
        (Some(when), false) => format!("when {when}"),
        (None, false) => "no".to_owned(),
    };
    text.push_str(&format!("\n  category  {}\n  required  {required}\n", feature.category));
    text.push_str(&format!("  coverage  {}\n  spec      {}\n", feature.coverage, feature.spec));
    if let Some(notes) = &feature.notes {
        text.push_str(&format!("\n{}\n", wrapped(notes, "  ")));
    }
}

fn about_test(text: &mut String, test: &Test, output: Output) {
    let paint = output.paint();
    text.push_str(&format!("\n{}  {}\n", paint.bold(&test.id), test.name));
    text.push_str(&format!("{}\n", wrapped(&test.summary, "  ")));
    for line in test.circumstances() {
        text.push_str(&format!("{}\n", wrapped(&line, "  ")));
    }
    let several = test.parts.len() > 1;
    for part in &test.parts {
        let indent = if several { "    " } else { "  " };
        if several {
            text.push_str(&format!("  {}:\n", part_title(part)));
        }
        for (number, step) in (1..).zip(&part.steps) {
            text.push_str(&format!("{indent}{number}. {}{}\n", step.sentence(), only_in(step.profile)));
            for check in step.expect_proposal.iter() {
                text.push_str(&format!("{indent}   - P: {}{}\n", check.title(), only_in(check.profile)));
            }
            for check in &step.expect {
                text.push_str(&format!("{indent}   - {}{}\n", check.title(), only_in(check.profile)));
            }
        }
    }
}

fn only_in(profile: Option<Profile>) -> String {
    profile.map_or_else(String::new, |profile| format!(" ({profile} profile)"))
}
