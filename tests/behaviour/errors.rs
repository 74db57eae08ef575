//! Errors of every command: what is printed of them, and the exit code of their kind.

use std::path::Path;

use oa_test::error::{Error, ErrorKind, Exit};

use crate::support::Bench;

/// A folder with documents that cannot be used for what the commands of [`WRONG`] want them for.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("text.json", "no JSON");
    bench.write("misspelt.json", "{ \"brokr\": {} }");
    bench.write("two.json", "{ \"brokr\": {}, \"selers\": {} }");
    bench.write("known.yaml", "- { cell: a, reason: b, expires: soon }");
    bench.write("features/notes.txt", "no feature file");
    bench
}

/// Arguments, with `CLOSED` for a URL without a listener; the kind; the message; the hint.
type Case = (&'static [&'static str], ErrorKind, &'static str, Option<&'static str>);

const USAGE: ErrorKind = ErrorKind::Usage;
const CONFIGURATION: ErrorKind = ErrorKind::Configuration;
const TARGET: ErrorKind = ErrorKind::Target;
const NEAREST: Option<&str> = Some("did you mean `access-code`?");
const ALL_FAULTS: Option<&str> = Some("run `oa-test sandbox --list-faults` for a list");
const ADDRESS: Option<&str> = Some("use the URL of the dataset site");

const WRONG: &[Case] = &[
    (&["run", "--feature", "acess-code"], USAGE, "no feature matches `acess-code`", NEAREST),
    (&["run", "--fault", "zzz"], USAGE, "unknown fault `zzz`", ALL_FAULTS),
    (&["run", "--certificate-file", "x"], USAGE, "no certificate is requested", Some("use --certificate URL")),
    (
        &["watch", "--certificate", "https://example.com/"],
        USAGE,
        "--certificate and --shard require `oa-test run`",
        None,
    ),
    (&["list", "--feature", "acess-code"], USAGE, "no feature matches `acess-code`", NEAREST),
    (&["auth", "login", "--seller", "third"], USAGE, "invalid value 'third'", None),
    (&["completions", "zzz"], USAGE, "invalid value 'zzz'", None),
    (&["explain", "acess-code"], USAGE, "no feature or test is named `acess-code`", NEAREST),
    (&["explain", "rule", "NoHtml"], USAGE, "unknown rule `NoHtml`", Some("did you mean `NoHtmlRule`?")),
    (
        &["coverage", "zzz"],
        USAGE,
        "no requirement matches",
        Some("run `oa-test coverage` for a list of all requirements"),
    ),
    (&["doctor", "--feature", "acess-code"], USAGE, "no feature matches `acess-code`", NEAREST),
    (&["test-data", "--feature", "acess-code"], USAGE, "no feature matches `acess-code`", NEAREST),
    (&["selfcheck", "--fault", "zzz"], USAGE, "unknown fault `zzz`", ALL_FAULTS),
    (
        &["sandbox", "--switch", "zzz=on"],
        USAGE,
        "unknown switch `zzz`",
        Some("run `oa-test sandbox --list-switches` for a list"),
    ),
    (&["sandbox", "--data", "text.json"], USAGE, "cannot save the state in text.json: ", None),
    (&["validate", "missing.json"], USAGE, "cannot read missing.json: ", None),
    (
        &["validate", "--mode", "BRespons", "text.json"],
        USAGE,
        "unknown validation mode",
        Some("did you mean `BResponse`?"),
    ),
    (&["feeds", "--mode", "BRespons", "CLOSED"], USAGE, "unknown validation mode", Some("did you mean `BResponse`?")),
    (&["feeds", "--header", "x", "CLOSED"], USAGE, "--header is not a name, a colon and a value", None),
    (&["report", "html", "missing.json"], USAGE, "cannot read missing.json: ", None),
    (&["report", "text", "text.json"], USAGE, "text.json is not a saved run: ", None),
    (&["report", "merge", "text.json"], USAGE, "text.json is not a saved run: ", None),
    (&["certificate", "verify", "missing.html"], USAGE, "cannot read missing.html: ", None),
    (
        &["certificate", "public-key", "text.json"],
        USAGE,
        "text.json is not a private key in PEM (PKCS#8)",
        Some("create a key with `openssl genpkey -algorithm ed25519`"),
    ),
    (
        &["init", "CLOSED", "--output", "text.json"],
        USAGE,
        "text.json already exists",
        Some("use --force to overwrite it, or --output for another file"),
    ),
    (&["config", "check", "--set", "x"], USAGE, "`--set` expects KEY=VALUE", None),
    (
        &["config", "check", "--config", "missing.json"],
        CONFIGURATION,
        "cannot read the configuration missing.json: ",
        None,
    ),
    (&["config", "check", "--config", "text.json"], CONFIGURATION, "text.json:1:1: not valid JSON", None),
    (
        &["run", "--config", "misspelt.json"],
        CONFIGURATION,
        "misspelt.json:1:3: unknown key",
        Some("did you mean `broker`?"),
    ),
    (&["doctor", "--config", "two.json"], CONFIGURATION, "2 problems in the configuration", None),
    (
        &["auth", "login", "--config", "misspelt.json"],
        CONFIGURATION,
        "misspelt.json:1:3: ",
        Some("did you mean `broker`?"),
    ),
    (&["watch", "--config", "missing.json"], USAGE, "cannot watch missing.json: ", None),
    (
        &["run", "--known-failures", "known.yaml"],
        CONFIGURATION,
        "known.yaml:1:34: `expires` must be the last day",
        Some("write it as YYYY-MM-DD, such as 2027-01-31"),
    ),
    (&["list", "--features-dir", "features"], CONFIGURATION, "there is no feature file (*.yaml) in features", None),
    (&["list", "--features-dir", "missing"], USAGE, "cannot read the folder missing: ", None),
    (&["init", "CLOSED", "--output", "new.json"], TARGET, "the dataset site CLOSED did not respond: ", ADDRESS),
    (&["feeds", "CLOSED"], TARGET, "cannot read CLOSED: ", None),
    (&["validate", "CLOSED"], TARGET, "cannot read CLOSED: ", None),
    (&["certificate", "verify", "CLOSED"], TARGET, "CLOSED cannot be read: ", None),
];

