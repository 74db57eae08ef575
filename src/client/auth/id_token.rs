//! ID tokens: their signatures and claims.
//! <https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk};
use jsonwebtoken::{DecodingKey, DecodingKeyKind};
use ring::{digest, hmac, signature};
use serde_json::{Map, Value};

use super::failure::AuthFailure;
use super::metadata::{OddMember, brief};

/// Seconds by which clocks may differ. How far they are apart is a remark.
pub(super) const TOLERANCE: i64 = 60;

/// How a signature is verified.
enum Method {
    Rsa(&'static signature::RsaParameters),
    Curve(EllipticCurve, &'static dyn signature::VerificationAlgorithm),
    Secret(hmac::Algorithm),
}

/// An algorithm of <https://www.rfc-editor.org/rfc/rfc7518#section-3.1> whose signatures can be verified.
struct Algorithm {
    name: &'static str,
    method: Method,
    /// Of `at_hash`.
    digest: &'static digest::Algorithm,
}

const fn algorithm(name: &'static str, method: Method, digest: &'static digest::Algorithm) -> Algorithm {
    Algorithm { name, method, digest }
}

static ALGORITHMS: [Algorithm; 13] = [
    algorithm("RS256", Method::Rsa(&signature::RSA_PKCS1_2048_8192_SHA256), &digest::SHA256),
    algorithm("RS384", Method::Rsa(&signature::RSA_PKCS1_2048_8192_SHA384), &digest::SHA384),
    algorithm("RS512", Method::Rsa(&signature::RSA_PKCS1_2048_8192_SHA512), &digest::SHA512),
    algorithm("PS256", Method::Rsa(&signature::RSA_PSS_2048_8192_SHA256), &digest::SHA256),
    algorithm("PS384", Method::Rsa(&signature::RSA_PSS_2048_8192_SHA384), &digest::SHA384),
    algorithm("PS512", Method::Rsa(&signature::RSA_PSS_2048_8192_SHA512), &digest::SHA512),
    algorithm("ES256", Method::Curve(EllipticCurve::P256, &signature::ECDSA_P256_SHA256_FIXED), &digest::SHA256),
    algorithm("ES384", Method::Curve(EllipticCurve::P384, &signature::ECDSA_P384_SHA384_FIXED), &digest::SHA384),
    algorithm("EdDSA", Method::Curve(EllipticCurve::Ed25519, &signature::ED25519), &digest::SHA512),
    // RFC 9864 names the curve with the algorithm.
    algorithm("Ed25519", Method::Curve(EllipticCurve::Ed25519, &signature::ED25519), &digest::SHA512),
    algorithm("HS256", Method::Secret(hmac::HMAC_SHA256), &digest::SHA256),
    algorithm("HS384", Method::Secret(hmac::HMAC_SHA384), &digest::SHA384),
    algorithm("HS512", Method::Secret(hmac::HMAC_SHA512), &digest::SHA512),
];

/// Why an ID token is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Distrust {
    /// No key of the provider has the identifier: keys may have been replaced.
    NoKey(String),
    /// Something else.
    Failure(Box<AuthFailure>),
}

fn distrust(failure: AuthFailure) -> Distrust {
    Distrust::Failure(Box::new(failure))
}

/// What an ID token is verified against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Verification<'v> {
    /// The keys of the provider.
    pub(super) keys: &'v [Value],
    /// The issuer of the discovery document.
    pub(super) issuer: &'v str,
    /// `client_id`
    pub(super) client: &'v str,
    /// `client_secret`, with which HMACs are made.
    pub(super) secret: &'v str,
    /// The access token that came with it, whose hash is `at_hash`.
    pub(super) access_token: &'v str,
    /// Now, in seconds.
    pub(super) now: i64,
}

fn decoded(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?).ok()
}

/// A key out of the set, without the members that do not matter for signatures; `None` where it is no key for the method.
fn key_of(key: &Value, method: &Method) -> Option<DecodingKey> {
    let members: Map<String, Value> = ["kty", "crv", "x", "y", "n", "e"]
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), key.get(*name)?.clone())))
        .collect();
    let key: Jwk = serde_json::from_value(Value::Object(members)).ok()?;
    let fits = match (&key.algorithm, method) {
        (AlgorithmParameters::RSA(_), Method::Rsa(_)) => true,
        (AlgorithmParameters::EllipticCurve(key), Method::Curve(curve, _)) => key.curve == *curve,
        (AlgorithmParameters::OctetKeyPair(key), Method::Curve(curve, _)) => key.curve == *curve,
        _ => false,
    };
    if fits { DecodingKey::from_jwk(&key).ok() } else { None }
}

