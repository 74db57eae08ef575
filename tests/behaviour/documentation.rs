//! The documents say what is so: every command that they show is run, and what is made by a command is as it makes it.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use oa_test::config::{KEYS, built_in};
use oa_test::sandbox::{Sandbox, SandboxOptions};

use crate::support::{Bench, JsonSchema, SHORT_WAIT};

const DOCUMENTS: &[(&str, &str)] = &[
    ("README.md", include_str!("../../README.md")),
    ("docs/ci.md", include_str!("../../docs/ci.md")),
    ("docs/migrating.md", include_str!("../../docs/migrating.md")),
    ("docs/recordings.md", include_str!("../../docs/recordings.md")),
    ("docs/random-mode.md", include_str!("../../docs/random-mode.md")),
    ("docs/variants.md", include_str!("../../docs/variants.md")),
    ("docs/validation.md", include_str!("../../docs/validation.md")),
    ("docs/writing-features.md", include_str!("../../docs/writing-features.md")),
];

/// The commands of a document, in order.
fn commands(text: &str) -> Vec<&str> {
    let mut within = false;
    let mut found = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(kind) => within = kind == "console",
            None if within => found.extend(line.strip_prefix("$ ")),
            None => {}
        }
    }
    found
}

/// The words of a command, as a shell reads them; what follows a `#` is a remark.
fn words(command: &str) -> (Vec<String>, Option<String>, &str) {
    let (command, remark) = command.split_once(" #").unwrap_or((command, ""));
    let (command, target) = command.split_once(" > ").map_or((command, None), |(c, t)| (c, Some(t.trim().to_owned())));
    let mut words = Vec::new();
    let mut quote = None;
    let mut word = String::new();
    let mut any = false;
    for c in command.trim().chars() {
        match (c, quote) {
            (c, Some(end)) if c == end => quote = None,
            ('\'' | '"', None) => (quote, any) = (Some(c), true),
            (' ', None) => {
                if any || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                any = false;
            }
            (c, _) => word.push(c),
        }
    }
    if any || !word.is_empty() {
        words.push(word);
    }
    (words, target, remark)
}

/// A file that a document shows.
fn shown(text: &str, name: &str) -> String {
    let block = text.split("```yaml\n").skip(1).find(|block| block.starts_with(&format!("# {name}\n"))).unwrap();
    block.split("```").next().unwrap().to_owned()
}

/// What documents take to be there.
fn prepared(text: &str) -> Bench {
    let bench = Bench::new();
    bench.write("dev.json", "{}");
    bench.write("recording.har", include_str!("../../fixtures/recording.har"));
    bench.write("session.json", "{ \"@context\": \"https://openactive.io/\", \"type\": \"ScheduledSession\" }");
    bench.write("key.pem", "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEICUSzi4ldM+sJt49X+iydtyCT0+oWYsAUI9JsQlaVq4S\n-----END PRIVATE KEY-----\n");
    bench.write("key.pub", "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEARVfXQmQ+dv9pvvkgR0FAVkwwwZ+U76H/7VEYarZYyno=\n-----END PUBLIC KEY-----\n");
    for name in ["known-failures.yaml", "own/door-codes.yaml"] {
        if text.contains(&format!("# {name}\n")) {
            bench.write(name, &shown(text, name));
        }
    }
    bench
}

/// Commands that go on until they are stopped, and what they say once they are ready.
const LASTING: &[(&str, &str)] = &[("sandbox", "Press Ctrl-C to stop."), ("watch", "watching: ")];

/// A program that goes on beside the others, as in another terminal, until the document is at its end.
struct Beside(std::process::Child);

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A certificate is about everything in scope: of which there should be little here.
fn little_in_scope() -> String {
    let default: serde_json::Value = serde_json::from_str(built_in()).unwrap();
    let features = default["integrationTests"]["implementedFeatures"].as_object().unwrap();
    let kept =
        ["dataset-site", "access-code", "anonymous-leasing", "named-leasing", "booking-partner-openid-authentication"];
    let scope: serde_json::Map<String, serde_json::Value> = features
        .keys()
        .map(|name| (name.clone(), if kept.contains(&name.as_str()) { true.into() } else { serde_json::Value::Null }))
        .collect();
    serde_json::json!({ "integrationTests": { "implementedFeatures": scope } }).to_string()
}

