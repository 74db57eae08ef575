//! What opens the door: codes, passes, channels.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::opportunity::Attendance;
use super::switches::{Switch, Switches};

/// The access details of an OrderItem.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Access {
    /// `accessCode`
    pub(super) codes: Vec<Value>,
    /// `accessPass`
    pub(super) passes: Vec<Value>,
    /// `accessChannel`
    pub(super) channel: Option<Value>,
}

fn digits(rng: &mut ChaCha8Rng, count: usize) -> String {
    (0..count).map(|_| char::from(b'0' + rng.random_range(0..10_u8))).collect()
}

fn fresh_codes(rng: &mut ChaCha8Rng) -> Vec<Value> {
    let mut code =
        |name: &str, count: usize| json!({ "@type": "PropertyValue", "name": name, "description": digits(rng, count) });
    vec![code("Door", 6), code("Locker", 4)]
}

fn fresh_passes(rng: &mut ChaCha8Rng, switches: &Switches) -> Vec<Value> {
    let pass = digits(rng, 10);
    let url = |kind: &str| format!("https://passes.sandbox.example.org/{pass}{kind}.png");
    let mut passes = Vec::new();
    if switches.has(Switch::AccessPassImage) {
        passes.push(json!({ "@type": "ImageObject", "url": url("") }));
    }
    if switches.has(Switch::AccessPassBarcode) {
        passes.push(json!({ "@type": "Barcode", "url": url("-barcode"), "text": pass, "beta:codeType": "code128" }));
    }
    passes
}

fn fresh_channel(rng: &mut ChaCha8Rng) -> Value {
    let room = digits(rng, 10);
    json!({
        "@type": "VirtualLocation",
        "name": "Online room",
        "url": format!("https://online.sandbox.example.org/rooms/{room}"),
        "accessId": room,
        "accessCode": digits(rng, 6)
    })
}

impl Access {
    /// New details.
    pub(super) fn issue(attendance: Attendance, switches: &Switches, rng: &mut ChaCha8Rng) -> Self {
        let mut access = Self::default();
        if attendance != Attendance::Online {
            if switches.has(Switch::AccessCode) {
                access.codes = fresh_codes(rng);
            }
            access.passes = fresh_passes(rng, switches);
        }
        if attendance != Attendance::Offline && switches.has(Switch::AccessChannel) {
            access.channel = Some(fresh_channel(rng));
        }
        access
    }

    /// New codes instead of the old ones, where there are any.
    pub(super) fn new_codes(&mut self, rng: &mut ChaCha8Rng) {
        let old = self.codes.clone();
        while !old.is_empty() && self.codes == old {
            self.codes = fresh_codes(rng);
        }
    }

    /// New passes instead of the old ones, where there are any.
    pub(super) fn new_passes(&mut self, switches: &Switches, rng: &mut ChaCha8Rng) {
        let old = self.passes.clone();
        while !old.is_empty() && self.passes == old {
            self.passes = fresh_passes(rng, switches);
        }
    }

    /// A new channel instead of the old one, where there is one.
    pub(super) fn new_channel(&mut self, rng: &mut ChaCha8Rng) {
        let old = self.channel.clone();
        while old.is_some() && self.channel == old {
            self.channel = Some(fresh_channel(rng));
        }
    }

    /// Puts the details into an OrderItem.
    pub(super) fn show(&self, item: &mut Map<String, Value>) {
        if !self.codes.is_empty() {
            item.insert("accessCode".to_owned(), json!(self.codes));
        }
        if !self.passes.is_empty() {
            item.insert("accessPass".to_owned(), json!(self.passes));
        }
        if let Some(channel) = &self.channel {
            item.insert("accessChannel".to_owned(), channel.clone());
        }
    }
}