fn verifies(method: &Method, key: &DecodingKey, message: &[u8], signed: &[u8]) -> bool {
    match (method, key.kind()) {
        (Method::Rsa(parameters), DecodingKeyKind::RsaModulusExponent { n, e }) => {
            signature::RsaPublicKeyComponents { n, e }.verify(parameters, message, signed).is_ok()
        }
        (Method::Curve(_, algorithm), DecodingKeyKind::SecretOrDer(point)) => {
            signature::UnparsedPublicKey::new(*algorithm, point).verify(message, signed).is_ok()
        }
        _ => false,
    }
}

fn is_for_signatures(key: &Value) -> bool {
    key.get("use").and_then(Value::as_str).is_none_or(|usage| usage == "sig")
}

impl Verification<'_> {
    /// The claims of a token whose signature and claims are right.
    pub(super) fn verify(&self, token: &str) -> Result<Map<String, Value>, Distrust> {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, body, signature] = parts.as_slice() else {
            let what = if parts.len() == 5 { "`id_token` is encrypted" } else { "`id_token` is not a JSON Web Token" };
            let found = format!("{} parts", parts.len());
            return Err(distrust(AuthFailure::new(what).expected("three parts, signed", found).path("id_token")));
        };
        let unreadable =
            |part: &str| distrust(AuthFailure::new(format!("the {part} of `id_token` is not JSON")).path("id_token"));
        let Some(head) = decoded(header) else { return Err(unreadable("header")) };
        let Some(claims) = decoded(body) else { return Err(unreadable("payload")) };
        let message = format!("{header}.{body}");
        let signature = URL_SAFE_NO_PAD.decode(signature.trim_end_matches('=')).unwrap_or_default();
        let algorithm = self.signed(&head, message.as_bytes(), &signature)?;
        self.claims(&claims).map_err(distrust)?;
        if let Some(expected) = claims.get("at_hash") {
            let hash = digest::digest(algorithm.digest, self.access_token.as_bytes());
            let (half, _) = hash.as_ref().split_at(algorithm.digest.output_len() / 2);
            let own = URL_SAFE_NO_PAD.encode(half);
            if expected.as_str().map(|text| text.trim_end_matches('=')) != Some(&own) {
                let failure = AuthFailure::new("`at_hash` of the ID token is not the hash of the access token");
                return Err(distrust(failure.expected(own, brief(Some(expected))).path("at_hash")));
            }
        }
        Ok(claims)
    }

    /// The algorithm of a signature that is valid.
    fn signed(
        &self,
        head: &Map<String, Value>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<&'static Algorithm, Distrust> {
        let name = head.get("alg").and_then(Value::as_str).unwrap_or_default();
        if name.is_empty() || name.eq_ignore_ascii_case("none") {
            let found = if name.is_empty() { "nothing" } else { name };
            let failure = AuthFailure::new("the ID token is not signed").expected("RS256", found).path("alg");
            return Err(distrust(failure));
        }
        let Some(algorithm) = ALGORITHMS.iter().find(|algorithm| algorithm.name == name) else {
            // What cannot be verified here may be right all the same.
            let known = ALGORITHMS.iter().map(|algorithm| algorithm.name).collect::<Vec<_>>().join(", ");
            let failure = AuthFailure::new(format!("the ID token is signed with {name}, which oa-test cannot verify"));
            return Err(distrust(failure.expected(known, name).path("alg").blocking()));
        };
        let wrong = || {
            let failure = AuthFailure::new("the signature of the ID token is not valid");
            distrust(failure.expected(format!("a signature with {name}"), "another signature").path("id_token"))
        };
        if let Method::Secret(with) = &algorithm.method {
            let key = hmac::Key::new(*with, self.secret.as_bytes());
            return hmac::verify(&key, message, signature).map(|()| algorithm).map_err(|_| wrong());
        }
        let id = head.get("kid").and_then(Value::as_str);
        let same = |known: &str| known == name || matches!(algorithm.method, Method::Curve(EllipticCurve::Ed25519, _));
        let candidates: Vec<DecodingKey> = self
            .keys
            .iter()
            .filter(|key| id.is_none() || key.get("kid").and_then(Value::as_str) == id)
            .filter(|key| is_for_signatures(key) && key.get("alg").and_then(Value::as_str).is_none_or(same))
            .filter_map(|key| key_of(key, &algorithm.method))
            .collect();
        if candidates.is_empty() {
            let which = id.map_or_else(|| format!("a key for {name}"), |id| format!("a key for {name} with kid {id}"));
            return Err(Distrust::NoKey(which));
        }
        let valid = candidates.iter().any(|key| verifies(&algorithm.method, key, message, signature));
        if valid { Ok(algorithm) } else { Err(wrong()) }
    }

    fn claims(&self, claims: &Map<String, Value>) -> Result<(), AuthFailure> {
        let failed = |name: &str, defect: &str, expected: String| {
            AuthFailure::new(format!("`{name}` of the ID token {defect}"))
                .expected(expected, brief(claims.get(name)))
                .path(name)
        };
        let time = |name: &str| claims.get(name).and_then(Value::as_f64);
        if claims.get("iss").and_then(Value::as_str) != Some(self.issuer) {
            return Err(failed("iss", "is not the issuer of the discovery document", self.issuer.to_owned()));
        }
        if claims.get("sub").and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(failed("sub", "is missing or not a string", "a string".to_owned()));
        }
        let audience = claims.get("aud");
        let several = audience.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let named = audience.and_then(Value::as_str) == Some(self.client)
            || several.iter().any(|one| one.as_str() == Some(self.client));
        if !named {
            return Err(failed("aud", "does not include the client_id", self.client.to_owned()));
        }
        let party = claims.get("azp").filter(|party| !party.is_null());
        if party.is_some_and(|party| party.as_str() != Some(self.client)) {
            return Err(failed("azp", "is not the client_id", self.client.to_owned()));
        }
        if several.len() > 1 && party.is_none() {
            return Err(failed("azp", "is missing, although `aud` has several values", self.client.to_owned()));
        }
        let (now, tolerance) = (self.now as f64, TOLERANCE as f64);
        match time("exp") {
            None => return Err(failed("exp", "is missing or not a number", "seconds since 1970".to_owned())),
            Some(ends) if ends + tolerance <= now => {
                return Err(failed("exp", "is in the past: the ID token has expired", format!("after {}", self.now)));
            }
            Some(_) => {}
        }
        if time("iat").is_none() {
            return Err(failed("iat", "is missing or not a number", "seconds since 1970".to_owned()));
        }
        match (claims.get("nbf"), time("nbf")) {
            (Some(_), None) => Err(failed("nbf", "is not a number", "seconds since 1970".to_owned())),
            (_, Some(begins)) if begins - tolerance > now => {
                Err(failed("nbf", "is in the future: the ID token is not valid yet", format!("{} or before", self.now)))
            }
            _ => Ok(()),
        }
    }
}

