//! Designs of the provider that conform, and that differ from its usual one: no test may object to any of them.

use crate::vocabulary::named_enumeration as named;

/// Declares the designs: name, identifier, and what it does.
macro_rules! designs {
    ($( $design:ident = $id:literal, $summary:literal; )+) => {
        named! {
            /// A conforming design of the OpenID provider.
            "provider design"
            pub enum ProviderDesign {
                $( #[doc = $summary] $design = $id, )+
            }
        }

        impl ProviderDesign {
            /// What it does, in one line.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self { $( Self::$design => $summary, )+ }
            }
        }
    };
}

designs! {
    CodeReplayRevokesGrant = "code-replay-revokes-grant",
        "a code that is redeemed twice revokes all tokens and the consent of its client for the Seller";
    OfflineNeedsPrompt = "offline-needs-prompt", "refresh tokens come with prompt=consent only";
    ScopesStrict = "scopes-strict", "clients register for scopes of scopes_supported only, and request those that they registered for";
    IdentityScopeMissing = "identity-scope-missing", "the scope openactive-identity does not exist";
    ClientSecretPostOnly = "client-secret-post-only", "clients authenticate by client_secret_post only";
    ExpiresInMissing = "expires-in-missing", "token responses do not include expires_in";
    UnneededMembersOdd = "unneeded-members-odd", "members that no client needs have odd types";
    ChallengeMethodsUnpublished = "challenge-methods-unpublished",
        "code_challenge_methods_supported is not published, and plain is accepted";
    ErrorPagesStatus200 = "error-pages-status-200", "error pages of the authorization endpoint have HTTP 200";
    LoginBesideSignUp = "login-beside-sign-up", "the login page begins with a form for signing up";
    LoginBesideBanner = "login-beside-banner", "the login page begins with a form for cookies, with the same button";
    LoginBase = "login-base", "links of the login page are relative to its base";
    LoginRefresh = "login-refresh", "a page that refreshes itself leads to the login page";
    LoginRejectedStatus401 = "login-rejected-status-401", "a login that is not accepted returns HTTP 401";
    ConsentNamesUser = "consent-names-user", "the consent page has a hidden input with the username";
    ConsentOffersOtherUser = "consent-offers-other-user", "the consent page has a form for logging in as somebody else";
}
