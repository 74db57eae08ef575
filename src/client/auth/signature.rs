//! Signatures of ID tokens, which *ring* verifies: <https://www.rfc-editor.org/rfc/rfc7518#section-3>

use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA384, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
    VerificationAlgorithm,
};
use ring::{digest, hmac};
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Pkcs1,
    Pss,
    Ecdsa,
    Ed25519,
    Hmac,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// An algorithm whose signatures can be verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Algorithm {
    /// `alg`
    pub(super) name: &'static str,
    scheme: Scheme,
    hash: Hash,
}

/// The algorithms whose signatures can be verified.
pub(super) const ALGORITHMS: [Algorithm; 13] = [
    Algorithm::new("RS256", Scheme::Pkcs1, Hash::Sha256),
    Algorithm::new("RS384", Scheme::Pkcs1, Hash::Sha384),
    Algorithm::new("RS512", Scheme::Pkcs1, Hash::Sha512),
    Algorithm::new("PS256", Scheme::Pss, Hash::Sha256),
    Algorithm::new("PS384", Scheme::Pss, Hash::Sha384),
    Algorithm::new("PS512", Scheme::Pss, Hash::Sha512),
    Algorithm::new("ES256", Scheme::Ecdsa, Hash::Sha256),
    Algorithm::new("ES384", Scheme::Ecdsa, Hash::Sha384),
    Algorithm::new("EdDSA", Scheme::Ed25519, Hash::Sha512),
    // RFC 9864 names the curve with the algorithm.
    Algorithm::new("Ed25519", Scheme::Ed25519, Hash::Sha512),
    Algorithm::new("HS256", Scheme::Hmac, Hash::Sha256),
    Algorithm::new("HS384", Scheme::Hmac, Hash::Sha384),
    Algorithm::new("HS512", Scheme::Hmac, Hash::Sha512),
];

/// A key that verifies signatures.
#[derive(Clone)]
pub(super) enum Key {
    /// An RSA key: modulus and exponent, without leading zeros.
    Rsa(Vec<u8>, Vec<u8>),
    /// A point on the curve of the algorithm.
    Point(Vec<u8>),
    /// The client secret.
    Secret(Vec<u8>),
}

impl Algorithm {
    const fn new(name: &'static str, scheme: Scheme, hash: Hash) -> Self {
        Self { name, scheme, hash }
    }

    /// Whether the client secret is the key.
    pub(super) fn is_hmac(self) -> bool {
        self.scheme == Scheme::Hmac
    }

    /// Whether a key with this `alg` may verify signatures of this algorithm.
    pub(super) fn admits(self, name: &str) -> bool {
        name == self.name || self.scheme == Scheme::Ed25519
    }

