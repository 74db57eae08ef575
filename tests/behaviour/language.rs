//! Language of the program (`docs/style.md`): words of user-facing strings, titles of tests, findings, help and manual pages.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use clap::CommandFactory as _;
use oa_test::catalogue::Catalogue;
use oa_test::config::KEYS;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use serde_json::Value;

use crate::support::{Bench, Outcome};

/// Words and phrases that no user-facing string contains, each with the word to use.
const BANNED: &[(&str, &str)] = &[
    ("all that is needed", "all required …"),
    ("answer", "response"),
    ("answered", "responded"),
    ("answered with", "responds with"),
    ("answers", "responds, responses"),
    ("anybody", "anyone, or the role"),
    ("as it should be", "the expected value"),
    ("be had", "could not be loaded"),
    ("belong into", "belong to"),
    ("belongs into", "is not allowed in"),
    ("besides", "also, in addition to"),
    ("call off", "cancel"),
    ("called off", "cancelled"),
    ("calls off", "cancels"),
    ("cannot be judged", "is blocked"),
    ("could not be judged", "is blocked"),
    ("demanded", "required"),
    ("demands", "requires, violates"),
    ("duties", "requirements, response invariants"),
    ("duty", "requirement, response invariant"),
    ("forget", "omit, not retain"),
    ("forgets", "omits, does not retain"),
    ("forgotten", "omitted, not retained"),
    ("gave back", "released"),
    ("give back", "release"),
    ("given back", "released"),
    ("gives back", "releases"),
    ("going away", "deprecated"),
    ("in place of", "instead of"),
    ("in the place of", "instead of"),
    ("in the way", "the problem itself"),
    ("is over", "has expired, has ended"),
    ("judged again", "rejudged"),
    ("made again", "replayed"),
    ("make again", "replay"),
    ("makes again", "replays"),
    ("misstatement", "fault"),
    ("misstatements", "faults"),
    ("must have it", "is required"),
    ("nobody", "the role, or the passive"),
    ("not to be had", "could not be loaded"),
    ("on purpose", "deliberate"),
    ("picked up", "resumed"),
    ("put together", "merged"),
    ("so many", "N"),
    ("so often", "up to N times"),
    ("spaces left", "remaining capacity"),
    ("stay away", "be absent"),
    ("stayed away", "was absent"),
    ("stays away", "is absent"),
    ("step by step what", "each step"),
    ("take up", "resume"),
    ("taken up", "resumed"),
    ("takes up", "resumes"),
    ("tell", "report, list, explain"),
    ("telling", "reporting"),
    ("tells", "reports, lists, explains"),
    ("template", "request body, request variant"),
    ("templates", "request bodies, request variants"),
    ("told", "included, reported, given"),
    ("tried again", "retried"),
    ("tries again", "retries"),
    ("try again", "retry"),
    ("walks the way", "tests the flow"),
    ("whatever", "any"),
    ("whoever", "the role"),
    ("without an end", "without an end date"),
    ("wrong on purpose", "deliberate fault"),
];

/// Strings that contain a banned word for a reason: the start of the string, and the word.
///
/// The URI templates of RFC 6570 are values of `urlTemplate`.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("is not a URI template", "template"),
    ("a URI template with an expression", "template"),
    ("URI templates have an expression", "templates"),
    ("Consumers expand the templates", "templates"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The banned words in a text, with letter case and hyphenated words such as `order-quote-templates` ignored.
fn banned(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let within = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/'));
    let has = |word: &str| {
        text.match_indices(word)
            .any(|(at, _)| !within(text[..at].chars().next_back()) && !within(text[at + word.len()..].chars().next()))
    };
    BANNED.iter().map(|(word, _)| *word).filter(|word| has(word)).collect()
}

/// A line for each banned word in a text.
fn complaints(place: &str, text: &str) -> Vec<String> {
    let excused = |word: &str| EXCEPTIONS.iter().any(|(start, known)| text.starts_with(start) && *known == word);
    banned(text)
        .into_iter()
        .filter(|word| !excused(word))
        .map(|word| {
            let better = BANNED.iter().find(|(known, _)| *known == word).unwrap().1;
            format!("{place}: “{word}” (use: {better}) in {text:?}")
        })
        .collect()
}

/// All files below a folder with one of these extensions.
fn files_below(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files.extend(files_below(&entry, extensions));
        } else if entry.extension().and_then(|extension| extension.to_str()).is_some_and(|e| extensions.contains(&e)) {
            files.push(entry);
        }
    }
    files.sort();
    files
}

