//! TLS of all HTTP clients.

/// A builder of HTTP clients whose TLS is by *ring*.
///
/// Without it, building a client panics: no other cryptography is compiled in.
pub fn http_client() -> reqwest::ClientBuilder {
    // Only the first call of a process has an effect.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
}
