//! Signing keys, which are replaced as time goes by, and the tokens that they sign.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, CommonParameters, Jwk, KeyAlgorithm, RSAKeyParameters, RSAKeyType};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ring::rsa::{KeyPair, PublicKeyComponents};
use serde_json::{Map, Value, json};

use crate::sandbox::clock::now;
use crate::sandbox::faults::{Fault, Faults};

use super::signature;

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
}

/// Keys of 2,048 bits as PKCS #1, which take turns. They are the same for every sandbox, as secrets and passwords are, and protect
/// nothing: generating one takes longer than all else that a sandbox does.
const PAIRS: [&[u8]; 4] = [
    include_bytes!("key-1.der"),
    include_bytes!("key-2.der"),
    include_bytes!("key-3.der"),
    include_bytes!("key-4.der"),
];

/// The key that is made after as many others.
fn pair(after: usize) -> Option<Pair> {
    let der = PAIRS.get(after % PAIRS.len())?;
    let PublicKeyComponents::<Vec<u8>> { n, e } = KeyPair::from_der(der).ok()?.public().into();
    let public = Jwk {
        common: CommonParameters { key_algorithm: Some(KeyAlgorithm::RS256), ..CommonParameters::default() },
        algorithm: AlgorithmParameters::RSA(RSAKeyParameters {
            key_type: RSAKeyType::RSA,
            n: URL_SAFE_NO_PAD.encode(n),
            e: URL_SAFE_NO_PAD.encode(e),
        }),
    };
    Some((EncodingKey::from_rsa_der(der), public))
}

impl Keys {
    pub(super) fn new(token_seconds: i64) -> Self {
        signature::install();
        Self { token_seconds, keys: Vec::new(), made: 0 }
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
    fn turn(&mut self) {
        let at = now().as_second();
        if self.keys.last().is_none_or(|key| at - key.made >= self.token_seconds * LIVES)
            && let Some(pair) = pair(self.made)
        {
            self.add(at, pair);
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
    let (signing, _) = pair(0)?;
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
    fn every_sandbox_has_the_same_keys_in_turn() {
        let [one, other] = [Keys::new(60).set(), Keys::new(60).set()];
        assert!(one["keys"][0]["n"].as_str().is_some_and(|modulus| modulus.len() == 342), "{one}");
        assert_eq!(one, other);
        let mut keys = Keys::new(60);
        for made in 0..PAIRS.len() {
            keys.add(i64::MAX / 2, pair(made).unwrap());
        }
        let set = keys.set();
        let moduli: std::collections::HashSet<&str> =
            set["keys"].as_array().unwrap().iter().filter_map(|key| key["n"].as_str()).collect();
        assert_eq!(moduli.len(), PAIRS.len(), "{set}");
    }
}