/// The value of a string literal; `None` for other literals.
fn string_value(literal: &str) -> Option<String> {
    if let Some(raw) = literal.strip_prefix('r') {
        let hashes = raw.chars().take_while(|c| *c == '#').count();
        return raw.get(hashes + 1..raw.len() - hashes - 1).map(str::to_owned);
    }
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut value = String::new();
    let mut rest = inner.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, (c == '\\').then(|| rest.next()).flatten()) {
            ('\\', Some('\n')) => while rest.next_if(|c| c.is_whitespace()).is_some() {},
            ('\\', Some('n' | 't' | 'r')) => value.push(' '),
            ('\\', Some(escaped)) => value.push(escaped),
            (c, _) => value.push(c),
        }
    }
    Some(value)
}

/// Collects the string literals of a stream of tokens, without attributes, doc comments and tests.
fn collect_strings(tokens: TokenStream, strings: &mut Vec<String>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut is_test = false;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                let inner = matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '!');
                if inner {
                    tokens.next();
                }
                if matches!(tokens.peek(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket) {
                    is_test |= tokens.next().unwrap().to_string().replace(' ', "") == "[cfg(test)]";
                }
            }
            TokenTree::Group(group) if is_test && group.delimiter() == Delimiter::Brace => is_test = false,
            TokenTree::Punct(punct) if is_test && punct.as_char() == ';' => is_test = false,
            TokenTree::Group(group) => collect_strings(group.stream(), strings),
            TokenTree::Literal(literal) if !is_test => strings.extend(string_value(&literal.to_string())),
            _ => {}
        }
    }
}

