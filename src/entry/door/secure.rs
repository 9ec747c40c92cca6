//! TLS: what the door shows of the centre's certificate.

use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, UdpSocket};
use std::sync::{Arc, PoisonError, RwLock};

use rocket::tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

use crate::app::App;
use crate::base::config::Config;
use crate::base::outcome;
use crate::machinery::keys::{self, Tls};

/// The first byte of TLS: a handshake record (RFC 8446, 5.1). No HTTP begins with it.
pub(super) const HANDSHAKE: u8 = 0x16;

/// The certificate that the door shows. Clones share it.
#[derive(Clone)]
pub struct Secure(Arc<RwLock<TlsAcceptor>>);

impl Secure {
    /// Takes a key and its certificate: TLS 1.2 and 1.3, with HTTP/1.1 inside.
    ///
    /// # Errors
    /// Of the kind `InvalidInput` when the two are none, or do not belong together.
    pub fn new(tls: &Tls) -> io::Result<Secure> {
        Ok(Secure(Arc::new(RwLock::new(acceptor(tls)?))))
    }

    /// What the door of this house must show; nothing on loopback, where plain HTTP is spoken.
    ///
    /// # Errors
    /// Those of [`Keys::tls`](crate::machinery::keys::Keys::tls).
    pub fn of(app: &App) -> outcome::Result<Option<Secure>, keys::Refused> {
        if !app.config.speaks_tls() {
            return Ok(None);
        }
        let tls = app.keys.tls(&names(&app.config), &app.clock)?;
        Ok(Some(Secure::new(&tls)?))
    }

    /// Shows another certificate to whoever comes from now on.
    ///
    /// # Errors
    /// As [`Secure::new`]; then the earlier one stays.
    pub fn renew(&self, tls: &Tls) -> io::Result<()> {
        let next = acceptor(tls)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let acceptor = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        acceptor.accept(stream).await
    }
}

/// Tells nothing of the key.
impl std::fmt::Debug for Secure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secure").finish_non_exhaustive()
    }
}

/// What browsers may call the house: the names that are set, and its address. On every network it
/// is called by this machine's own names, too.
fn names(config: &Config) -> Vec<String> {
    let mut names = config.tls_names.clone();
    if config.address.is_unspecified() {
        names.extend(["localhost".into(), "127.0.0.1".into()]);
        names.extend(host_name());
        names.extend(address_on_lan());
    } else {
        names.push(config.address.to_string());
    }
    let mut seen = BTreeSet::new();
    names.retain(|it| seen.insert(it.to_lowercase()));
    names
}

fn host_name() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    let name = name.trim();
    let may_stand = |it: u8| it.is_ascii_alphanumeric() || b".-".contains(&it);
    (!name.is_empty() && name.bytes().all(may_stand)).then(|| name.to_owned())
}

/// This machine's address on its network. Nothing is sent: connecting a datagram socket only asks
/// by which address it would go out.
fn address_on_lan() -> Option<String> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // TEST-NET-1 (RFC 5737): nobody's.
    socket.connect(("192.0.2.1", 9)).ok()?;
    Some(socket.local_addr().ok()?.ip().to_string())
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

#[cfg(test)]
mod tests {
    use super::names;
    use crate::base::config::Config;

    #[test]
    fn the_certificate_carries_what_browsers_may_type() {
        let config = |address: &str| Config {
            address: address.parse().unwrap(),
            tls_names: vec!["kaoshi.lan".into(), "192.168.1.20".into(), "KAOSHI.lan".into()],
            ..Config::default()
        };
        assert_eq!(names(&config("192.168.1.20")), ["kaoshi.lan", "192.168.1.20"]);
        let everywhere = names(&config("0.0.0.0"));
        assert_eq!(everywhere[..3], ["kaoshi.lan", "192.168.1.20", "localhost"]);
        assert!(!everywhere.iter().any(|it| it == "0.0.0.0"));
    }
}
