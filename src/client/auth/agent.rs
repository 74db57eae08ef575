//! Who goes through the pages of the OpenID provider instead of the Seller.

use super::browser;
use super::forms;
use super::journey::{Arrival, BrowserOptions, Journey, JourneyFailure};
use super::transport::AuthHttp;

/// Who goes through the pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agent {
    /// Requests that send the forms of the pages. Pages that need JavaScript are beyond it.
    Forms,
    /// A browser, by WebDriver.
    Browser(BrowserOptions),
}

impl Agent {
    /// Goes through the pages.
    ///
    /// # Errors
    /// Where it ended, and why.
    pub async fn travel(&self, http: &AuthHttp, journey: Journey<'_>) -> Result<Arrival, JourneyFailure> {
        match self {
            Self::Forms => forms::travel(http, journey).await,
            Self::Browser(options) => browser::travel(options, journey).await,
        }
    }
}
