//! The Orders feed opens to whom it must, and to nobody else:
//! <https://openactive.io/open-booking-api/EditorsDraft/#orders-feed-notifications-updates-and-refunds>.

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::FeedReader;
use crate::client::auth::AuthFailure;
use crate::config::{Headers, Secret};
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::steps::answer::{Expected, object, status};
use crate::run::steps::send_with;

use super::present::refusal;
use super::{at, had, judged};

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
            match judged(run, "there is a token that acts for a Seller", token, spec) {
                Some(tokens) => bearer(&tokens.access),
                None => return,
            }
        }
    };
    let url = format!("{}/orders-rpde", run.session.booking_api);
    let response = send_with(run, &format!("Orders feed {}", reader.what()), Method::GET, &url, &headers, None).await;
    if reader != FeedReader::OwnToken {
        // Nobody at all is forbidden, whoever has a wrong token is not known, and a right one may be for something else.
        let statuses: &[u16] = if reader == FeedReader::Nonsense { &[401] } else { &[401, 403] };
        return refusal(run, &response, "the Orders feed", statuses, spec);
    }
    let expected = Expected {
        what: "the Orders feed",
        status: &[200],
        spec,
        credentials: "the token came from the OpenID provider for this feed",
        hint: None,
        beside: false,
    };
    if !status(run.log(), &response, expected) {
        return;
    }
    let Some(page) = object(run.log(), &response, expected) else { return };
    let finding = (!page.get("items").is_some_and(Value::is_array)).then(|| {
        let finding = Finding::new("the Orders feed answers with no page").expected("items", "none");
        at(finding.path("items").spec(spec), response.exchange())
    });
    run.log().check("the Orders feed answers with a page", None, finding);
}
