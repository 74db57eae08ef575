//! What can be seen of a booking system from outside, before anything is configured: its dataset site, its feeds, its
//! OpenID provider, its Test Interface. Nothing is booked and nothing is changed.

mod features;
mod look;
mod opportunities;

pub use features::{Guess, NO_TESTS, guesses};
pub use look::{ProviderSeen, Survey, SurveyOptions, TestInterface, survey};
pub use opportunities::{OpportunitiesSeen, SeenSeller};
