//! The requirements of the specifications: identifiers, levels, sections, and where they can be observed.

mod requirements;

pub use requirements::{
    Bound, Level, ModelRule, Observed, REQUIREMENTS_FILE, Requirement, Requirements, Specification,
};
