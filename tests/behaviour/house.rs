//! What is committed beside the code and must agree with it.

use std::path::Path;

use oa_test::catalogue::{Catalogue, FEATURE_FILES};
use oa_test::vocabulary::FEATURE_NAMES;
use serde_json::Value;

use crate::support::Bench;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_feature_file_is_embedded_and_stands_in_the_folder_of_its_category() {
    let mut found = Vec::new();
    for category in std::fs::read_dir(root().join("features")).unwrap() {
        let category = category.unwrap().path();
        if category.is_dir() {
            for file in std::fs::read_dir(&category).unwrap() {
                let file = file.unwrap().path();
                found.push(file.strip_prefix(root()).unwrap().display().to_string());
            }
        }
    }
    found.sort();
    let embedded: Vec<&str> = FEATURE_FILES.iter().map(|(path, _)| *path).collect();
    assert_eq!(found, embedded);
    for feature in Catalogue::built_in().unwrap().features() {
        let path = format!("features/{}/{}.yaml", feature.category, feature.id);
        assert!(embedded.contains(&path.as_str()), "{path}");
        assert!(FEATURE_NAMES.contains(&(feature.category.as_str(), feature.id.as_str())), "{path}");
        let issue = "https://github.com/openactive/open-booking-api/issues/";
        assert!(feature.spec.starts_with("https://openactive.io/") || feature.spec.starts_with(issue), "{path}");
    }
}

#[test]
fn the_committed_schema_is_the_generated_one() {
    let committed = std::fs::read_to_string(root().join("features/schema.json")).unwrap();
    let generated = Bench::new().oa_test(&["schema"]);
    assert_eq!(generated.code, 0);
    assert_eq!(committed, generated.stdout, "write it anew: oa-test schema > features/schema.json");
}

#[test]
fn the_built_in_configuration_knows_every_feature() {
    let config: Value = serde_json::from_str(include_str!("../../default.json")).unwrap();
    let features = config["integrationTests"]["implementedFeatures"].as_object().unwrap();
    let known: Vec<&str> = FEATURE_NAMES.iter().map(|(_, name)| *name).collect();
    assert_eq!(features.len(), known.len());
    for name in known {
        assert!(features.contains_key(name), "{name}");
    }
}

#[test]
fn every_declared_action_is_made_by_a_step() {
    use oa_test::vocabulary::{Action, Flow};
    for (feature, test) in Catalogue::built_in().unwrap().tests() {
        let made: Vec<Action> = test
            .steps()
            .flat_map(|step| step.actions(Flow::Simple))
            .filter(|action| *action != Action::SellerAcceptOrderProposal)
            .collect();
        let declared: Vec<Action> =
            test.actions.iter().copied().filter(|action| *action != Action::SellerAcceptOrderProposal).collect();
        assert_eq!(made, declared, "{} of {}", test.id, feature.id);
    }
}

#[test]
fn every_kind_of_step_stands_in_one_file_and_one_line() {
    use oa_test::steps::KINDS;
    let mut files = Vec::new();
    for folder in ["src/steps", "src/steps/openid"] {
        for file in std::fs::read_dir(root().join(folder)).unwrap().map(|file| file.unwrap().path()) {
            if file.is_file() {
                files.push(std::fs::read_to_string(file).unwrap());
            }
        }
    }
    let kinds: usize =
        files.iter().map(|text| text.matches("Kind::plain(").count() + text.matches("Kind::valued(").count()).sum();
    assert_eq!(kinds, KINDS.len(), "a kind of step that `KINDS` does not name cannot be read");
    let keywords: Vec<&str> = KINDS.iter().map(|kind| kind.keyword()).collect();
    for (number, keyword) in keywords.iter().enumerate() {
        assert!(!keywords[..number].contains(keyword), "two kinds of steps are called {keyword}");
    }
    for (feature, test) in Catalogue::built_in().unwrap().tests() {
        for needed in test.steps().flat_map(|step| step.act.needs()) {
            assert!(keywords.contains(needed), "{} of {}: `{needed}` is no step", test.id, feature.id);
        }
    }
}

#[test]
fn shells_and_manuals_get_what_they_need() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let outcome = Bench::new().oa_test(&["completions", shell]);
        assert_eq!(outcome.code, 0, "{shell}");
        assert!(outcome.stdout.contains("oa-test"), "{shell}");
    }
    let manual = Bench::new().oa_test(&["man"]);
    assert_eq!(manual.code, 0);
    assert!(manual.stdout.contains(".TH oa-test"), "{}", manual.stdout);
}

/// The tests of the public suite, but for those of its three features about OpenID Connect: category, feature and test,
/// and whether it runs when the feature is implemented.
const PUBLIC_TESTS: &str = include_str!("../../fixtures/public-tests.txt");

#[test]
fn no_test_of_the_public_suite_is_lost() {
    let catalogue = Catalogue::built_in().unwrap();
    let known: Vec<String> = catalogue
        .tests()
        .map(|(feature, test)| format!("{}/{}/{} {}", feature.category, feature.id, test.id, test.when))
        .collect();
    assert_eq!(PUBLIC_TESTS.lines().count(), 137);
    for line in PUBLIC_TESTS.lines() {
        assert!(known.iter().any(|known| known == line), "{line} is in no feature file");
    }
    for (feature, test) in catalogue.tests() {
        let line = format!("{}/{}/{} {}", feature.category, feature.id, test.id, test.when);
        let public = PUBLIC_TESTS.lines().any(|known| known == line);
        assert_eq!(public, test.profile.is_none(), "a test that the public suite does not have is strict only: {line}");
    }
}