    /// The key in a member of a JSON Web Key Set; `None` for a key of another type or curve.
    pub(super) fn key(self, key: &Value) -> Option<Key> {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?.trim_end_matches('=')).ok();
        let number = |name: &str| Some(bytes(name)?.into_iter().skip_while(|byte| *byte == 0).collect::<Vec<u8>>());
        let (kind, curve, length) = match (self.scheme, self.hash) {
            (Scheme::Pkcs1 | Scheme::Pss, _) => ("RSA", None, 0),
            (Scheme::Ecdsa, Hash::Sha256) => ("EC", Some("P-256"), 32),
            (Scheme::Ecdsa, _) => ("EC", Some("P-384"), 48),
            (Scheme::Ed25519, _) => ("OKP", Some("Ed25519"), 32),
            (Scheme::Hmac, _) => return None,
        };
        if text("kty") != Some(kind) || (curve.is_some() && text("crv") != curve) {
            return None;
        }
        match self.scheme {
            Scheme::Ecdsa => {
                // Uncompressed: <https://www.secg.org/sec1-v2.pdf>, section 2.3.3
                let mut point = vec![4];
                for name in ["x", "y"] {
                    let number = number(name)?;
                    point.resize(point.len() + usize::checked_sub(length, number.len())?, 0);
                    point.extend(number);
                }
                Some(Key::Point(point))
            }
            Scheme::Ed25519 => bytes("x").map(Key::Point),
            _ => Some(Key::Rsa(number("n")?, number("e")?)),
        }
    }

    /// Whether a message has this signature.
    pub(super) fn verifies(self, key: &Key, message: &[u8], signature: &[u8]) -> bool {
        match key {
            Key::Rsa(modulus, exponent) => {
                let key = RsaPublicKeyComponents { n: modulus, e: exponent };
                key.verify(self.rsa(), message, signature).is_ok()
            }
            Key::Point(point) => UnparsedPublicKey::new(self.curve(), point).verify(message, signature).is_ok(),
            Key::Secret(secret) => {
                let algorithm = match self.hash {
                    Hash::Sha256 => hmac::HMAC_SHA256,
                    Hash::Sha384 => hmac::HMAC_SHA384,
                    Hash::Sha512 => hmac::HMAC_SHA512,
                };
                hmac::verify(&hmac::Key::new(algorithm, secret), message, signature).is_ok()
            }
        }
    }

    fn rsa(self) -> &'static RsaParameters {
        match (self.scheme, self.hash) {
            (Scheme::Pss, Hash::Sha256) => &RSA_PSS_2048_8192_SHA256,
            (Scheme::Pss, Hash::Sha384) => &RSA_PSS_2048_8192_SHA384,
            (Scheme::Pss, Hash::Sha512) => &RSA_PSS_2048_8192_SHA512,
            (_, Hash::Sha256) => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
            (_, Hash::Sha384) => &RSA_PKCS1_2048_8192_SHA384,
            (_, Hash::Sha512) => &RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        }
    }

    /// The bits that the modulus of an RSA key may have. What is beyond cannot be verified:
    /// <https://www.rfc-editor.org/rfc/rfc7518#section-3.3> wants 2048 of every key.
    fn bits(self) -> RangeInclusive<usize> {
        let least = if self.scheme == Scheme::Pkcs1 && self.hash != Hash::Sha384 { 1024 } else { 2048 };
        least..=8192
    }

    /// Why a key cannot verify anything: expected and found numbers of bits.
    pub(super) fn unfit(self, key: &Key) -> Option<(String, String)> {
        let Key::Rsa(modulus, _) = key else { return None };
        let bits = modulus.len() * 8 - modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
        let known = self.bits();
        let expected = || format!("{} to {} bits", known.start(), known.end());
        (!known.contains(&bits)).then(|| (expected(), format!("{bits} bits")))
    }

    fn curve(self) -> &'static dyn VerificationAlgorithm {
        match (self.scheme, self.hash) {
            (Scheme::Ecdsa, Hash::Sha256) => &ECDSA_P256_SHA256_FIXED,
            (Scheme::Ecdsa, _) => &ECDSA_P384_SHA384_FIXED,
            _ => &ED25519,
        }
    }

    /// The hash of an access token, the left half of which is `at_hash`.
    pub(super) fn hash(self, text: &str) -> digest::Digest {
        let algorithm = match self.hash {
            Hash::Sha256 => &digest::SHA256,
            Hash::Sha384 => &digest::SHA384,
            Hash::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::rsa::PublicKeyComponents;
    use ring::signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256,
        RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaKeyPair,
    };
    use serde_json::json;

    use super::*;

    const MESSAGE: &[u8] = b"header.payload";
    const RSA: &[u8] = include_bytes!("../../sandbox/identity/key.der");

    fn algorithm(name: &str) -> Algorithm {
        ALGORITHMS.into_iter().find(|algorithm| algorithm.name == name).unwrap()
    }

    /// A signature of [`MESSAGE`] is valid, and nothing that differs by a bit.
    fn check(name: &str, key: &Key, signature: &[u8]) {
        let algorithm = algorithm(name);
        assert!(algorithm.verifies(key, MESSAGE, signature), "{name}");
        assert!(!algorithm.verifies(key, b"header.Payload", signature), "{name}");
        let mut other = signature.to_vec();
        *other.last_mut().unwrap() ^= 1;
        assert!(!algorithm.verifies(key, MESSAGE, &other), "{name}");
        assert!(!algorithm.verifies(key, MESSAGE, &[]), "{name}");
    }

    fn rsa_key(modulus: &[u8]) -> Value {
        json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode(modulus), "e": "AQAB" })
    }

    #[test]
    fn rsa_signatures_are_verified() {
        let pair = RsaKeyPair::from_der(RSA).unwrap();
        let modulus = PublicKeyComponents::<Vec<u8>>::from(pair.public()).n;
        // Some providers write a sign.
        for key in [rsa_key(&modulus), rsa_key(&[&[0], modulus.as_slice()].concat())] {
            for (name, encoding) in [
                ("RS256", &RSA_PKCS1_SHA256 as &dyn ring::signature::RsaEncoding),
                ("RS384", &RSA_PKCS1_SHA384),
                ("RS512", &RSA_PKCS1_SHA512),
                ("PS256", &RSA_PSS_SHA256),
                ("PS384", &RSA_PSS_SHA384),
                ("PS512", &RSA_PSS_SHA512),
            ] {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(encoding, &SystemRandom::new(), MESSAGE, &mut signature).unwrap();
                check(name, &algorithm(name).key(&key).unwrap(), &signature);
            }
        }
    }

    #[test]
    fn signatures_on_curves_are_verified() {
        for (name, curve, signing) in
            [("ES256", "P-256", &ECDSA_P256_SHA256_FIXED_SIGNING), ("ES384", "P-384", &ECDSA_P384_SHA384_FIXED_SIGNING)]
        {
            let random = SystemRandom::new();
            let document = EcdsaKeyPair::generate_pkcs8(signing, &random).unwrap();
            let pair = EcdsaKeyPair::from_pkcs8(signing, document.as_ref(), &random).unwrap();
            let (x, y) = pair.public_key().as_ref().get(1..).map(|point| point.split_at(point.len() / 2)).unwrap();
            let mut key =
                json!({ "kty": "EC", "crv": curve, "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y) });
            let signature = pair.sign(&random, MESSAGE).unwrap();
            check(name, &algorithm(name).key(&key).unwrap(), signature.as_ref());
            key["crv"] = json!("P-521");
            assert!(algorithm(name).key(&key).is_none(), "a key on another curve");
        }
    }

    #[test]
    fn hmacs_are_verified() {
        for (name, kind) in [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)] {
            let signature = hmac::sign(&hmac::Key::new(kind, b"secret"), MESSAGE);
            check(name, &Key::Secret(b"secret".to_vec()), signature.as_ref());
            assert!(!algorithm(name).verifies(&Key::Secret(b"Secret".to_vec()), MESSAGE, signature.as_ref()));
        }
    }

    #[test]
    fn keys_that_say_too_little_are_no_keys() {
        for key in [
            json!(null),
            json!({ "kty": "RSA", "n": 7, "e": "AQAB" }),
            json!({ "kty": "RSA", "n": "AQAB" }),
            json!({ "kty": "oct", "k": "AQAB" }),
            json!({ "kty": "EC", "crv": "P-256", "x": "A".repeat(60), "y": "_".repeat(60) }),
        ] {
            assert!(ALGORITHMS.into_iter().all(|algorithm| algorithm.key(&key).is_none()), "{key}");
        }
    }

    #[test]
    fn keys_of_other_lengths_are_named() {
        for (name, bytes, found) in [
            ("RS256", 0, Some("0 bits")),
            ("RS256", 127, Some("1016 bits")),
            ("RS256", 128, None),
            ("RS384", 128, Some("1024 bits")),
            ("PS256", 128, Some("1024 bits")),
            ("PS256", 256, None),
            ("RS512", 1024, None),
            ("RS512", 1025, Some("8200 bits")),
        ] {
            let key = algorithm(name).key(&rsa_key(&vec![255; bytes])).unwrap();
            assert_eq!(algorithm(name).unfit(&key).map(|(_, found)| found).as_deref(), found, "{name}");
            assert!(!algorithm(name).verifies(&key, MESSAGE, &vec![1; bytes]));
        }
    }
}
