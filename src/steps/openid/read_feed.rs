//! The Orders feed opens to whom it must, and to nobody else:
//! <https://openactive.io/open-booking-api/EditorsDraft/#orders-feed-notifications-updates-and-refunds>.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};

use crate::checks::authentication;
use crate::client::auth::AuthFailure;
use crate::config::{Headers, Secret};
use crate::steps::act::{Act, Kind, Step};
use crate::steps::call::{Call, CredentialsChoice};
use crate::steps::driver::Driver;
use crate::steps::openid::known::{begin, end, had};
use crate::steps::reading::{name, one_of};
use crate::trace::{Body, Purpose, Wanted};
use crate::vocabulary::{Stage, named_enumeration as named};

pub(in crate::steps) const KIND: Kind = Kind::valued(
    "read-feed",
    "read the first page of the Orders feed",
    |fields, _| Some(Arc::new(ReadFeed(name(fields, "read-feed")?))),
    || one_of(FeedReader::ALL),
);

named! {
    /// Who reads a feed of Orders.
    "reader"
    enum FeedReader {
        /// The Booking Partner, with the token that it has just got.
        OwnToken = "own-token",
        /// Somebody without credentials.
        Nobody = "nobody",
        /// Somebody with a token that never was one.
        Nonsense = "nonsense",
        /// The Booking Partner, with a token that acts for a Seller.
        SellerToken = "seller-token",
    }
}

impl FeedReader {
    /// With what it reads, in words.
    const fn what(self) -> &'static str {
        match self {
            Self::OwnToken => "with the token",
            Self::Nobody => "without credentials",
            Self::Nonsense => "with an unknown token",
            Self::SellerToken => "with a token of a Seller",
        }
    }
}

#[derive(Debug)]
struct ReadFeed(FeedReader);

impl Act for ReadFeed {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        format!("Orders feed {}", self.0.what())
    }

    fn sentence(&self, _rejected: bool) -> String {
        match self.0 {
            FeedReader::OwnToken => "read the Orders feed with the token".to_owned(),
            reader => format!("read the Orders feed {}, which must be rejected", reader.what()),
        }
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::Auth)
    }

    fn needs(&self) -> &'static [&'static str] {
        match self.0 {
            FeedReader::OwnToken => &["client-credentials"],
            _ => &[],
        }
    }

    fn rests_on_secrets(&self) -> bool {
        true
    }

    fn to_json(&self) -> Value {
        json!({ "open-id": { "read-feed": self.0 } })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let (http, spec) = begin(driver, self, step);
            read_feed(driver, self.0, &spec).await;
            end(driver, &http)
        })
    }
}

fn bearer(token: &Secret) -> Headers {
    vec![("Authorization".to_owned(), Secret::new(format!("Bearer {}", token.reveal())))]
}

/// Reads the first page.
async fn read_feed(driver: &mut dyn Driver, reader: FeedReader, spec: &str) {
    let headers = match reader {
        FeedReader::OwnToken => {
            let tokens = driver.kept_mut().openid().feed_tokens.clone();
            match had(driver, "a token for the feed", tokens) {
                Some(tokens) => bearer(&tokens.access),
                None => return,
            }
        }
        FeedReader::Nobody => Headers::new(),
        FeedReader::Nonsense => bearer(&Secret::new("not-a-token")),
        FeedReader::SellerToken => {
            let token = driver.access().seller_token(driver.facts().credentials, "primary").await;
            let token = token.map_err(AuthFailure::blocking);
            match driver.attempt(authentication::OWN_CLIENT, token, spec) {
                Some(tokens) => bearer(&tokens.access),
                None => return,
            }
        }
    };
    let url = format!("{}/orders-rpde", driver.facts().booking_api);
    let call = Call::new(Stage::Auth, "the Orders feed", Method::GET, "orders-rpde")
        .url(url)
        .credentials(CredentialsChoice::Headers(headers))
        .label(format!("Orders feed {}", reader.what()))
        .spec(spec);
    let call = match reader {
        FeedReader::OwnToken => call.purpose(Purpose::FeedPage).succeeds(&[200], Body::Object),
        // Nobody at all is forbidden, whoever has a wrong token is not known, and a right one may be for something else.
        FeedReader::Nonsense => call.purpose(Purpose::WrongCredentials(vec![401])).wanted(Wanted::Response),
        FeedReader::Nobody | FeedReader::SellerToken => {
            call.purpose(Purpose::WrongCredentials(vec![401, 403])).wanted(Wanted::Response)
        }
    };
    driver.request(call).await;
}
