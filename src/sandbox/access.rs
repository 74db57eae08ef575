//! What opens the door: codes, passes, channels.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

/// The access details of an OrderItem.
#[derive(Debug, Clone)]
pub(super) enum Access {
    /// To a place.
    Physical {
        /// `accessCode`
        codes: Vec<Value>,
        /// `accessPass`
        passes: Vec<Value>,
    },
    /// To a virtual location.
    Virtual {
        /// `accessChannel`
        channel: Value,
    },
}

fn digits(rng: &mut ChaCha8Rng, count: usize) -> String {
    (0..count).map(|_| char::from(b'0' + rng.random_range(0..10_u8))).collect()
}

fn code(name: &str, description: String) -> Value {
    json!({ "@type": "PropertyValue", "name": name, "description": description })
}

fn fresh_codes(rng: &mut ChaCha8Rng) -> Vec<Value> {
    vec![code("Door", digits(rng, 6)), code("Locker", digits(rng, 4))]
}

impl Access {
    /// New details.
    pub(super) fn issue(online: bool, rng: &mut ChaCha8Rng) -> Self {
        if online {
            let room = digits(rng, 10);
            return Self::Virtual {
                channel: json!({
                    "@type": "VirtualLocation",
                    "name": "Online room",
                    "url": format!("https://online.sandbox.example.org/rooms/{room}"),
                    "accessId": room,
                    "accessCode": digits(rng, 6)
                }),
            };
        }
        let codes = fresh_codes(rng);
        let pass = digits(rng, 10);
        Self::Physical {
            codes,
            passes: vec![
                json!({ "@type": "ImageObject", "url": format!("https://passes.sandbox.example.org/{pass}.png") }),
                json!({
                    "@type": "Barcode",
                    "url": format!("https://passes.sandbox.example.org/{pass}-barcode.png"),
                    "text": pass,
                    "beta:codeType": "code128"
                }),
            ],
        }
    }

    /// New codes in the place of the old ones. A virtual location has none.
    pub(super) fn new_codes(&mut self, rng: &mut ChaCha8Rng) {
        if let Self::Physical { codes, .. } = self {
            let old = codes.clone();
            while *codes == old {
                *codes = fresh_codes(rng);
            }
        }
    }

    /// Puts the details into an OrderItem.
    pub(super) fn show(&self, item: &mut Map<String, Value>) {
        match self {
            Self::Physical { codes, passes } => {
                item.insert("accessCode".to_owned(), json!(codes));
                item.insert("accessPass".to_owned(), json!(passes));
            }
            Self::Virtual { channel } => {
                item.insert("accessChannel".to_owned(), channel.clone());
            }
        }
    }
}