/// Standard claims with other types than they should have:
/// <https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims>.
pub(super) fn odd_claims(claims: &Map<String, Value>) -> Vec<OddMember> {
    type Fits = fn(&Value) -> bool;
    let text: Fits = Value::is_string;
    let known: [(&str, &'static str, Fits); 9] = [
        ("email_verified", "true or false", Value::is_boolean),
        ("phone_number_verified", "true or false", Value::is_boolean),
        ("updated_at", "a number", Value::is_number),
        ("auth_time", "a number", Value::is_number),
        ("address", "an object", Value::is_object),
        ("name", "a string", text),
        ("email", "a string", text),
        ("locale", "a string", text),
        ("zoneinfo", "a string", text),
    ];
    let odd = known.into_iter().filter_map(|(name, expected, fits)| {
        let value = claims.get(name).filter(|value| !value.is_null() && !fits(value))?;
        Some(OddMember {
            document: "the ID token",
            path: name.to_owned(),
            expected,
            found: if value.is_string() { value.to_string() } else { brief(Some(value)) },
        })
    });
    odd.collect()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use ring::signature::{Ed25519KeyPair, KeyPair as _};
    use serde_json::{Value, json};

    use super::{Distrust, Verification, odd_claims};

    const NOW: i64 = 1_800_000_000;

    fn part(value: &Value) -> String {
        URL_SAFE_NO_PAD.encode(value.to_string())
    }

    fn claims() -> Value {
        json!({ "iss": "https://id", "sub": "seller", "aud": "us", "exp": NOW + 300, "iat": NOW })
    }

    fn signer() -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
    }

    fn token(algorithm: &str, claims: &Value) -> String {
        let message = format!("{}.{}", part(&json!({ "alg": algorithm, "kid": "one" })), part(claims));
        let signature = signer().sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }

    fn verify(token: &str) -> Result<(), String> {
        let x = URL_SAFE_NO_PAD.encode(signer().public_key().as_ref());
        let keys = [
            json!({ "kty": "EC", "crv": "P-521", "x": "AA", "y": "AA", "kid": "other" }),
            json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "one", "alg": "Ed25519", "use": "sig" }),
        ];
        let verification = Verification {
            keys: &keys,
            issuer: "https://id",
            client: "us",
            secret: "",
            access_token: "token",
            now: NOW,
        };
        match verification.verify(token) {
            Ok(_) => Ok(()),
            Err(Distrust::NoKey(which)) => Err(format!("no {which}")),
            Err(Distrust::Failure(failure)) => {
                Err(format!("{}{}", if failure.blocks { "blocked: " } else { "" }, failure.message))
            }
        }
    }

    #[test]
    fn ed25519_is_verified_under_both_of_its_names() {
        assert_eq!(verify(&token("EdDSA", &claims())), Ok(()));
        assert_eq!(verify(&token("Ed25519", &claims())), Ok(()));
        let mut other = token("Ed25519", &claims());
        other.truncate(other.len() - 8);
        other.push_str("AAAAAAAA");
        assert_eq!(verify(&other), Err("the signature of the ID token is not valid".to_owned()));
    }

    #[test]
    fn signatures_that_another_program_made_are_valid() {
        for line in include_str!("../../../fixtures/signatures.txt").lines().filter(|line| !line.starts_with('#')) {
            let [algorithm, key, message, signature] = line.split(' ').collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            let key: Value = serde_json::from_str(key).unwrap();
            let secret = key.get("k").and_then(Value::as_str).map(|k| URL_SAFE_NO_PAD.decode(k).unwrap());
            let method = &super::ALGORITHMS.iter().find(|known| known.name == algorithm).unwrap().method;
            let valid = |message: &str, signature: &[u8]| match (method, &secret) {
                (super::Method::Secret(with), Some(secret)) => {
                    let key = ring::hmac::Key::new(*with, secret);
                    ring::hmac::verify(&key, message.as_bytes(), signature).is_ok()
                }
                _ => super::verifies(method, &super::key_of(&key, method).unwrap(), message.as_bytes(), signature),
            };
            let mut signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
            assert!(valid(message, &signature), "{algorithm}");
            assert!(!valid(&format!("{message}A"), &signature), "{algorithm}: another message");
            signature[9] ^= 1;
            assert!(!valid(message, &signature), "{algorithm}: another signature");
        }
    }

    #[test]
    fn what_cannot_be_verified_is_not_failed() {
        for algorithm in ["ES512", "ES256K", "ML-DSA-44"] {
            let message = format!("blocked: the ID token is signed with {algorithm}, which oa-test cannot verify");
            assert_eq!(verify(&token(algorithm, &claims())), Err(message));
        }
        assert_eq!(verify(&token("none", &claims())), Err("the ID token is not signed".to_owned()));
        assert_eq!(verify(&token("RS256", &claims())), Err("no a key for RS256 with kid one".to_owned()));
    }

    #[test]
    fn claims_are_named() {
        let cases = [
            ("iss", json!("https://other"), "`iss` of the ID token is not the issuer"),
            ("sub", json!(7), "`sub` of the ID token is missing or not a string"),
            ("aud", json!(["them"]), "`aud` of the ID token does not include"),
            ("aud", json!(["us", "them"]), "`azp` of the ID token is missing"),
            ("azp", json!("them"), "`azp` of the ID token is not the client_id"),
            ("exp", json!(NOW - 61), "`exp` of the ID token is in the past"),
            ("iat", json!("now"), "`iat` of the ID token is missing or not a number"),
            ("nbf", json!(NOW + 3600), "`nbf` of the ID token is in the future"),
            ("at_hash", json!("AAAA"), "`at_hash` of the ID token is not the hash"),
        ];
        for (name, value, message) in cases {
            let mut claims = claims();
            claims[name] = value;
            let found = verify(&token("EdDSA", &claims)).unwrap_err();
            assert!(found.starts_with(message), "{name}: {found}");
        }
        for (name, value) in [("exp", NOW - 30), ("nbf", NOW + 30)] {
            let mut claims = claims();
            claims[name] = json!(value);
            assert_eq!(verify(&token("EdDSA", &claims)), Ok(()), "clocks may differ: {name}");
        }
    }

    #[test]
    fn claims_that_nobody_needs_may_have_other_types() {
        let Value::Object(claims) = json!({ "email_verified": "true", "updated_at": "now", "name": "A" }) else {
            return;
        };
        let odd: Vec<String> =
            odd_claims(&claims).into_iter().map(|odd| format!("{} {}", odd.path, odd.found)).collect();
        assert_eq!(odd, ["email_verified \"true\"", "updated_at \"now\""]);
    }
}
