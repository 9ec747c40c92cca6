//! TLS for a LAN: a small authority of the centre's own, and certificates under the centre's names.
//!
//! A browser that trusts the authority once trusts every certificate after it. The authority can
//! vouch for any name in the world, so its key is as precious as the centre's computers are.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, ToSpan};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use zeroize::Zeroizing;

use crate::base::clock::{Clock, office_date};
use crate::base::outcome::{Error, Fault, Result, refuse};

use super::certificate::{self, Certificate};
use super::files::{self, For};
use super::{Listed, Refused, unmade};

const AUTHORITY_KEY: &str = "authority.key";
const AUTHORITY: &str = "authority.crt";
const KEY: &str = "tls.key";
const CERTIFICATE: &str = "tls.crt";
/// How long the authority serves.
const AUTHORITY_YEARS: i16 = 10;
/// How long a certificate serves. Browsers take no more than 825 days from a private authority.
const DAYS: i64 = 397;
/// One with less left is made anew.
const LEFT_MIN: SignedDuration = SignedDuration::from_hours(24 * 60);

/// What a server needs to speak TLS.
pub struct Tls {
    /// The certificate and the authority's behind it, as PEM.
    pub chain_pem: String,
    /// The private key, as PEM (PKCS #8).
    pub key_pem: Zeroizing<String>,
}

/// Shows nothing of the key.
impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

pub(super) fn make_authority(folder: &Path, centre: &str, clock: &Clock) -> Result<(), Refused> {
    let today = office_date(clock.wall());
    let mut params = authority_params(&format!("{centre} CA"));
    let (from, until) =
        (today.saturating_sub(1.year()), today.saturating_add(AUTHORITY_YEARS.years()));
    certificate::serve(&mut params, from, until);
    let key = KeyPair::generate().map_err(unmade)?;
    let made = params.self_signed(&key).map_err(unmade)?;
    let pkcs8 = Zeroizing::new(key.serialize_der());
    files::create(&folder.join(AUTHORITY_KEY), files::private_pem(&pkcs8).as_bytes(), For::Owner)?;
    let pem = files::certificate_pem(made.der());
    files::create(&folder.join(AUTHORITY), pem.as_bytes(), For::All)
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: Certificate,
    pem: String,
    made: AtomicU64,
}

impl Authority {
    pub(super) fn open(folder: &Path) -> Result<Authority, Refused> {
        let path = folder.join(AUTHORITY_KEY);
        let pkcs8 = files::read_private(&path)?;
        let certificate = Certificate::open(&folder.join(AUTHORITY))?;
        let pem = files::certificate_pem(certificate.der());
        match (key_pair(&pkcs8), certificate.common_name()) {
            (Some(key), Some(name)) => {
                let issuer = Issuer::new(authority_params(&name), key);
                Ok(Authority { issuer, certificate, pem, made: AtomicU64::new(0) })
            }
            _ => refuse(Refused::Damaged(path)),
        }
    }

    pub(super) fn certificate_pem(&self) -> &str {
        &self.pem
    }

    /// How many certificates for TLS it has issued since it was opened.
    pub(super) fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    pub(super) fn listed(&self) -> Listed {
        self.certificate.listed("authority", "ECDSA P-256, X.509, issues tls")
    }

    pub(super) fn tls(
        &self,
        folder: &Path,
        names: &[String],
        clock: &Clock,
    ) -> Result<Tls, Refused> {
        if let Some(tls) = self.last(folder, names, clock)? {
            return Ok(tls);
        }
        self.issue(folder, names, clock)?;
        match self.last(folder, names, clock)? {
            Some(tls) => Ok(tls),
            None => Err(Fault::new("a new TLS certificate does not carry its names").into()),
        }
    }

    /// The last certificate, while it still serves these names.
    fn last(&self, folder: &Path, names: &[String], clock: &Clock) -> Result<Option<Tls>, Refused> {
        let pkcs8 = match files::read_private(&folder.join(KEY)) {
            Ok(pkcs8) => pkcs8,
            Err(Error::Refused(Refused::Missing(_) | Refused::Damaged(_))) => return Ok(None),
            Err(other) => return Err(other),
        };
        let Ok(certificate) = Certificate::open(&folder.join(CERTIFICATE)) else { return Ok(None) };
        let wanted: BTreeSet<_> = names.iter().map(|name| name.to_lowercase()).collect();
        let serves = certificate.names() == wanted
            && certificate.until().duration_since(clock.wall()) >= LEFT_MIN
            && key_pair(&pkcs8).is_some_and(|key| certificate.is_for(key.public_key_raw()));
        Ok(serves.then(|| Tls {
            chain_pem: files::certificate_pem(certificate.der()) + &self.pem,
            key_pem: files::private_pem(&pkcs8),
        }))
    }

    fn issue(
        &self,
        folder: &Path,
        names: &[String],
        clock: &Clock,
    ) -> std::result::Result<(), Fault> {
        let names: Vec<_> = names.iter().map(|name| name.to_lowercase()).collect();
        let today = office_date(clock.wall());
        let first = names.first().cloned().unwrap_or_default();
        let mut params = CertificateParams::new(names).map_err(unmade)?;
        params.distinguished_name.push(DnType::CommonName, first);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        // Computers whose clocks are late take it all the same.
        let from = today.saturating_sub(7.days());
        certificate::serve(&mut params, from, from.saturating_add(DAYS.days()));
        let key = KeyPair::generate().map_err(unmade)?;
        let made = params.signed_by(&key, &self.issuer).map_err(unmade)?;
        let pkcs8 = Zeroizing::new(key.serialize_der());
        // Should it end between the two, the pair does not match and is made anew next time.
        let pem = files::private_pem(&pkcs8);
        files::replace(&folder.join(KEY), pem.as_bytes(), For::Owner)?;
        let pem = files::certificate_pem(made.der());
        files::replace(&folder.join(CERTIFICATE), pem.as_bytes(), For::All)?;
        self.made.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

fn key_pair(pkcs8: &[u8]) -> Option<KeyPair> {
    KeyPair::try_from(pkcs8).ok()
}
