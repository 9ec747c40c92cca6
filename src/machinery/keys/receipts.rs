//! The key that signs receipts, and the certificate that carries the centre's name.

use std::fmt;
use std::path::Path;

use jiff::ToSpan;
use rcgen::{CertificateParams, DnType, IsCa, KeyPair, KeyUsagePurpose};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use zeroize::Zeroizing;

use crate::base::clock::{Clock, office_date};
use crate::base::outcome::{Fault, Result, refuse};

use super::certificate::{self, Certificate};
use super::files::{self, For};
use super::{Listed, Refused, unmade};

const KEY: &str = "receipts.key";
const CERTIFICATE: &str = "receipts.crt";
/// How long a certificate serves.
const YEARS: i16 = 10;

/// Makes key and certificate for a centre.
///
/// It counts from the first day of last year: training may issue receipts of an earlier day.
pub(super) fn make(folder: &Path, centre_name: &str, clock: &Clock) -> Result<(), Refused> {
    let today = office_date(clock.wall());
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, centre_name);
    params.distinguished_name.push(DnType::CountryName, "CN");
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
    let from = today.first_of_year().saturating_sub(1.year());
    certificate::serve(&mut params, from, today.saturating_add(YEARS.years()));
    let key = KeyPair::generate().map_err(unmade)?;
    let made = params.self_signed(&key).map_err(unmade)?;
    let pkcs8 = Zeroizing::new(key.serialize_der());
    files::create(&folder.join(KEY), files::private_pem(&pkcs8).as_bytes(), For::Owner)?;
    let pem = files::certificate_pem(made.der());
    files::create(&folder.join(CERTIFICATE), pem.as_bytes(), For::All)
}

/// Signs receipts: ECDSA on P-256 with SHA-256, and the X.509 certificate to check it with.
pub struct ReceiptKey {
    pair: EcdsaKeyPair,
    random: SystemRandom,
    certificate: Certificate,
}

impl ReceiptKey {
    pub(super) fn open(folder: &Path) -> Result<ReceiptKey, Refused> {
        let path = folder.join(KEY);
        let pkcs8 = files::read_private(&path)?;
        let random = SystemRandom::new();
        let certificate = Certificate::open(&folder.join(CERTIFICATE))?;
        match EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &pkcs8, &random) {
            Ok(pair) if certificate.is_for(pair.public_key().as_ref()) => {
                Ok(ReceiptKey { pair, random, certificate })
            }
            Ok(_) | Err(_) => refuse(Refused::Damaged(path)),
        }
    }

    /// The certificate, as DER.
    pub fn certificate_der(&self) -> &[u8] {
        self.certificate.der()
    }

    /// The certificate as PEM, for those who want to trust it in their reader.
    pub fn certificate_pem(&self) -> String {
        files::certificate_pem(self.certificate.der())
    }

    /// Signs a message; the signature is ASN.1 and differs each time.
    ///
    /// # Errors
    /// A fault when the machine has no random numbers.
    pub fn sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Fault> {
        match self.pair.sign(&self.random, message) {
            Ok(signature) => Ok(signature.as_ref().to_vec()),
            Err(_) => Err(Fault::new("the machine has no random numbers for a signature")),
        }
    }

    pub(super) fn listed(&self) -> Listed {
        self.certificate.listed("receipts", "ECDSA P-256, X.509")
    }
}

/// Tells the certificate's fingerprint.
impl fmt::Debug for ReceiptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fingerprint = self.certificate.fingerprint();
        f.debug_struct("ReceiptKey").field("certificate", &fingerprint).finish_non_exhaustive()
    }
}
