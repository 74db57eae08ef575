//! The Orders feed opens to whom it must, and to nobody else:
//! <https://openactive.io/open-booking-api/EditorsDraft/#orders-feed-notifications-updates-and-refunds>.

use reqwest::Method;

use crate::catalogue::FeedReader;
use crate::checks::authentication;
use crate::client::auth::AuthFailure;
use crate::config::{Headers, Secret};
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::trace::{Body, Purpose, Wanted};
use crate::vocabulary::Stage;

use super::had;

fn bearer(token: &Secret) -> Headers {
    vec![("Authorization".to_owned(), Secret::new(format!("Bearer {}", token.reveal())))]
}

/// Reads the first page.
pub(super) async fn read_feed(run: &mut CellRun, reader: FeedReader, spec: &str) {
    let headers = match reader {
        FeedReader::OwnToken => {
            let tokens = run.openid.feed_tokens.clone();
            match had(run, "a token for the feed", tokens) {
                Some(tokens) => bearer(&tokens.access),
                None => return,
            }
        }
        FeedReader::Nobody => Headers::new(),
        FeedReader::Nonsense => bearer(&Secret::new("not-a-token")),
        FeedReader::SellerToken => {
            let token = run.session.access.seller_token(run.cell.credentials, "primary").await;
            let token = token.map_err(|failure| AuthFailure { unreachable: true, ..failure });
            match run.attempt(authentication::OWN_CLIENT, token, spec) {
                Some(tokens) => bearer(&tokens.access),
                None => return,
            }
        }
    };
    let url = format!("{}/orders-rpde", run.session.booking_api);
    let call = Call::new(Stage::Auth, "the Orders feed", Method::GET, "orders-rpde")
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
    run.request_with(call, &url, &headers).await;
}
