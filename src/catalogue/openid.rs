//! What steps do with an OpenID provider, and in how many ways a client could misbehave.

use crate::vocabulary::named_enumeration as named;

named! {
    /// Which client of the OpenID provider a test goes on as.
    "client"
    pub enum ClientChoice {
        /// That of `broker.bookingPartners.primary`.
        Primary = "primary",
        /// `integrationTests.bookingPartnersForSpecificTests.authorizationPersisted`
        AuthorizationPersisted = "authorization-persisted",
    }
}

named! {
    /// Which Booking Partner registers itself.
    "registering Booking Partner"
    pub enum Registrant {
        /// `integrationTests.bookingPartnersForSpecificTests.dynamicPrimary`
        DynamicPrimary = "dynamic-primary",
        /// `integrationTests.bookingPartnersForSpecificTests.dynamicSecondary`
        DynamicSecondary = "dynamic-secondary",
    }
}

impl Registrant {
    /// The key in the configuration.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::DynamicPrimary => "dynamicPrimary",
            Self::DynamicSecondary => "dynamicSecondary",
        }
    }
}

named! {
    /// How a client registers.
    "registration"
    pub enum RegistrationTemplate {
        /// As it should.
        Standard = "standard",
        /// With an initial access token that nobody was given.
        WithWrongToken = "with-wrong-token",
        /// Without an initial access token.
        WithoutToken = "without-token",
        /// For authorization codes, without a redirect URI.
        WithoutRedirectUris = "without-redirect-uris",
    }
}

named! {
    /// How a client asks for a token by its own credentials.
    "grant"
    pub enum GrantTemplate {
        /// As it should.
        Standard = "standard",
        /// With another secret.
        WithWrongSecret = "with-wrong-secret",
    }
}

named! {
    /// How a Seller is asked for authorization.
    "authorization"
    pub enum AuthorizationTemplate {
        /// For everything that a Booking Partner needs.
        Standard = "standard",
        /// For the identity of the Seller only.
        IdentityOnly = "identity-only",
        /// With a redirect URI that was not registered.
        WithOtherRedirectUri = "with-other-redirect-uri",
        /// With `code_challenge_method` plain, where the provider does not say that it has it.
        WithPlainChallenge = "with-plain-challenge",
    }
}

named! {
    /// Whether a Seller must be asked for consent.
    "consent"
    pub enum Consent {
        /// It may be.
        Any = "any",
        /// It must be.
        Asked = "asked",
        /// It must not be: it has been given before.
        Remembered = "remembered",
    }
}

named! {
    /// How an authorization code is redeemed that must not be.
    "redemption"
    pub enum RedemptionTemplate {
        /// A second time.
        Twice = "twice",
        /// With another `code_verifier`.
        WithWrongVerifier = "with-wrong-verifier",
        /// Without `code_verifier`.
        WithoutVerifier = "without-verifier",
        /// With a `code_verifier`, though the request had no `code_challenge`.
        WithoutChallenge = "without-challenge",
        /// With another `redirect_uri`.
        WithOtherRedirectUri = "with-other-redirect-uri",
        /// By another client.
        ByAnotherClient = "by-another-client",
    }
}

named! {
    /// How tokens are renewed.
    "renewal"
    pub enum RefreshTemplate {
        /// As they should.
        Standard = "standard",
        /// By another client.
        ByAnotherClient = "by-another-client",
    }
}

named! {
    /// A token that must open nothing.
    "token"
    pub enum TokenFlaw {
        /// Something that never was a token.
        Nonsense = "nonsense",
        /// The token, with another signature.
        WrongSignature = "wrong-signature",
        /// The token, with a header that says that nobody signed it.
        Unsigned = "unsigned",
        /// An ID token, which is for somebody else.
        IdToken = "id-token",
        /// A token that is for feeds of Orders only.
        FeedScope = "feed-scope",
        /// A token whose time is over.
        Expired = "expired",
    }
}