#[test]
fn an_error_is_printed_with_its_hint_and_ends_with_the_exit_code_of_its_kind() {
    let bench = bench();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let closed = format!("http://127.0.0.1:{port}");
    for (arguments, kind, message, hint) in WRONG {
        let arguments: Vec<&str> =
            arguments.iter().map(|word| if *word == "CLOSED" { closed.as_str() } else { *word }).collect();
        let outcome = bench.oa_test(&arguments);
        let shown = &outcome.stderr;
        assert_eq!(outcome.code, i32::from(Exit::Error(*kind).code()), "{arguments:?}\n{shown}");
        let message = format!("error: {}", message.replace("CLOSED", &closed));
        assert!(shown.lines().any(|line| line.starts_with(&message)), "{arguments:?}: {message}\n{shown}");
        let last = shown.lines().rfind(|line| line.starts_with("hint: "));
        assert_eq!(last.map(|line| &line["hint: ".len()..]), *hint, "{arguments:?}\n{shown}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_internal_error() {
    let bench = bench();
    let made = bench.oa_test(&["run", "--feature", "dataset-site"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let outcome = bench.oa_test(&["report", "json", "output/run.json.gz", "--output", "/dev/full"]);
    assert_eq!(outcome.code, i32::from(Exit::Error(ErrorKind::Internal).code()), "{}", outcome.stderr);
    assert!(outcome.stderr.starts_with("error: cannot write /dev/full: "), "{}", outcome.stderr);
}

#[test]
fn an_exchange_that_a_run_lacks_is_named_with_the_last() {
    let bench = bench();
    bench.oa_test(&["run", "--feature", "dataset-site"]);
    let outcome = bench.oa_test(&["report", "exchange", "9999", "output/run.json.gz"]);
    assert_eq!(outcome.code, i32::from(Exit::Error(ErrorKind::Usage).code()), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("has no exchange 9999\nhint: the last is "), "{}", outcome.stderr);
}

fn kind<T>(result: Result<T, Error>) -> ErrorKind {
    result.err().map(|error| error.kind()).expect("an error")
}

#[test]
fn rooms_below_the_command_line_give_their_errors_a_kind() {
    use oa_test::{catalogue, certificate, config, plan, results, sandbox, survey};
    let bench = bench();
    let missing = bench.path("missing");
    let mut layers = config::Layers::built_in().unwrap();
    assert_eq!(kind(layers.add_setting("--set", "x")), ErrorKind::Usage);
    assert_eq!(kind(layers.add_file(&missing)), ErrorKind::Configuration);
    layers.add_text("mine", "{ \"brokr\": {} }").unwrap();
    assert_eq!(kind(config::load(&layers)), ErrorKind::Configuration);
    assert_eq!(kind(config::KnownFailures::parse("mine", "- {}")), ErrorKind::Configuration);
    assert_eq!(kind(catalogue::Catalogue::with_folder(&bench.path("features"))), ErrorKind::Configuration);
    let selection = plan::Selection { features: vec!["zzz".to_owned()], ..plan::Selection::default() };
    assert_eq!(kind(selection.tests(&catalogue::Catalogue::built_in().unwrap())), ErrorKind::Usage);
    assert_eq!(kind(results::read_run(&missing)), ErrorKind::Usage);
    assert_eq!(kind(results::merge(Vec::new())), ErrorKind::Usage);
    assert_eq!(kind(certificate::SigningKey::read(&missing)), ErrorKind::Usage);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let options = sandbox::SandboxOptions { port, ..sandbox::SandboxOptions::default() };
    assert_eq!(kind(runtime.block_on(sandbox::Sandbox::start(options))), ErrorKind::Usage);
    drop(taken);
    let options = survey::SurveyOptions {
        url: format!("http://127.0.0.1:{port}/"),
        insecure: false,
        reading: std::time::Duration::from_secs(1),
        timeout: std::time::Duration::from_secs(20),
    };
    assert_eq!(kind(runtime.block_on(survey::survey(&options))), ErrorKind::Target);
}

#[test]
fn the_documents_have_every_exit_code() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/exit-codes.md")).unwrap();
    let rows: Vec<(&str, &str)> = text
        .lines()
        .skip_while(|line| !line.starts_with("| ---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            assert_eq!(cells.len(), 6, "{line}");
            (cells[1], cells[2])
        })
        .collect();
    let known: Vec<(String, &str)> = Exit::ALL.iter().map(|exit| (exit.code().to_string(), exit.name())).collect();
    let known: Vec<(&str, &str)> = known.iter().map(|(code, name)| (code.as_str(), *name)).collect();
    assert_eq!(rows, known);
    for kind in ErrorKind::ALL {
        assert!(Exit::ALL.contains(&Exit::Error(*kind)), "{}", kind.name());
    }
}
