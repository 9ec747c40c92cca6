//! A certificate that was read: whose it is, until when it serves.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use rcgen::{CertificateParams, date_time_ymd};
use x509_cert::der::Decode;
use x509_cert::der::oid::db::rfc4519::CN;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use crate::base::outcome::{Result, refuse};
use crate::base::values::Digest;

use super::{Listed, Refused, files};

pub(super) struct Certificate {
    der: Vec<u8>,
    read: x509_cert::Certificate,
}

impl Certificate {
    pub(super) fn open(path: &Path) -> Result<Certificate, Refused> {
        let der = files::read_certificate(path)?;
        match x509_cert::Certificate::from_der(&der) {
            Ok(read) => Ok(Certificate { der, read }),
            Err(_) => refuse(Refused::Damaged(path.to_owned())),
        }
    }

    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }

    pub(super) fn fingerprint(&self) -> Digest {
        Digest::of(&self.der)
    }

    /// Whether it is for the key with this public half.
    pub(super) fn is_for(&self, public: &[u8]) -> bool {
        let info = &self.read.tbs_certificate.subject_public_key_info;
        info.subject_public_key.raw_bytes() == public
    }

    /// The name of its holder.
    pub(super) fn common_name(&self) -> Option<String> {
        let mut parts = self.read.tbs_certificate.subject.0.iter().flat_map(|name| name.0.iter());
        let name = parts.find(|part| part.oid == CN)?;
        String::from_utf8(name.value.value().to_vec()).ok()
    }

    pub(super) fn until(&self) -> Timestamp {
        let end = self.read.tbs_certificate.validity.not_after.to_unix_duration();
        let second = i64::try_from(end.as_secs()).unwrap_or(i64::MAX);
        Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
    }

    /// The host names and addresses that it is for.
    pub(super) fn names(&self) -> BTreeSet<String> {
        match self.read.tbs_certificate.get::<SubjectAltName>() {
            Ok(Some((_, names))) => names.0.iter().filter_map(name).collect(),
            Ok(None) | Err(_) => BTreeSet::new(),
        }
    }

    pub(super) fn listed(&self, name: &'static str, kind: &'static str) -> Listed {
        Listed { name, kind, fingerprint: self.fingerprint(), until: Some(self.until()) }
    }
}

fn name(name: &GeneralName) -> Option<String> {
    // The other kinds of names say nothing about a host.
    if let GeneralName::DnsName(host) = name {
        return Some(host.to_string());
    }
    let GeneralName::IpAddress(address) = name else { return None };
    let address: IpAddr = match address.as_bytes() {
        [a, b, c, d] => [*a, *b, *c, *d].into(),
        bytes => <[u8; 16]>::try_from(bytes).ok()?.into(),
    };
    Some(address.to_string())
}

/// Says from which day until which day a new certificate serves.
pub(super) fn serve(params: &mut CertificateParams, from: Date, until: Date) {
    let midnight = |day: Date| {
        date_time_ymd(i32::from(day.year()), day.month().unsigned_abs(), day.day().unsigned_abs())
    };
    params.not_before = midnight(from);
    params.not_after = midnight(until);
}
