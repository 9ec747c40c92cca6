//! TLS: what the door shows of the centre's certificate.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use rocket::tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

use crate::app::App;
use crate::base::outcome::{self, Error, Fault};
use crate::machinery::keys::{self, Tls};

/// The first byte of TLS: a handshake record (RFC 8446, 5.1). No HTTP begins with it.
pub(super) const HANDSHAKE: u8 = 0x16;

/// The certificate that the door shows. Clones share it.
#[derive(Clone)]
pub struct Secure {
    shown: Arc<RwLock<TlsAcceptor>>,
    house: Option<Arc<House>>,
}

/// Whose certificate it is, and which of them is shown.
struct House {
    app: App,
    seen: AtomicU64,
}

impl Secure {
    /// Takes a key and its certificate: TLS 1.2 and 1.3, with HTTP/1.1 inside.
    ///
    /// # Errors
    /// Of the kind `InvalidInput` when the two are none, or do not belong together.
    pub fn new(tls: &Tls) -> io::Result<Secure> {
        Ok(Secure { shown: Arc::new(RwLock::new(acceptor(tls)?)), house: None })
    }

    /// What the door of this house must show; nothing on loopback, where plain HTTP is spoken. When
    /// the house makes another certificate (`tls.renew`), that one is shown from then on.
    ///
    /// # Errors
    /// Those of [`Keys::tls`](crate::machinery::keys::Keys::tls).
    pub fn of(app: &App) -> outcome::Result<Option<Secure>, keys::Refused> {
        if !app.config.speaks_tls() {
            return Ok(None);
        }
        let tls = app.keys.tls(&keys::names(&app.config), &app.clock)?;
        let seen = AtomicU64::new(app.keys.tls_made());
        let house = Some(Arc::new(House { app: app.clone(), seen }));
        Ok(Some(Secure { house, ..Secure::new(&tls)? }))
    }

    /// Shows another certificate to whoever comes from now on.
    ///
    /// # Errors
    /// As [`Secure::new`]; then the earlier one stays.
    pub fn renew(&self, tls: &Tls) -> io::Result<()> {
        let next = acceptor(tls)?;
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    /// Two small files are read, once a year.
    fn show_latest(&self, house: &House) -> Result<(), Fault> {
        let tls = house.app.keys.tls(&keys::names(&house.app.config), &house.app.clock);
        let tls = tls.map_err(|error| match error {
            Error::Refused(why) => Fault::new(why.to_string()),
            Error::Fault(fault) => fault,
        })?;
        Ok(self.renew(&tls)?)
    }

    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        if let Some(house) = &self.house
            && house.has_another()
            && let Err(fault) = self.show_latest(house)
        {
            tracing::error!(%fault, "the door goes on showing its earlier TLS certificate");
        }
        let acceptor = self.shown.read().unwrap_or_else(PoisonError::into_inner).clone();
        acceptor.accept(stream).await
    }
}

impl House {
    /// Has another certificate been made since one was last shown? Told once.
    fn has_another(&self) -> bool {
        let made = self.app.keys.tls_made();
        self.seen.swap(made, Ordering::Relaxed) != made
    }
}

/// Tells nothing of the key.
impl std::fmt::Debug for Secure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secure").finish_non_exhaustive()
    }
}

fn acceptor(tls: &Tls) -> io::Result<TlsAcceptor> {
    let unusable = |what: String| io::Error::new(io::ErrorKind::InvalidInput, what);
    let chain: Vec<_> = CertificateDer::pem_slice_iter(tls.chain_pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| unusable(format!("the TLS certificate cannot be read: {error}")))?;
    let key = PrivateKeyDer::from_pem_slice(tls.key_pem.as_bytes())
        .map_err(|_| unusable("the TLS key cannot be read".into()))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|it| it.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| unusable(format!("TLS cannot be spoken: {error}")))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
