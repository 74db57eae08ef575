//! Signing keys, which are replaced as time goes by, and the tokens that they sign.

use std::sync::mpsc::{Receiver, TryRecvError, channel};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, CommonParameters, Jwk, KeyAlgorithm, RSAKeyParameters, RSAKeyType};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rsa::pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPrivateKey as _};
use rsa::traits::PublicKeyParts as _;
use serde_json::{Map, Value, json};

use crate::sandbox::clock::now;
use crate::sandbox::faults::{Fault, Faults};

use super::signature;

/// The size of a key in bits.
const KEY_BITS: usize = 2048;

/// Lifetime of a signing key, in lifetimes of access tokens.
const LIVES: i64 = 4;

#[derive(Debug)]
struct Key {
    id: String,
    made: i64,
    /// When a newer key took its place.
    replaced: Option<i64>,
    signing: EncodingKey,
    public: Jwk,
}

type Pair = (EncodingKey, Jwk);

/// The keys, the newest last. There is none before the first token.
#[derive(Debug)]
pub(super) struct Keys {
    token_seconds: i64,
    keys: Vec<Key>,
    made: usize,
    /// Where the next key arrives, while it is generated.
    next: Option<Receiver<Pair>>,
}

/// The first key, as PKCS #1. It is the same for every sandbox, as secrets and passwords are, and protects nothing: generating
/// one takes longer than all else that a sandbox does before its first token.
const FIRST: &[u8] = include_bytes!("key.der");

/// The first key of every provider.
fn first() -> Option<Pair> {
    pair(&rsa::RsaPrivateKey::from_pkcs1_der(FIRST).ok()?)
}

/// A new key.
fn generate() -> Option<Pair> {
    pair(&rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, KEY_BITS).ok()?)
}

fn pair(key: &rsa::RsaPrivateKey) -> Option<Pair> {
    let signing = EncodingKey::from_rsa_der(key.to_pkcs1_der().ok()?.as_bytes());
    let public = Jwk {
        common: CommonParameters { key_algorithm: Some(KeyAlgorithm::RS256), ..CommonParameters::default() },
        algorithm: AlgorithmParameters::RSA(RSAKeyParameters {
            key_type: RSAKeyType::RSA,
            n: URL_SAFE_NO_PAD.encode(key.n().to_bytes_be()),
            e: URL_SAFE_NO_PAD.encode(key.e().to_bytes_be()),
        }),
    };
    Some((signing, public))
}

impl Keys {
    pub(super) fn new(token_seconds: i64) -> Self {
        signature::install();
        Self { token_seconds, keys: Vec::new(), made: 0, next: None }
    }

    fn add(&mut self, at: i64, (signing, mut public): Pair) {
        self.made += 1;
        let id = format!("key-{}", self.made);
        public.common.key_id = Some(id.clone());
        public.common.public_key_use = Some(jsonwebtoken::jwk::PublicKeyUse::Signature);
        if let Some(last) = self.keys.last_mut() {
            last.replaced = Some(at);
        }
        self.keys.push(Key { id, made: at, replaced: None, signing, public });
    }

    /// Adds the first key, or replaces a key that is too old, and drops keys whose tokens have expired.
    ///
    /// An old key signs until the next one is generated, so that no request waits for it.
    fn turn(&mut self) {
        let at = now().as_second();
        let old = self.keys.last().map(|key| at - key.made >= self.token_seconds * LIVES);
        match (old, self.next.as_ref().map(Receiver::try_recv)) {
            (None, _) => {
                if let Some(first) = first() {
                    self.add(at, first);
                }
            }
            (_, Some(Ok(pair))) => {
                self.next = None;
                self.add(at, pair);
            }
            (_, Some(Err(TryRecvError::Empty))) | (Some(false), None) => {}
            (_, Some(Err(TryRecvError::Disconnected))) | (Some(true), None) => {
                let (sender, receiver) = channel();
                self.next = Some(receiver);
                std::thread::spawn(move || {
                    if let Some(pair) = generate() {
                        // The send fails only if the provider has stopped.
                        drop(sender.send(pair));
                    }
                });
            }
        }
        let kept = self.token_seconds.max(600);
        self.keys.retain(|key| key.replaced.is_none_or(|replaced| at - replaced < kept));
    }

