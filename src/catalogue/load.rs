//! Reading the whole catalogue.

use std::path::Path;

use crate::document::{Problem, Problems, parse_yaml, problems_as_error};
use crate::error::Error;

use super::embedded::FEATURE_FILES;
use super::read_feature::read_feature;
use super::types::{Feature, Test};

/// Every feature, in order of category and identifier.
#[derive(Debug, Clone)]
pub struct Catalogue {
    features: Vec<Feature>,
}

impl Catalogue {
    /// The features that are part of the program.
    ///
    /// # Errors
    /// What is wrong in them; a test sees to it that nothing is.
    pub fn built_in() -> Result<Self, Error> {
        Self::from_texts(FEATURE_FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())))
    }

    /// The features that are part of the program, and those of a folder of the user's own (every `*.yaml` in it, and
    /// in folders within it). A feature of the folder replaces a built-in one of the same identifier.
    ///
    /// # Errors
    /// That the folder cannot be read, or what is wrong in its files.
    pub fn with_folder(folder: &Path) -> Result<Self, Error> {
        let mut texts = Vec::new();
        collect(folder, 0, &mut texts)?;
        texts.sort();
        if texts.is_empty() {
            return Err(Error::configuration(format!("there is no feature file (*.yaml) in {}", folder.display())));
        }
        let own = Self::from_texts(texts.into_iter())?;
        let mut all = Self::built_in()?;
        all.features.retain(|built_in| !own.features.iter().any(|feature| feature.id == built_in.id));
        all.features.extend(own.features);
        all.sort();
        Ok(all)
    }

    /// Reads feature files: name and text of each.
    ///
    /// # Errors
    /// What is wrong in them.
    pub fn from_texts(texts: impl Iterator<Item = (String, String)>) -> Result<Self, Error> {
        let problems = Problems::default();
        let mut features: Vec<Feature> = Vec::new();
        for (name, text) in texts {
            let node = match parse_yaml(&name, &text) {
                Ok(node) => node,
                Err(problem) => {
                    problems.add(problem);
                    continue;
                }
            };
            let Some(feature) = read_feature(&node, &problems) else { continue };
            if features.iter().any(|other| other.id == feature.id) {
                problems.add(Problem::new(&node.spot, format!("a second file for feature `{}`", feature.id)));
            }
            features.push(feature);
        }
        if let Some(error) = problems_as_error(&problems.into_vec(), "feature files") {
            return Err(error);
        }
        let mut catalogue = Self { features };
        catalogue.sort();
        Ok(catalogue)
    }

    fn sort(&mut self) {
        self.features.sort_by(|a, b| (&a.category, &a.id).cmp(&(&b.category, &b.id)));
    }

    /// Every feature.
    #[must_use]
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// Every test, with its feature.
    pub fn tests(&self) -> impl Iterator<Item = (&Feature, &Test)> {
        self.features.iter().flat_map(|feature| feature.tests.iter().map(move |test| (feature, test)))
    }
}

/// Folders are followed this deep.
const FOLDER_DEPTH: usize = 4;

fn collect(folder: &Path, depth: usize, texts: &mut Vec<(String, String)>) -> Result<(), Error> {
    let entries = std::fs::read_dir(folder).map_err(|error| Error::file("read the folder", folder, error))?;
    for entry in entries {
        let path = entry.map_err(|error| Error::file("read the folder", folder, error))?.path();
        if path.is_dir() {
            if depth < FOLDER_DEPTH {
                collect(&path, depth + 1, texts)?;
            }
        } else if path.file_name().is_some_and(|name| name == "requirements.yaml") {
            // Requirements are no feature.
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            let text = std::fs::read_to_string(&path).map_err(|error| Error::file("read", &path, error))?;
            texts.push((path.display().to_string(), text));
        }
    }
    Ok(())
}
