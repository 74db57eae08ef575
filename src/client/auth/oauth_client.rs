//! Booking Partners as clients of the OpenID provider.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Mutex;

use crate::config::{ClientCredentials, Secret};

use super::failure::AuthFailure;

/// Whether the credentials of a client have been accepted yet.
#[derive(Debug, Clone, Default)]
pub(super) enum Trial {
    /// They were not sent yet.
    #[default]
    Open,
    /// They were accepted.
    Accepted,
    /// They were rejected: sending them again only locks the client out.
    Rejected(AuthFailure),
}

/// A client of the OpenID provider. Clones share what is known of its credentials.
#[derive(Debug, Clone)]
pub struct OAuthClient {
    /// `client_id`
    pub id: String,
    /// `client_secret`
    pub secret: Secret,
    /// `token_endpoint_auth_method` of the registration response; `None` where it is not known.
    pub method: Option<String>,
    /// When it registered itself; `None` for a client of the configuration.
    pub registered: Option<Instant>,
    pub(super) trial: Arc<Mutex<Trial>>,
}

impl OAuthClient {
    /// A client of the configuration.
    #[must_use]
    pub fn configured(credentials: &ClientCredentials) -> Self {
        Self {
            id: credentials.id.clone(),
            secret: credentials.secret.clone(),
            method: None,
            registered: None,
            trial: Arc::default(),
        }
    }

    /// A client that has just registered itself.
    pub(super) fn registered(id: String, secret: Secret, method: Option<String>) -> Self {
        Self { id, secret, method, registered: Some(Instant::now()), trial: Arc::default() }
    }

    /// The same client with another secret, of which nothing is known.
    #[must_use]
    pub fn with_secret(&self, secret: Secret) -> Self {
        Self { secret, trial: Arc::default(), ..self.clone() }
    }

    /// Why its credentials are not sent again, if they were rejected.
    pub(super) async fn rejected(&self) -> Option<AuthFailure> {
        match &*self.trial.lock().await {
            Trial::Rejected(failure) => Some(failure.clone()),
            _ => None,
        }
    }
}