fn run(bench: &Bench, arguments: &[&str], beside: &mut Vec<Beside>) -> Result<(i32, String, Vec<u8>), String> {
    let lasting = LASTING.iter().find(|(command, _)| arguments.first() == Some(command));
    let Some((_, ready)) = lasting.filter(|_| !arguments.iter().any(|word| word.starts_with("--list"))) else {
        let mut command = bench.command(arguments);
        if arguments.contains(&"--certificate") {
            command.env("OA_TEST_CONFIG_JSON", little_in_scope());
        }
        let output = command.stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        return Ok((output.status.code().unwrap_or(-1), said, output.stdout));
    };
    let mut command = bench.command(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (errors, output) = (child.stderr.take().unwrap(), child.stdout.take().unwrap());
    let (sender, lines) = std::sync::mpsc::channel();
    for stream in [Box::new(errors) as Box<dyn std::io::Read + Send>, Box::new(output)] {
        let sender = sender.clone();
        std::thread::spawn(move || {
            BufReader::new(stream).lines().map_while(Result::ok).for_each(|line| drop(sender.send(line)));
        });
    }
    drop(sender);
    let mut said = Vec::new();
    let came = lines.iter().any(|line| {
        said.push(line);
        said.last().is_some_and(|line| line.contains(ready))
    });
    let ended = Beside(child);
    if arguments.first() == Some(&"sandbox") {
        beside.push(ended);
    }
    if came { Ok((0, String::new(), Vec::new())) } else { Err(said.join("\n")) }
}

/// What a remark says of the exit code; otherwise it follows from the command.
fn expected(words: &[&str], remark: &str) -> Vec<i32> {
    let excused = words.iter().any(|word| ["nothing", "--known-failures"].contains(word));
    let faulty = words.contains(&"--fault") && !excused;
    // The runs before it pass, so that there is no cause to share.
    if words.starts_with(&["report", "bundle"]) {
        return vec![2];
    }
    if remark.contains("exit code 1") || words.first() == Some(&"validate") || faulty {
        vec![1]
    } else if words.contains(&"--check") {
        vec![0, 1]
    } else {
        vec![0]
    }
}

fn every_command_works(name: &str) {
    let text = DOCUMENTS.iter().find(|(known, _)| *known == name).unwrap().1;
    let bench = prepared(text);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let options = SandboxOptions { test_interface: true, ..SandboxOptions::default() };
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    let address = sandbox.dataset_site().replace("http://", "").replace("/openactive/", "");
    let mut beside = Vec::new();
    let mut count = 0;
    for command in commands(text) {
        let (all, target, remark) = words(command);
        // What Rust's own tools do is theirs to test.
        if all.first().is_some_and(|word| word == "cargo") {
            continue;
        }
        assert_eq!(all.first().map(String::as_str), Some("oa-test"), "{name}: {command}");
        let all: Vec<String> = all.iter().skip(1).map(|word| word.replace("127.0.0.1:5000", &address)).collect();
        let mut arguments: Vec<&str> = all.iter().map(String::as_str).collect();
        // Ports are not for tests to choose, and debug builds are slow: what runs everything runs a little.
        if let Some(at) = arguments.iter().position(|word| *word == "--port") {
            arguments[at + 1] = "0";
        }
        let selects = ["-f", "--feature", "--test", "--category", "--flow", "--certificate"];
        let little = ["--feature", "dataset-site"];
        if arguments[0] == "run" && !arguments.iter().any(|word| selects.contains(word)) {
            arguments.extend(little);
        }
        if arguments[0] == "run" && arguments.contains(&"--fault") {
            arguments.extend(["--set", SHORT_WAIT]);
        }
        let (code, said, printed) = run(&bench, &arguments, &mut beside)
            .unwrap_or_else(|said| panic!("{name}: {command} does not get ready\n{said}"));
        assert!(expected(&arguments, remark).contains(&code), "{name}: {command} ends with {code}\n{said}");
        if let Some(target) = target {
            std::fs::write(bench.path(&target), printed).unwrap();
        }
        count += 1;
    }
    assert!(count > 0, "{name} shows no command");
}

#[test]
fn the_commands_of_the_readme_work() {
    every_command_works("README.md");
}

#[test]
fn the_commands_for_continuous_integration_work() {
    every_command_works("docs/ci.md");
}

#[test]
fn the_commands_for_those_who_come_from_the_other_suite_work() {
    every_command_works("docs/migrating.md");
}

#[test]
fn the_commands_for_recordings_work() {
    every_command_works("docs/recordings.md");
}

#[test]
fn the_commands_for_random_mode_work() {
    every_command_works("docs/random-mode.md");
}

#[test]
fn the_commands_for_variants_work() {
    every_command_works("docs/variants.md");
}

#[test]
fn the_commands_for_writing_features_work() {
    every_command_works("docs/writing-features.md");
    // The mistake in the example is reported as the document shows it.
    let text = DOCUMENTS.iter().find(|(known, _)| *known == "docs/writing-features.md").unwrap().1;
    let bench = prepared(text);
    let wrong = shown(text, "own/door-codes.yaml").replace("is: present", "is: presnt");
    bench.write("own/door-codes.yaml", &wrong);
    let outcome = bench.oa_test(&["list", "--features-dir", "own"]);
    let message = text.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let first = message.lines().next().unwrap().trim_start_matches("error: ");
    assert!(outcome.stderr.contains(first), "{first}\n{}", outcome.stderr);
    assert!(outcome.stderr.contains("did you mean `present`?"), "{}", outcome.stderr);
}

#[test]
fn the_reference_of_the_configuration_is_made_of_the_table_of_keys() {
    let bench = Bench::new();
    let reference = bench.oa_test(&["config", "reference"]);
    assert_eq!(reference.stdout, include_str!("../../docs/configuration.md"), "write it anew");
    let schema = bench.oa_test(&["schema", "config"]).stdout;
    assert_eq!(schema, include_str!("../../docs/config.schema.json"), "write it anew");
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let default: serde_json::Value = serde_json::from_str(built_in()).unwrap();
    let schema = JsonSchema::of(schema);
    assert_eq!(schema.errors(&default), "");
    for wrong in [
        serde_json::json!({ "broker": { "datasetSiteUlr": "sandbox" } }),
        serde_json::json!({ "integrationTests": { "implementedFeatures": { "acess-code": true } } }),
        serde_json::json!({ "integrationTests": { "testTimeout": "soon" } }),
    ] {
        assert_ne!(schema.errors(&wrong), "", "{wrong}");
    }
}

#[test]
fn every_key_without_effect_is_in_the_guide_for_those_who_come_from_the_other_suite() {
    let guide = include_str!("../../docs/migrating.md");
    for key in KEYS {
        if let oa_test::config::Effect::None(_) = key.effect {
            assert!(guide.contains(&format!("| `{}` | no effect", key.path)), "{}", key.path);
        }
    }
}