/// The text in quotation marks of a script, without comments.
fn script_strings(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The user-facing strings of a source file. A single word is an identifier, and none of them.
fn strings_of(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let mut strings = Vec::new();
    match file.extension().unwrap().to_str().unwrap() {
        "rs" => collect_strings(TokenStream::from_str(&text).unwrap(), &mut strings),
        "js" => strings = script_strings(&text),
        _ => strings = text.lines().map(str::to_owned).collect(),
    }
    strings.retain(|string| string.trim().contains(' '));
    strings
}

#[test]
fn strings_of_the_program_have_no_banned_word() {
    let mut wrong = Vec::new();
    for file in files_below(&root().join("src"), &["rs", "js", "txt"]) {
        let path = file.strip_prefix(root()).unwrap().display().to_string();
        if !path.ends_with("/tests.rs") {
            wrong.extend(strings_of(&file).iter().flat_map(|string| complaints(&path, string)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_exception_is_in_use() {
    let files = files_below(&root().join("src"), &["rs", "js", "txt"]);
    let strings: Vec<String> = files.iter().flat_map(|file| strings_of(file)).collect();
    for (start, word) in EXCEPTIONS {
        let is_used = strings.iter().any(|text| text.starts_with(start) && banned(text).contains(word));
        assert!(is_used, "{start}: {word}");
    }
}

#[test]
fn strings_are_found_in_code_and_in_nothing_else() {
    let code = r##"
        //! told in a module
        /// told in a doc comment
        #[arg(help = "told in an attribute")]
        fn f() { let _ = format!("one {x} \
            two", x = g(r#"three "four""#)); /* told */ let _ = ('"', b'"', 'a'); } // told
        #[cfg(test)]
        mod tests { const A: &str = "told in a test"; }
        #[cfg(test)]
        mod elsewhere;
        const B: &str = "five\nsix";
    "##;
    let mut strings = Vec::new();
    collect_strings(TokenStream::from_str(code).unwrap(), &mut strings);
    assert_eq!(strings, ["one {x} two", "three \"four\"", "five six"]);
    assert_eq!(banned("The customer is Told; order-quote-templates, storytold"), ["told"]);
}

#[test]
fn features_and_requirements_have_no_banned_word() {
    let mut wrong = Vec::new();
    for file in files_below(&root().join("features"), &["yaml"]) {
        let path = file.strip_prefix(root()).unwrap().display().to_string();
        for line in std::fs::read_to_string(&file).unwrap().lines() {
            let line = line.trim_start().trim_start_matches("- ");
            let value = line.strip_prefix("name:").or_else(|| line.strip_prefix("summary:"));
            wrong.extend(value.iter().flat_map(|value| complaints(&path, value)));
        }
    }
    for requirement in oa_test::requirement::Requirements::built_in().all() {
        let texts = [Some(&requirement.says), requirement.exception.as_ref()];
        wrong.extend(texts.into_iter().flatten().flat_map(|text| complaints(&requirement.id, text)));
    }
    for arguments in [&["list"][..], &["explain", "--markdown"], &["sandbox", "--list-faults"]] {
        let printed = Bench::new().oa_test(arguments).stdout;
        wrong.extend(printed.lines().flat_map(|line| complaints(&arguments.join(" "), line)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Title and identifier of each test of the catalogue.
fn titles() -> Vec<(String, String)> {
    let catalogue = Catalogue::built_in().unwrap();
    catalogue.tests().map(|(feature, test)| (test.name.clone(), format!("{}/{}", feature.id, test.id))).collect()
}

#[test]
fn titles_of_tests_are_unique() {
    let mut tests: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (title, test) in titles() {
        tests.entry(title).or_default().push(test);
    }
    tests.retain(|_, tests| tests.len() > 1);
    assert!(tests.is_empty(), "{tests:#?}");
}

/// The errors that steps of a test expect: the values of `fails`.
fn expected_errors(value: &Value, errors: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value.as_str() {
                    Some(error) if name == "fails" => drop(errors.insert(error.to_owned())),
                    _ => expected_errors(value, errors),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| expected_errors(value, errors)),
        _ => {}
    }
}

#[test]
fn the_title_of_a_test_that_provokes_one_error_names_it() {
    let listed = Bench::new().oa_test(&["list", "--format", "json"]).stdout;
    let features: Value = listed.parse().unwrap();
    let mut wrong = Vec::new();
    let mut judged = 0;
    for feature in features.as_array().unwrap() {
        for test in feature["tests"].as_array().unwrap() {
            let mut errors = BTreeSet::new();
            expected_errors(test, &mut errors);
            let title = test["name"].as_str().unwrap();
            if let (1, Some(error)) = (errors.len(), errors.first()) {
                judged += 1;
                if !title.contains(error.as_str()) {
                    wrong.push(format!("{}: “{title}” omits {error}", test["id"]));
                }
            }
        }
    }
    assert!(judged > 20, "{judged}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Asserts that every finding of a failed check has `expected` or `found`. Tests with faults call this for their runs.
pub(crate) fn assert_findings_are_complete(outcome: &Outcome) {
    for cell in outcome.cells() {
        let steps = cell["steps"].as_array().unwrap().iter();
        for check in steps.flat_map(|step| step["checks"].as_array().unwrap()) {
            let finding = &check["finding"];
            let name = check["check"].as_str().unwrap_or_else(|| check["name"].as_str().unwrap());
            let complete = ["expected", "found"].iter().any(|key| finding.get(key).is_some());
            let failed = check["outcome"] == "failed";
            assert!(!failed || complete, "{name} in {}: {finding}", cell["id"]);
        }
    }
}

/// First words of help lines.
const VERBS: &[&str] = &[
    "Accept",
    "Add",
    "Change",
    "Check",
    "Compare",
    "Count",
    "Delay",
    "Edit",
    "Enable",
    "Expire",
    "Explain",
    "Fetch",
    "Generate",
    "Hide",
    "Include",
    "Limit",
    "List",
    "Listen",
    "Log",
    "Merge",
    "Override",
    "Overwrite",
    "Print",
    "Publish",
    "Read",
    "Reject",
    "Rejudge",
    "Render",
    "Require",
    "Rerun",
    "Retry",
    "Return",
    "Run",
    "Save",
    "Select",
    "Send",
    "Serve",
    "Set",
    "Show",
    "Sign",
    "Start",
    "Stop",
    "Test",
    "Time",
    "Turn",
    "Use",
    "Validate",
    "Verify",
    "Wait",
    "Write",
];

/// Headings of groups of options.
const HEADINGS: &[&str] =
    &["Test selection", "Configuration", "Execution", "Limits", "Exit code", "Certificate", "Reports", "Variants"];

/// Judges one line of help.
fn help_line(place: &str, line: &str, wrong: &mut Vec<String>) {
    if !line.split([' ', ',']).next().is_some_and(|word| VERBS.contains(&word)) {
        wrong.push(format!("{place}: no imperative verb first: {line}"));
    }
    if line.chars().count() > 72 || line.contains('\n') || line.ends_with('.') {
        wrong.push(format!("{place}: {} columns: {line}", line.chars().count()));
    }
    wrong.extend(complaints(place, line));
}

fn help_of(command: &clap::Command, path: &str, wrong: &mut Vec<String>) {
    let text = |text: Option<&clap::builder::StyledStr>| text.map(ToString::to_string).unwrap_or_default();
    help_line(path, &text(command.get_about()), wrong);
    for line in text(command.get_after_help()).lines() {
        wrong.extend(complaints(path, line));
        if line.chars().count() > 80 {
            wrong.push(format!("{path}: {} columns: {line}", line.chars().count()));
        }
    }
    for argument in command.get_arguments() {
        let place = format!("{path} {}", argument.get_id());
        help_line(&place, &text(argument.get_help()), wrong);
        wrong.extend(complaints(&place, &text(argument.get_long_help())));
        if let Some(heading) = argument.get_help_heading().filter(|heading| !HEADINGS.contains(heading)) {
            wrong.push(format!("{place}: unknown heading {heading}"));
        }
        let of_input = matches!(argument.get_help_heading(), Some("Test selection" | "Configuration"));
        if of_input && ["format", "seed", "fault"].contains(&argument.get_id().as_str()) {
            wrong.push(format!("{place}: neither selection nor configuration"));
        }
        for value in argument.get_possible_values() {
            let help = text(value.get_help());
            wrong.extend(complaints(&place, &help));
            if help.chars().count() > 60 {
                wrong.push(format!("{place}: {} columns: {help}", help.chars().count()));
            }
        }
    }
    for subcommand in command.get_subcommands() {
        help_of(subcommand, &format!("{path} {}", subcommand.get_name()), wrong);
    }
}

#[test]
fn help_lines_are_imperative_and_within_72_columns() {
    let mut wrong = Vec::new();
    help_of(&oa_test::cli::Cli::command(), "oa-test", &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every command as its words, such as `report html`.
fn commands(command: &clap::Command, before: &str, all: &mut Vec<String>) {
    for subcommand in command.get_subcommands() {
        let words = format!("{before}{}", subcommand.get_name());
        commands(subcommand, &format!("{words} "), all);
        all.push(words);
    }
}

fn all_commands() -> Vec<String> {
    let mut all = Vec::new();
    commands(&oa_test::cli::Cli::command(), "", &mut all);
    assert!(all.len() > 30, "{all:?}");
    all
}

#[test]
fn every_command_has_a_manual_page_with_its_options() {
    let bench = Bench::new();
    assert_eq!(bench.oa_test(&["man", "--output", "man"]).code, 0);
    let page = |words: &str| {
        let name = format!("man/oa-test{}{}.1", if words.is_empty() { "" } else { "-" }, words.replace(' ', "-"));
        std::fs::read_to_string(bench.path(&name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let root = page("");
    let every = all_commands();
    assert_eq!(std::fs::read_dir(bench.path("man")).unwrap().count(), every.len() + 1);
    for words in every {
        let text = page(&words);
        let mut command = oa_test::cli::Cli::command();
        for word in words.split(' ') {
            command = command.find_subcommand(word).unwrap().clone();
        }
        for option in command.get_arguments().filter(|option| !option.is_hide_set()).filter_map(clap::Arg::get_long) {
            let option = format!("\\-\\-{}", option.replace('-', "\\-"));
            assert!(text.contains(&option), "{words}: {option}\n{text}");
        }
        if !words.contains(' ') {
            assert!(root.contains(&format!("oa\\-test\\-{}", words.replace('-', "\\-"))), "{words}\n{root}");
        }
    }
    let printed = bench.oa_test(&["man", "report", "html"]);
    assert_eq!(printed.code, 0, "{}", printed.stderr);
    assert!(printed.stdout.contains(".TH oa-test-report-html"), "{}", printed.stdout);
}

fn topic(name: &str) -> String {
    let outcome = Bench::new().oa_test(&["help", name]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{name}");
    for line in outcome.stdout.lines() {
        assert!(line.chars().count() <= 80, "{name}: {line}");
    }
    outcome.stdout
}

/// The words of a text that look like options, keys and so on.
fn words_with<'t>(text: &'t str, start: &'t str) -> impl Iterator<Item = &'t str> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '`' | ',' | ':' | ';'));
    words.map(|word| word.trim_end_matches('.')).filter(move |word| word.starts_with(start))
}

#[test]
fn help_explains_exit_codes() {
    let text = topic("exit-codes");
    for exit in oa_test::error::Exit::ALL {
        assert!(text.contains(&format!("\n    {}", exit.code())), "{exit:?}\n{text}");
    }
    for line in text.lines().filter(|line| line.contains("--fail-on ")) {
        let value = line.trim().split(' ').nth(1).unwrap();
        let outcome = Bench::new().oa_test(&["run", "--fail-on", value, "--feature", "no-such-feature"]);
        assert!(outcome.stderr.contains("no feature matches"), "{value}: {}", outcome.stderr);
    }
}

#[test]
fn help_explains_the_configuration() {
    let text = topic("configuration");
    for key in ["broker.", "sellers.", "integrationTests."].iter().flat_map(|start| words_with(&text, start)) {
        assert!(KEYS.iter().any(|known| known.path == key), "{key} is not a key");
    }
    let layers = ["default.json", "--config", "OA_TEST_CONFIG", "OA_TEST_CONFIG_JSON", "--set"];
    let numbered = text.split("Layers").nth(1).unwrap();
    let order: Vec<usize> = layers.iter().map(|layer| numbered.find(layer).unwrap()).collect();
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn help_explains_the_selection_of_tests() {
    let text = topic("selecting");
    let run = oa_test::cli::Cli::command();
    let run = run.find_subcommand("run").unwrap();
    for argument in run.get_arguments().filter(|argument| argument.get_help_heading() == Some("Test selection")) {
        let option = format!("--{}", argument.get_long().unwrap());
        assert!(option == "--features-dir" || text.contains(&option), "{option}");
    }
    for line in text.lines().filter_map(|line| line.trim().strip_prefix("oa-test run ")) {
        let words: Vec<&str> =
            ["list"].into_iter().chain(line.split(' ').map(|word| word.trim_matches('\''))).collect();
        assert_eq!(Bench::new().oa_test(&words).code, 0, "{line}");
    }
}

#[test]
fn help_explains_profiles() {
    let text = topic("profiles");
    for profile in oa_test::vocabulary::Profile::ALL {
        assert!(text.contains(&format!("\n    {profile} ")), "{profile}");
    }
}

#[test]
fn help_explains_random_mode() {
    let text = topic("random-mode");
    for key in words_with(&text, "integrationTests.") {
        assert!(KEYS.iter().any(|known| known.path == key), "{key} is not a key");
    }
    let data = Bench::new().oa_test(&["test-data", "--random", "--feature", "access-code"]);
    assert_eq!(data.code, 0, "{}", data.stderr);
}

#[test]
fn help_is_the_same_by_word_and_by_option() {
    for words in all_commands() {
        let words: Vec<&str> = words.split(' ').collect();
        let by_word = Bench::new().oa_test(&[&["help"], words.as_slice()].concat());
        let by_option = Bench::new().oa_test(&[words.as_slice(), &["--help"]].concat());
        assert_eq!((by_word.code, by_word.stdout), (by_option.code, by_option.stdout), "{words:?}");
    }
    let all = Bench::new();
    assert_eq!(all.oa_test(&["help"]).stdout, all.oa_test(&["--help"]).stdout);
    let unknown = all.oa_test(&["help", "exit-code"]);
    assert_eq!(unknown.code, 2);
    assert_eq!(unknown.stderr, "error: no command or topic is named `exit-code`\nhint: did you mean `exit-codes`?\n");
}
