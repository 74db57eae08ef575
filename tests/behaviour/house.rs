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
        assert!(feature.spec.starts_with("https://openactive.io/"), "{path}");
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
    use oa_test::catalogue::Step;
    use oa_test::vocabulary::Action;
    for (feature, test) in Catalogue::built_in().unwrap().tests() {
        let made: Vec<Action> = test
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Simulate { action, .. } => Some(*action),
                _ => None,
            })
            .collect();
        let declared: Vec<Action> =
            test.actions.iter().copied().filter(|action| *action != Action::SellerAcceptOrderProposal).collect();
        assert_eq!(made, declared, "{} of {}", test.id, feature.id);
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
