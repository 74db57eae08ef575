//! Signatures by Ed25519 (RFC 8032), with keys as OpenSSL writes them: `openssl genpkey -algorithm ed25519`.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde_json::{Map, Value, json};

use crate::error::Error;

/// The bytes of a public key.
const KEY: usize = 32;

/// A private key.
pub struct SigningKey(Ed25519KeyPair);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(***)")
    }
}

/// The content of a PEM file.
fn pem(text: &str, label: &str) -> Option<Vec<u8>> {
    let begin = format!("-----BEGIN {label}-----");
    let end = format!("-----END {label}-----");
    let content = text.split_once(&begin)?.1.split_once(&end)?.0;
    BASE64.decode(content.split_whitespace().collect::<String>()).ok()
}

impl SigningKey {
    /// Reads a private key from a PEM file (PKCS#8).
    ///
    /// # Errors
    /// That the file cannot be read, or holds no such key.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let shown = path.display();
        let text = std::fs::read_to_string(path).map_err(|error| Error::file("read the key", path, error))?;
        let wrong = |what: &str| {
            let error = Error::usage(format!("{shown} is not a {what}"));
            error.hint("create a key with `openssl genpkey -algorithm ed25519`")
        };
        let der = pem(&text, "PRIVATE KEY").ok_or_else(|| wrong("private key in PEM (PKCS#8)"))?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|_| wrong("key for Ed25519"))?;
        Ok(Self(pair))
    }

    /// The public key to it.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.public_key().as_ref().to_vec())
    }

    /// Adds the proof to a certificate.
    pub(super) fn sign(&self, certificate: &mut Map<String, Value>) {
        certificate.remove("proof");
        let signature = self.0.sign(&signed(certificate));
        let proof = json!({
            "type": "Ed25519",
            "publicKey": self.public().to_string(),
            "value": BASE64.encode(signature.as_ref()),
        });
        certificate.insert("proof".to_owned(), proof);
    }
}

/// A public key; shown as Base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(Vec<u8>);

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&BASE64.encode(&self.0))
    }
}

impl std::str::FromStr for PublicKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // In PEM, the key is what its description ends with.
        let bytes = pem(text, "PUBLIC KEY").or_else(|| BASE64.decode(text.trim()).ok()).unwrap_or_default();
        let at = bytes.len().checked_sub(KEY);
        at.and_then(|at| bytes.get(at..))
            .map(|key| Self(key.to_vec()))
            .ok_or_else(|| "not an Ed25519 public key: expected 32 bytes as Base64, or a PEM file".to_owned())
    }
}

/// The signed bytes: the certificate without its proof, its names sorted, without spaces.
fn signed(certificate: &Map<String, Value>) -> Vec<u8> {
    let mut bare = certificate.clone();
    bare.remove("proof");
    serde_json::to_vec(&Value::Object(bare)).unwrap_or_default()
}

/// The key by which a certificate is signed; none where it is not.
///
/// # Errors
/// That the proof does not prove it.
pub(super) fn signer(certificate: &Map<String, Value>) -> Result<Option<PublicKey>, String> {
    let Some(proof) = certificate.get("proof") else { return Ok(None) };
    let text = |name: &str| proof.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("type") != "Ed25519" {
        return Err(format!("unknown type of proof: {}", text("type")));
    }
    let key: PublicKey = text("publicKey").parse()?;
    let value = BASE64.decode(text("value")).map_err(|_| "the signature is not Base64".to_owned())?;
    UnparsedPublicKey::new(&ED25519, &key.0)
        .verify(&signed(certificate), &value)
        .map_err(|_| "the signature does not match the certificate".to_owned())?;
    Ok(Some(key))
}
