//! Starting and stopping.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use crate::error::{Error, ErrorKind};
use crate::vocabulary::OpportunityType;

use super::alteration::{AlterationOptions, Layer, alter};
use super::churn::turn;
use super::database::Database;
use super::faults::Faults;
use super::headers::{CLIENT_HEADER, CLIENTS, SELLER_HEADER};
use super::http::handle;
use super::identity::{Identity, IdentityOptions, PARTNERS, USERS};
use super::seed::{Furnishing, Stocked, seed, stock};
use super::seller::Seller;
use super::shared::Shared;
use super::store::{Store, StoreOptions};
use super::switches::{Switch, Switches};
use super::variants::{Variant, Variants, base_path, fill};

/// How a sandbox is started.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// The port; 0 for any that is free.
    pub port: u16,
    /// The optional features that are on.
    pub switches: Switches,
    /// The faults that are on.
    pub faults: Faults,
    /// The designs that it has instead of its own.
    pub variants: Variants,
    /// Whether it serves the Test Interface.
    pub test_interface: bool,
    /// The seed of everything random in it.
    pub seed: u64,
    /// The most items that a page of a feed has.
    pub page_size: usize,
    /// The opportunities that exist from the start.
    pub furnishing: Furnishing,
    /// The types of these.
    pub types: Vec<OpportunityType>,
    /// Number of generated opportunities, in addition to the standard ones.
    pub opportunities: u64,
    /// Opportunities of `--stock`, in addition to the standard ones.
    pub stock: Vec<Stocked>,
    /// Changes of generated opportunities per second.
    pub churn: u32,
    /// Seconds that an access token lives.
    pub token_seconds: i64,
    /// Whether the pages for logging in need JavaScript.
    pub scripted_login: bool,
    /// Milliseconds that each page of a feed takes, one page at a time over all feeds; 0 for no delay.
    pub page_ms: u64,
    /// The file in which the state is kept; in memory alone without one. What it was made with, it stays.
    pub data: Option<PathBuf>,
    /// How what passes in front of it is altered.
    pub alteration: Option<AlterationOptions>,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        Self {
            port: 0,
            switches: Switches::default(),
            faults: Faults::default(),
            variants: Variants::default(),
            test_interface: true,
            seed: 0,
            page_size: 500,
            furnishing: Furnishing::Full,
            types: OpportunityType::ALL.to_vec(),
            opportunities: 0,
            stock: Vec::new(),
            churn: 0,
            token_seconds: 15 * 60,
            scripted_login: false,
            page_ms: 0,
            data: None,
            alteration: None,
        }
    }
}

/// The options of a sandbox with its variants.
fn with_variants(options: &mut SandboxOptions) {
    let variants = options.variants.clone();
    for variant in variants.iter() {
        for (switch, on) in variant.switches() {
            options.switches.set(*switch, *on);
        }
    }
    let has = |variant| variants.has(variant);
    if has(Variant::ManyItems) {
        options.opportunities = options.opportunities.max(100_000);
    }
    if has(Variant::FeedsEmpty) {
        options.furnishing = Furnishing::Empty;
    }
    if has(Variant::FeedsInSmallPages) {
        options.page_size = 7;
    }
    if has(Variant::OpportunitiesChurning) {
        options.churn = options.churn.max(20);
    }
    if has(Variant::LeasesShort) {
        options.switches.lease_seconds = options.switches.lease_seconds.min(40);
    }
}

/// A running sandbox. It stops when this is dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    credentials: String,
    layer: Option<Arc<Layer>>,
    tasks: Vec<JoinHandle<()>>,
}

/// An error at the start, whose kind follows from that of its cause.
fn failed(what: String, cause: std::io::Error) -> Error {
    Error::new(Error::kind_of(&cause), what).source(cause)
}

/// How often opportunities change by themselves: several at a time where there are many.
const CHURN: Duration = Duration::from_millis(20);

/// Changes this number of opportunities per second.
async fn churn(shared: Shared, per_second: u32) {
    let mut ticks = tokio::time::interval(CHURN);
    let mut due = 0.0;
    loop {
        ticks.tick().await;
        due += f64::from(per_second) * CHURN.as_secs_f64();
        while due >= 1.0 {
            due -= 1.0;
            turn(&mut shared.store());
        }
    }
}

/// The credentials that are known from the start. They are the same everywhere, and protect nothing.
fn credentials(shared: &Shared) -> String {
    let store = shared.store();
    let Some(identity) = &shared.identity else {
        let sellers: Vec<String> = store.sellers.iter().map(Seller::id).collect();
        return format!(
            "Credentials    {CLIENT_HEADER}: {}\n               {SELLER_HEADER}: {}\n",
            CLIENTS.join(" or "),
            sellers.join(" or ")
        );
    };
    let mut text = format!("OpenID         {}\n", identity.issuer);
    for partner in PARTNERS {
        let known = match (partner.initial_access_token, partner.credentials) {
            (Some(token), _) => format!("registers with the initial access token {token}"),
            (None, Some((id, secret))) => format!("is the client {id} with the secret {secret}"),
            (None, None) => continue,
        };
        text.push_str(&format!("               {} {known}\n", partner.name));
    }
    for (name, number) in USERS {
        if let Some(seller) = store.sellers.iter().find(|seller| seller.number == *number) {
            text.push_str(&format!("               {} logs in as {name} with the password {name}\n", seller.name));
        }
    }
    text
}