    /// The JWK Set.
    pub(super) fn set(&mut self) -> Value {
        self.turn();
        let keys: Vec<&Jwk> = self.keys.iter().map(|key| &key.public).collect();
        json!({ "keys": keys })
    }

    /// Signs claims; an empty text where the system cannot make a key.
    pub(super) fn sign(&mut self, json_type: &str, claims: &Value) -> String {
        self.turn();
        let Some(key) = self.keys.last() else { return String::new() };
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(key.id.clone());
        header.typ = Some(json_type.to_owned());
        jsonwebtoken::encode(&header, claims, &key.signing).unwrap_or_default()
    }

    /// The claims of an access token, if it is one of this provider, for this audience, and has not expired.
    ///
    /// # Errors
    /// If the token is not valid.
    pub(super) fn verified(
        &mut self,
        token: &str,
        issuer: &str,
        audience: &str,
        faults: &Faults,
    ) -> jsonwebtoken::errors::Result<Map<String, Value>> {
        let invalid = || jsonwebtoken::errors::Error::from(jsonwebtoken::errors::ErrorKind::InvalidToken);
        if faults.has(Fault::TokenAlgNoneAccepted) && claims_of_unsigned(token) {
            return jsonwebtoken::dangerous::insecure_decode::<Map<String, Value>>(without_algorithm(token))
                .map(|data| data.claims);
        }
        if faults.has(Fault::TokenSignatureIgnored) {
            let data = jsonwebtoken::dangerous::insecure_decode::<Map<String, Value>>(token)?;
            let ours = data.claims.get("aud").and_then(Value::as_str) == Some(audience);
            return if ours { Ok(data.claims) } else { Err(invalid()) };
        }
        let header = jsonwebtoken::decode_header(token)?;
        let kid = header.kid.ok_or_else(invalid)?;
        let key = self.keys.iter().find(|key| key.id == kid).ok_or_else(invalid)?;
        let mut validation = Validation::new(Algorithm::RS256);
        validation.leeway = 0;
        validation.validate_exp = !faults.has(Fault::TokenExpiryIgnored);
        validation.set_issuer(&[issuer]);
        if faults.has(Fault::TokenAudienceIgnored) {
            validation.validate_aud = false;
        } else {
            validation.set_audience(&[audience]);
            validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        }
        let data =
            jsonwebtoken::decode::<Map<String, Value>>(token, &DecodingKey::from_jwk(&key.public)?, &validation)?;
        Ok(data.claims)
    }
}

/// `true` if the header of a token has `alg` none.
fn claims_of_unsigned(token: &str) -> bool {
    let header = token.split('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let header = header.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok()).unwrap_or_default();
    header.get("alg").and_then(Value::as_str).is_some_and(|alg| alg.eq_ignore_ascii_case("none"))
}

/// The token with a header that the decoder reads.
fn without_algorithm(token: &str) -> String {
    let rest = token.split_once('.').map_or("", |(_, rest)| rest);
    format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#), rest)
}

/// A token of the first key with other claims; `None` where it is none.
pub(in crate::sandbox) fn sign_again(token: &str, claims: &Value) -> Option<String> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    let (signing, _) = first()?;
    jsonwebtoken::encode(&header, claims, &signing).ok()
}

/// Unsigned claims.
pub(super) fn unsigned(claims: &Value) -> String {
    format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// A token whose signature is another one.
pub(super) fn broken(token: &str) -> String {
    let (body, signature) = token.rsplit_once('.').unwrap_or((token, ""));
    let turned: String = signature.chars().rev().collect();
    format!("{body}.{turned}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_key_is_the_same_everywhere_and_no_later_one_is() {
        let [one, other] = [Keys::new(60).set(), Keys::new(60).set()];
        assert!(one["keys"][0]["n"].as_str().is_some_and(|modulus| modulus.len() == KEY_BITS.div_ceil(6)), "{one}");
        assert_eq!(one, other);
        let mut keys = Keys::new(60);
        keys.turn();
        keys.add(0, generate().unwrap());
        let set = keys.set();
        assert_ne!(set["keys"][0]["n"], set["keys"][1]["n"]);
    }
}
