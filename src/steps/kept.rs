//! What the steps of a cell keep for the steps after them, besides what they saw.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use crate::client::auth::{OAuthClient, Provider, Tokens};
use crate::trace::Identity;

use super::facts::Facts;
use super::requests::{Party, uuid};
use super::template::Template;

/// What the steps of a cell keep for the steps after them, besides what they saw.
#[derive(Debug)]
pub struct Kept {
    choices: ChaCha8Rng,
    identifiers: ChaCha8Rng,
    part: PartContext,
    fetches: usize,
    dataset: Option<String>,
    openid: OpenIdState,
}

/// What a part of a cell goes by when it makes requests.
#[derive(Debug)]
pub struct PartContext {
    party: Party,
    template: Template,
    elsewhere: Vec<String>,
}

impl PartContext {
    /// Broker, customer and payment of its requests.
    #[must_use]
    pub const fn party(&self) -> &Party {
        &self.party
    }

    /// How the first request of the booking differed from the plain one.
    #[must_use]
    pub const fn template(&self) -> Template {
        self.template
    }

    /// Notes how the first request of the booking differs from the plain one.
    pub(super) const fn set_template(&mut self, template: Template) {
        self.template = template;
    }

    /// Takes the `@id`s of opportunities that are in another test dataset than the one that is used now.
    pub(super) fn take_elsewhere(&mut self) -> Vec<String> {
        std::mem::take(&mut self.elsewhere)
    }

    /// Notes `@id`s of opportunities that are in another test dataset than the one that is used from now on.
    pub(super) fn add_elsewhere(&mut self, ids: impl IntoIterator<Item = String>) {
        self.elsewhere.extend(ids);
    }
}

impl Kept {
    /// What a cell starts with: its generators of choices and of identifiers, and its first part with an Order of its own.
    #[must_use]
    pub fn new(mut choices: ChaCha8Rng, mut identifiers: ChaCha8Rng, facts: &Facts) -> (Self, Identity) {
        let (part, order) = part(&mut choices, &mut identifiers, facts);
        let openid = OpenIdState::default();
        (Self { choices, identifiers, part, fetches: 0, dataset: None, openid }, order)
    }

    /// Starts another part with an Order of its own. Returns the Order, and the part before.
    pub fn start_part(&mut self, facts: &Facts) -> (Identity, PartContext) {
        let (part, order) = part(&mut self.choices, &mut self.identifiers, facts);
        (order, std::mem::replace(&mut self.part, part))
    }

    /// Goes on with a part that was interrupted.
    pub(super) fn resume(&mut self, part: PartContext) {
        self.part = part;
    }

    /// Goes on with another Order, for another customer.
    pub(super) fn new_order(&mut self, facts: &Facts) -> Identity {
        let (part, order) = part(&mut self.choices, &mut self.identifiers, facts);
        self.part.party = part.party;
        order
    }

    /// Goes on with another customer of the Order with this UUID.
    pub(super) fn new_customer(&mut self, facts: &Facts, uuid: String) -> Identity {
        self.part.party = Party::random(&mut self.choices, &mut self.identifiers, facts.customer, facts.broker_role);
        Identity { uuid, customer: self.part.party.customer.clone() }
    }

    /// The part that is being made.
    #[must_use]
    pub const fn part(&self) -> &PartContext {
        &self.part
    }

    /// The part that is being made, to change it.
    pub(super) const fn part_mut(&mut self) -> &mut PartContext {
        &mut self.part
    }

    /// The generator of choices.
    pub(super) const fn choices(&mut self) -> &mut ChaCha8Rng {
        &mut self.choices
    }

    /// The generator of identifiers.
    pub(super) const fn identifiers(&mut self) -> &mut ChaCha8Rng {
        &mut self.identifiers
    }

    /// Counts a fetch of opportunities. Returns how many there were before.
    pub(super) const fn count_fetch(&mut self) -> usize {
        let before = self.fetches;
        self.fetches += 1;
        before
    }

    /// The test dataset in which opportunities are created, where it is not the one of the configuration.
    #[must_use]
    pub fn dataset(&self) -> Option<&str> {
        self.dataset.as_deref()
    }

    /// Chooses a test dataset that no other cell uses: an extension of this name.
    pub(super) fn choose_dataset(&mut self, name: &str) {
        let number: u64 = self.identifiers.random();
        self.dataset = Some(format!("{name}-{number:016x}"));
    }

    /// What is known of the OpenID provider.
    pub(super) const fn openid(&mut self) -> &mut OpenIdState {
        &mut self.openid
    }
}

/// A new part of a cell with an Order of its own.
fn part(choices: &mut ChaCha8Rng, identifiers: &mut ChaCha8Rng, facts: &Facts) -> (PartContext, Identity) {
    let uuid = uuid(identifiers);
    let party = Party::random(choices, identifiers, facts.customer, facts.broker_role);
    let order = Identity { uuid, customer: party.customer.clone() };
    (PartContext { party, template: Template::Standard, elsewhere: Vec::new() }, order)
}

/// What a cell knows of the OpenID provider, and of itself as its client.
#[derive(Debug, Default)]
pub(super) struct OpenIdState {
    /// The provider, once it was discovered.
    pub(super) provider: Option<Provider>,
    /// The client that the test goes on as.
    pub(super) client: Option<OAuthClient>,
    /// Whether an authorization request of the client has brought a code, so that the rejection of another one says
    /// something of what is wrong with that one.
    pub(super) authorizes: bool,
    /// The last tokens by client credentials.
    pub(super) feed_tokens: Option<Tokens>,
    /// The last tokens by the authorization of a Seller.
    pub(super) seller_tokens: Option<Tokens>,
}