/// How often leases are looked through for those that are over.
const SWEEP: Duration = Duration::from_millis(500);

impl Sandbox {
    /// Starts a sandbox on 127.0.0.1.
    ///
    /// # Errors
    /// If the port is not available, or the file of the state is not usable.
    pub async fn start(mut options: SandboxOptions) -> Result<Self, Error> {
        with_variants(&mut options);
        let port = options.port;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|error| failed(format!("cannot listen on port {port}"), error))?;
        let address = listener.local_addr().map_err(|error| failed("cannot read the port".to_owned(), error))?;
        let origin = format!("http://{address}");
        let in_file = |kind, cause: std::io::Error| {
            let file = options.data.as_deref().unwrap_or(Path::new("")).display();
            Error::new(kind, format!("cannot save the state in {file}")).source(cause)
        };
        let unfit = |cause| in_file(ErrorKind::Usage, cause);
        let database = options.data.as_deref().map(Database::open).transpose().map_err(unfit)?;
        let kept = database.as_ref().map(|database| database.read(&origin)).transpose().map_err(unfit)?.flatten();
        let mut store = Store::new(StoreOptions {
            base: format!("{origin}{}", base_path(&options.variants)),
            switches: options.switches,
            faults: options.faults,
            variants: options.variants.clone(),
            seed: options.seed,
            generated: options.opportunities,
            kept: database.is_some(),
        });
        match kept {
            Some(kept) => store.restore(kept),
            None => {
                seed(&mut store, options.furnishing, &options.types);
                stock(&mut store, &options.stock);
                fill(&mut store);
            }
        }
        store.live = true;
        let identity = store.switches.has(Switch::OpenIdAuthentication).then(|| {
            Arc::new(Identity::new(IdentityOptions {
                origin: origin.clone(),
                audience: store.base.clone(),
                switches: store.switches.clone(),
                faults: store.faults.clone(),
                sellers: store.sellers.clone(),
                token_seconds: options.token_seconds.max(1),
                scripted: options.scripted_login,
                variants: options.variants.clone(),
            }))
        });
        let shared = Shared {
            identity,
            store: Arc::new(Mutex::new(store)),
            origin: Arc::from(origin),
            test_interface: options.test_interface,
            page_size: options.page_size.max(1),
            page_time: Duration::from_millis(options.page_ms),
            pages: Arc::default(),
            asked_for_b: Arc::default(),
            variants: Arc::new(options.variants.clone()),
            wire: Arc::default(),
            database: database.clone(),
        };
        let credentials = credentials(&shared);
        let changing = shared.clone();
        let changes = move || changing.store().take_changes(&changing.origin);
        let writer = database.map(|database| tokio::spawn(database.follow(changes)));
        shared.kept().await.map_err(|reason| in_file(ErrorKind::Internal, std::io::Error::other(reason)))?;
        let (sweeping, living) = (shared.clone(), shared.clone());
        let plain =
            [Variant::BodiesUncompressed, Variant::BodiesChunked].into_iter().any(|one| options.variants.has(one));
        let app = Router::new().fallback(handle).with_state(shared);
        let layer = options.alteration.map(|options| Arc::new(Layer::new(options)));
        let app = match &layer {
            Some(layer) => app.layer(from_fn_with_state(Arc::clone(layer), alter)),
            None => app,
        };
        let app = if plain { app } else { app.layer(CompressionLayer::new().quality(CompressionLevel::Fastest)) };
        let listener = listener.tap_io(|stream| {
            // Without it, small responses wait for acknowledgements. A stream that refuses is slower, not wrong.
            let _ = stream.set_nodelay(true);
        });
        let server = tokio::spawn(async move {
            // Accepting connections goes on until the task is aborted.
            let _ = axum::serve(listener, app).await;
        });
        let sweeper = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(SWEEP);
            loop {
                ticks.tick().await;
                // Taking the store ends them.
                drop(sweeping.store());
                // If this fails, the next request reports it.
                let _ = sweeping.kept().await;
            }
        });
        let churning = (options.churn > 0).then(|| tokio::spawn(churn(living, options.churn)));
        Ok(Self {
            address,
            credentials,
            layer,
            tasks: [server, sweeper].into_iter().chain(writer).chain(churning).collect(),
        })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The credentials for a terminal, a line each.
    #[must_use]
    pub fn credentials(&self) -> String {
        self.credentials.clone()
    }

    /// How many exchanges were altered in front of it.
    #[must_use]
    pub fn alterations(&self) -> u64 {
        self.layer.as_ref().map_or(0, |layer| layer.made())
    }

    /// The URL of its dataset site.
    #[must_use]
    pub fn dataset_site(&self) -> String {
        format!("http://{}/openactive/", self.address)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}