/// The categories whose titles and citations were written by the rules of these tests.
const WORDED: &[&str] = &["access", "broker-role", "cancellation", "core", "details-capture"];

#[test]
fn a_title_stands_alone_and_names_the_error_that_its_test_provokes() {
    let banned = ["told", "tells", "forget", "nobody", "somebody", "refuse", "give back", "called off"];
    let catalogue = Catalogue::built_in().unwrap();
    let mut titles = Vec::new();
    for (feature, test) in catalogue.tests().filter(|(feature, _)| WORDED.contains(&feature.category.as_str())) {
        let id = format!("{}/{}", feature.id, test.id);
        assert!(!titles.contains(&test.name), "{id}: another test has the title {}", test.name);
        titles.push(test.name.clone());
        assert!(test.name.chars().count() <= 72, "{id}: the title is too long for a table: {}", test.name);
        let mut errors: Vec<String> =
            test.steps().filter_map(|step| step.fails).map(|error| error.to_string()).collect();
        errors.sort_unstable();
        errors.dedup();
        if let [error] = errors.as_slice() {
            assert!(test.name.contains(error.as_str()), "{id}: the title does not name {error}: {}", test.name);
        }
        for text in [&test.name, &test.summary, &feature.name, &feature.summary] {
            let text = text.to_lowercase();
            assert!(
                !banned.iter().any(|word| text.contains(word)),
                "{id}: a word that the specification lacks: {text}"
            );
        }
    }
}

#[test]
fn a_step_or_check_cites_at_most_three_requirements_and_none_twice() {
    let catalogue = Catalogue::built_in().unwrap();
    for (feature, test) in catalogue.tests().filter(|(feature, _)| WORDED.contains(&feature.category.as_str())) {
        for step in test.steps() {
            let id = format!("{}/{} {}", feature.id, test.id, step.act.keyword());
            let mut lists = vec![(&step.violates, &step.covers)];
            lists.extend(step.expect.iter().chain(&step.expect_proposal).map(|check| (&check.violates, &check.covers)));
            for (violates, covers) in lists {
                assert!(violates.len() <= 3, "{id} violates more than three requirements");
                assert!(!violates.iter().any(|one| covers.contains(one)), "{id}: what is violated counts as covered");
            }
        }
    }
}

#[test]
fn every_strict_check_says_which_section_justifies_it() {
    use oa_test::vocabulary::Profile;
    for (feature, test) in Catalogue::built_in().unwrap().tests() {
        for step in test.steps() {
            if step.profile == Some(Profile::Strict) {
                assert!(step.spec.is_some(), "a strict step of {} in {} names no section", test.id, feature.id);
            }
            for check in step.expect.iter().chain(&step.expect_proposal) {
                if check.profile == Some(Profile::Strict) {
                    let own = check.spec.as_ref().or(step.spec.as_ref());
                    assert!(own.is_some(), "«{}» of {} in {} names no section", check.title(), test.id, feature.id);
                }
            }
        }
    }
}

/// The categories whose titles are held to the rules.
const TITLED: &[&str] =
    &["advanced-payment", "approval", "leasing", "notifications", "payment", "restrictions", "tax", "terms"];

#[test]
fn titles_stand_alone_and_carry_the_name_of_their_error() {
    let catalogue = Catalogue::built_in().unwrap();
    let banned =
        ["answer", "tell", "told", "say", "says", "forget", "come", "comes", "what", "who", "nobody", "then", "it"];
    let titled = || catalogue.tests().filter(|(feature, _)| TITLED.contains(&feature.category.as_str()));
    for (feature, test) in titled() {
        let title = &test.name;
        let same = catalogue.tests().filter(|(_, other)| other.name == *title).count();
        assert_eq!(same, 1, "several tests have the title «{title}»");
        assert!(title.len() <= 72, "{}/{}: {title}", feature.id, test.id);
        let mut words = title.split(|letter: char| !letter.is_alphanumeric());
        assert!(
            !words.any(|word| banned.contains(&word.to_lowercase().as_str())),
            "{}/{}: {title}",
            feature.id,
            test.id
        );
        let errors: std::collections::BTreeSet<&str> =
            test.steps().filter_map(|step| step.fails).map(oa_test::vocabulary::ErrorName::name).collect();
        if errors.len() == 1 {
            assert!(
                errors.iter().all(|error| title.contains(error)),
                "{}/{}: {title}, {errors:?}",
                feature.id,
                test.id
            );
        }
    }
}

#[test]
fn a_feature_without_tests_says_why() {
    for feature in Catalogue::built_in().unwrap().features() {
        assert_eq!(feature.tests.is_empty(), feature.coverage == "none", "{}", feature.id);
        assert!(!feature.tests.is_empty() || feature.notes.is_some(), "{} has neither tests nor notes", feature.id);
    }
}

#[test]
fn the_committed_pages_about_features_are_the_generated_ones() {
    let committed = std::fs::read_to_string(root().join("docs/features.md")).unwrap();
    let generated = Bench::new().oa_test(&["explain", "--markdown"]);
    assert_eq!(generated.code, 0);
    assert_eq!(committed, generated.stdout, "write them anew: oa-test explain --markdown > docs/features.md");
}
