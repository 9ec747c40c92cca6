//! The signature's envelope: CMS signed data (RFC 5652) that holds no data but the certificate and
//! its digest (RFC 5035), as PAdES baseline B asks for (ETSI EN 319 142-1).

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{ObjectIdentifier, OctetString, SetOfVec};
use der::{Any, Decode, Encode, SliceReader};
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;
use x509_cert::attr::Attribute;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// What is signed: that it is a file, the file's digest, and who signs.
pub(super) struct Statement(SetOfVec<Attribute>);

impl Statement {
    pub(super) fn new(file_digest: &[u8], certificate: &Certificate) -> der::Result<Statement> {
        let attributes = [
            (CONTENT_TYPE, Any::encode_from(&DATA)?),
            (MESSAGE_DIGEST, Any::encode_from(&OctetString::new(file_digest)?)?),
            (SIGNING_CERTIFICATE, signing_certificate(&certificate.to_der()?)?),
        ];
        let mut set = SetOfVec::new();
        for (oid, value) in attributes {
            set.insert(Attribute { oid, values: SetOfVec::try_from(vec![value])? })?;
        }
        Ok(Statement(set))
    }

    /// The bytes to sign: the set as such, not as it is tagged in the envelope (RFC 5652, 5.4).
    pub(super) fn bytes(&self) -> der::Result<Vec<u8>> {
        self.0.to_der()
    }

    /// Puts statement, signature and certificate into one envelope.
    pub(super) fn seal(self, signature: &[u8], certificate: &Certificate) -> der::Result<Vec<u8>> {
        let sha_256 = AlgorithmIdentifierOwned { oid: SHA_256, parameters: None };
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: certificate.tbs_certificate.issuer.clone(),
                serial_number: certificate.tbs_certificate.serial_number.clone(),
            }),
            digest_alg: sha_256.clone(),
            signed_attrs: Some(self.0),
            signature_algorithm: AlgorithmIdentifierOwned { oid: ECDSA_SHA_256, parameters: None },
            signature: OctetString::new(signature)?,
            unsigned_attrs: None,
        };
        let choice = CertificateChoices::Certificate(certificate.clone());
        let envelope = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from(vec![sha_256])?,
            encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
            certificates: Some(CertificateSet::try_from(vec![choice])?),
            crls: None,
            signer_infos: SignerInfos::try_from(vec![signer])?,
        };
        let content = Any::encode_from(&envelope)?;
        ContentInfo { content_type: SIGNED_DATA, content }.to_der()
    }
}

/// Who signed a file with this digest; `None` if the envelope does not say so.
///
/// `padded` is the envelope and the zeros after it. Certificate and signature are taken out and the
/// envelope is made anew around them: it must come out the same, byte for byte, so that nothing in
/// it can be changed without being noticed.
pub(super) fn signer(padded: &[u8], file_digest: &[u8]) -> Option<Certificate> {
    let (certificate, signature) = open(padded)?;
    let statement = Statement::new(file_digest, &certificate).ok()?;
    let key = certificate.tbs_certificate.subject_public_key_info.subject_public_key.raw_bytes();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key)
        .verify(&statement.bytes().ok()?, &signature)
        .ok()?;
    let padding = padded.strip_prefix(&statement.seal(&signature, &certificate).ok()?[..])?;
    padding.iter().all(|byte| *byte == 0).then_some(certificate)
}

fn open(padded: &[u8]) -> Option<(Certificate, Vec<u8>)> {
    let content = ContentInfo::decode(&mut SliceReader::new(padded).ok()?).ok()?.content;
    let envelope: SignedData = content.decode_as().ok()?;
    let signer = envelope.signer_infos.0.get(0)?;
    match envelope.certificates?.0.get(0)? {
        CertificateChoices::Certificate(it) => {
            Some((it.clone(), signer.signature.as_bytes().to_vec()))
        }
        CertificateChoices::Other(_) => None,
    }
}

/// `SigningCertificateV2` with one certificate, by its SHA-256 (RFC 5035, section 3).
fn signing_certificate(certificate_der: &[u8]) -> der::Result<Any> {
    let hash = OctetString::new(digest(&SHA256, certificate_der).as_ref())?;
    let identifier: Vec<OctetString> = vec![hash];
    let identifiers: Vec<Vec<OctetString>> = vec![identifier];
    Any::encode_from(&vec![identifiers])
}