named! {
    /// Who reads a feed of Orders.
    "reader"
    pub enum FeedReader {
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

/// What a step does with an OpenID provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpenIdAct {
    /// Discovery.
    Discover,
    /// Dynamic client registration.
    Register(Registrant, RegistrationTemplate),
    /// The client that the test goes on as.
    Client(ClientChoice),
    /// Client credentials.
    ClientCredentials(GrantTemplate),
    /// The authorization code flow.
    Authorize(AuthorizationTemplate, Consent),
    /// A code redeemed as it must not be.
    Redeem(RedemptionTemplate),
    /// The refresh token.
    Refresh(RefreshTemplate),
    /// C1 with a token that must open nothing.
    Present(TokenFlaw),
    /// The Orders feed, by itself.
    ReadFeed(FeedReader),
}

impl OpenIdAct {
    /// The word that a feature file uses for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Discover => "discover",
            Self::Register(..) => "register",
            Self::Client(_) => "client",
            Self::ClientCredentials(_) => "client-credentials",
            Self::Authorize(..) => "authorize",
            Self::Redeem(_) => "redeem",
            Self::Refresh(_) => "refresh",
            Self::Present(_) => "present",
            Self::ReadFeed(_) => "read-feed",
        }
    }

    /// What it is called in reports.
    #[must_use]
    pub fn title(self) -> String {
        let with = |what: &str, template: &str| match template {
            "standard" => what.to_owned(),
            other => format!("{what} {}", other.replace('-', " ")),
        };
        match self {
            Self::Discover => "Discovery".to_owned(),
            Self::Register(_, template) => with("Registration", template.name()),
            Self::Client(_) => "Client".to_owned(),
            Self::ClientCredentials(template) => with("Client credentials", template.name()),
            Self::Authorize(template, _) => with("Authorization", template.name()),
            Self::Redeem(template) => with("Code redeemed", template.name()),
            Self::Refresh(template) => with("Refresh", template.name()),
            Self::Present(flaw) => format!("C1 with a token that is {}", flaw.what()),
            Self::ReadFeed(reader) => format!("Orders feed {}", reader.what()),
        }
    }

    /// What is done, in one line.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::Discover => "read the discovery document of the OpenID provider, and its keys".to_owned(),
            Self::Register(who, RegistrationTemplate::Standard) => {
                format!("register a client with the initial access token of {}", who.key())
            }
            Self::Register(_, template) => {
                format!("register a client {}, which must be refused", template.name().replace('-', " "))
            }
            Self::Client(choice) => format!("go on as the client of the {choice} Booking Partner"),
            Self::ClientCredentials(GrantTemplate::Standard) => {
                "get a token for the Orders feeds by client credentials".to_owned()
            }
            Self::ClientCredentials(GrantTemplate::WithWrongSecret) => {
                "ask for a token with another client secret, which must be refused".to_owned()
            }
            Self::Authorize(template, consent) => {
                let mut words = match template {
                    AuthorizationTemplate::Standard => {
                        "let the Seller authorize the client, redeem the code with PKCE, and verify the ID token".to_owned()
                    }
                    AuthorizationTemplate::IdentityOnly => {
                        "let the Seller authorize the client to know who it is, and verify the ID token".to_owned()
                    }
                    AuthorizationTemplate::WithOtherRedirectUri => {
                        "ask for authorization with a redirect URI that was not registered, which nobody must be sent to".to_owned()
                    }
                    AuthorizationTemplate::WithPlainChallenge => {
                        "ask for authorization with a plain code_challenge, which must be refused unless the provider says that \
                         it has it".to_owned()
                    }
                };
                words.push_str(match consent {
                    Consent::Any => "",
                    Consent::Asked => "; the Seller must be asked for consent",
                    Consent::Remembered => "; the Seller must not be asked for consent again",
                });
                words
            }
            Self::Redeem(template) => {
                let how = match template {
                    RedemptionTemplate::Twice => "a second time",
                    RedemptionTemplate::WithWrongVerifier => "with another code_verifier",
                    RedemptionTemplate::WithoutVerifier => "without code_verifier",
                    RedemptionTemplate::WithoutChallenge => {
                        "with a code_verifier, though the request had no code_challenge"
                    }
                    RedemptionTemplate::WithOtherRedirectUri => "with another redirect_uri",
                    RedemptionTemplate::ByAnotherClient => "by another client",
                };
                format!("redeem an authorization code {how}, which must be refused")
            }
            Self::Refresh(RefreshTemplate::Standard) => "renew the tokens with the refresh token".to_owned(),
            Self::Refresh(RefreshTemplate::ByAnotherClient) => {
                "use the refresh token as another client, which must be refused".to_owned()
            }
            Self::Present(flaw) => format!("C1 with a token that is {}, which must be refused", flaw.what()),
            Self::ReadFeed(FeedReader::OwnToken) => "read the Orders feed with the token".to_owned(),
            Self::ReadFeed(reader) => format!("read the Orders feed {}, which must be refused", reader.what()),
        }
    }

    /// Every word, with what it does.
    pub const WORDS: &[(&'static str, &'static str)] = &[
        ("discover", "read the discovery document of the OpenID provider"),
        ("register", "register a client with an initial access token; `how` it is done"),
        ("client", "go on as a client that is known"),
        ("client-credentials", "get a token for the Orders feeds"),
        ("authorize", "let the Seller authorize the client; whether `consent` must be asked for"),
        ("redeem", "redeem an authorization code as it must not be"),
        ("refresh", "renew the tokens"),
        ("present", "C1 with a token that must open nothing"),
        ("read-feed", "read the first page of the Orders feed by itself"),
    ];
}

impl TokenFlaw {
    /// What is wrong with it, in words.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::Nonsense => "none",
            Self::WrongSignature => "signed wrongly",
            Self::Unsigned => "not signed",
            Self::IdToken => "an ID token",
            Self::FeedScope => "for feeds of Orders only",
            Self::Expired => "expired",
        }
    }
}

impl FeedReader {
    /// With what it reads, in words.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::OwnToken => "with the token",
            Self::Nobody => "without credentials",
            Self::Nonsense => "with a token that is none",
            Self::SellerToken => "with a token that acts for a Seller",
        }
    }
}
