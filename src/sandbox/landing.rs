//! The page at the root: what is running, for a person to look at.

use super::faults::Fault;
use super::feed::OpportunityFeedName;
use super::headers::{CLIENT_HEADER, CLIENTS, SELLER_HEADER};
use super::identity::{PARTNERS, USERS};
use super::shared::Shared;
use super::store::Store;
use super::switches::Switch;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1c2430}\
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid #d5dbe3}\
table{border-collapse:collapse}td,th{text-align:left;padding:.2rem 1.2rem .2rem 0;vertical-align:top}\
code{font-size:.9em;background:#f0f3f7;padding:.1em .3em;border-radius:3px}.off{color:#9a3412}.on{color:#166534}\
ul.names{columns:2;padding-left:1.2rem}p.note{color:#5b6675}";

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn link(url: &str, text: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escape(url), escape(text))
}

fn row(cells: &[String]) -> String {
    let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
    format!("<tr>{cells}</tr>\n")
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// The page.
pub(super) fn page(store: &Store, shared: &Shared) -> String {
    let origin = &shared.origin;
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Sandbox Booking</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>Sandbox Booking</h1>\n\
         <p class=\"note\">The booking system that is built into oa-test {}. Nothing here exists.</p>\n<table>\n",
        env!("CARGO_PKG_VERSION")
    );
    let interface =
        if shared.test_interface { code(&format!("{}/test-interface", store.base)) } else { "not served".to_owned() };
    page.push_str(&row(&["Dataset site".to_owned(), link(&format!("{origin}/openactive/"), "/openactive/")]));
    page.push_str(&row(&["Open Booking API".to_owned(), code(&store.base)]));
    page.push_str(&row(&["Test Interface".to_owned(), interface]));
    page.push_str("</table>\n<h2>Sellers</h2>\n<table>\n");
    for seller in &store.sellers {
        page.push_str(&row(&[escape(seller.name), code(&seller.id())]));
    }
    page.push_str("</table>\n<h2>Credentials</h2>\n<table>\n");
    match &shared.identity {
        Some(identity) => {
            page.push_str(&row(&["OpenID provider".to_owned(), code(&identity.issuer), String::new()]));
            for partner in PARTNERS {
                let known = match (partner.initial_access_token, partner.credentials) {
                    (Some(token), _) => format!("initial access token {}", code(token)),
                    (None, Some((id, secret))) => format!("client {} with secret {}", code(id), code(secret)),
                    (None, None) => String::new(),
                };
                page.push_str(&row(&["Booking Partner".to_owned(), escape(partner.name), known]));
            }
            for (name, number) in USERS {
                let seller = store.sellers.iter().find(|seller| seller.number == *number);
                let Some(seller) = seller else { continue };
                let login = format!("logs in as {} with password {}", code(name), code(name));
                page.push_str(&row(&["Seller".to_owned(), escape(seller.name), login]));
            }
        }
        None => {
            let partners = code(&format!("{CLIENT_HEADER}: {}", CLIENTS.join(" or ")));
            page.push_str(&row(&["Booking Partner".to_owned(), partners]));
            page.push_str(&row(&["Seller".to_owned(), code(&format!("{SELLER_HEADER}: an identifier above"))]));
        }
    }
    page.push_str("</table>\n<h2>Feeds</h2>\n<ul class=\"names\">\n");
    for feed in OpportunityFeedName::ALL {
        let path = format!("/feeds/{}", feed.path());
        page.push_str(&format!("<li>{}</li>\n", link(&format!("{origin}{path}"), &path)));
    }
    page.push_str("</ul>\n<h2>Switches</h2>\n<ul class=\"names\">\n");
    for switch in Switch::ALL {
        let state = if store.switches.has(*switch) { "on" } else { "off" };
        let (name, summary) = (switch.name(), escape(switch.summary()));
        page.push_str(&format!("<li title=\"{summary}\"><span class=\"{state}\">{state}</span> {name}</li>\n"));
    }
    page.push_str("</ul>\n<h2>Faults</h2>\n");
    let faults: Vec<&Fault> = Fault::ALL.iter().filter(|fault| store.faults.has(**fault)).collect();
    if faults.is_empty() {
        page.push_str("<p>None: it behaves as well as it can.</p>\n");
    } else {
        page.push_str("<table>\n");
        for fault in faults {
            page.push_str(&row(&[code(fault.name()), escape(fault.summary())]));
        }
        page.push_str("</table>\n");
    }
    page.push_str("</body>\n</html>\n");
    page
}
