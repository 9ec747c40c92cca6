//! Argon2id with reused memory, one permit a core.
//!
//! A hash costs some 20 ms and is what a login costs; it runs off the runtime's threads, never
//! more at once than there are cores, first come first served (the semaphore is fair).

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64ct::{Base64Unpadded, Encoding};
use rocket::tokio::sync::Semaphore;
use rocket::tokio::task;
use subtle::ConstantTimeEq;

use crate::base::chance::Chance;
use crate::base::outcome::Fault;
use crate::base::values::Secret;

/// 19 MiB, in KiB: OWASP's first choice for Argon2id, with two passes and one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const HASH_BYTES: usize = 32;
const SALT_BYTES: usize = 16;

/// Hashes and compares passwords. Clones share the permits and the memory.
#[derive(Clone)]
pub struct Hasher(Arc<Inner>);

struct Inner {
    argon: Argon2<'static>,
    permits: Arc<Semaphore>,
    permits_count: u32,
    // glibc keeps each freed 19 MiB block for itself; used again, they stay as many as the cores.
    blocks: Mutex<Vec<Vec<Block>>>,
    nobody: Phc,
}

/// A hash as it is stored: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Phc {
    salt: [u8; SALT_BYTES],
    hash: [u8; HASH_BYTES],
}

impl Hasher {
    /// A hasher with one permit for each core.
    pub fn new(chance: &Chance) -> Hasher {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_BYTES))
            .expect("the parameters lie within Argon2's limits");
        let nobody = Phc { salt: chance.bytes(), hash: chance.bytes() };
        Hasher(Arc::new(Inner {
            argon: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            permits: Arc::new(Semaphore::new(cores)),
            permits_count: u32::try_from(cores).unwrap_or(1),
            blocks: Mutex::default(),
            nobody,
        }))
    }

    /// Hashes a new password, in PHC form.
    ///
    /// # Errors
    /// A fault when the hash cannot be made.
    pub async fn hash(&self, password: Secret<String>, chance: &Chance) -> Result<String, Fault> {
        let salt: [u8; SALT_BYTES] = chance.bytes();
        let hash = self.digest(password, salt).await?;
        Ok(Phc { salt, hash }.to_string())
    }

    /// [`Hasher::hash`] for a thread that may wait: the command line.
    ///
    /// # Errors
    /// A fault when the hash cannot be made.
    pub fn hash_now(&self, password: &Secret<String>, chance: &Chance) -> Result<String, Fault> {
        let salt: [u8; SALT_BYTES] = chance.bytes();
        Ok(Phc { salt, hash: self.0.digest(password, &salt)? }.to_string())
    }

    /// Is it the password that was hashed into `phc`? With `None` it takes as long and says no:
    /// an unknown account costs what a known one costs.
    ///
    /// # Errors
    /// A fault when `phc` is not one of ours, or the hash cannot be made.
    pub async fn verify(&self, password: Secret<String>, phc: Option<&str>) -> Result<bool, Fault> {
        let known = phc.map(Phc::read).transpose()?;
        let wanted = known.clone().unwrap_or_else(|| self.0.nobody.clone());
        let hash = self.digest(password, wanted.salt).await?;
        Ok(bool::from(hash.ct_eq(&wanted.hash)) && known.is_some())
    }

    /// Keeps every permit until the answer is dropped, so that whoever comes waits: for tests of the
    /// queue.
    ///
    /// # Errors
    /// A fault when the house is closing.
    pub async fn hold(&self) -> Result<impl Drop + use<>, Fault> {
        let all = self.0.permits_count;
        let permits = self.0.permits.clone().acquire_many_owned(all).await;
        permits.map_err(|it| Fault::new(it.to_string()))
    }

    async fn digest(
        &self,
        password: Secret<String>,
        salt: [u8; SALT_BYTES],
    ) -> Result<[u8; HASH_BYTES], Fault> {
        let permit = self.0.permits.acquire().await.map_err(|it| Fault::new(it.to_string()))?;
        let inner = self.0.clone();
        let hash = task::spawn_blocking(move || inner.digest(&password, &salt)).await??;
        drop(permit);
        Ok(hash)
    }
}

impl Inner {
    fn digest(
        &self,
        password: &Secret<String>,
        salt: &[u8; SALT_BYTES],
    ) -> Result<[u8; HASH_BYTES], Fault> {
        let spare = self.blocks.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut memory =
            spare.unwrap_or_else(|| vec![Block::default(); self.argon.params().block_count()]);
        let mut hash = [0; HASH_BYTES];
        let done = self.argon.hash_password_into_with_memory(
            password.expose().as_bytes(),
            salt,
            &mut hash,
            &mut memory[..],
        );
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        done.map_err(|error| Fault::new(format!("argon2: {error}")))?;
        Ok(hash)
    }
}

impl Phc {
    /// Reads a stored hash. Only our own parameters: another program's would not be ours to trust.
    fn read(text: &str) -> Result<Phc, Fault> {
        let fault = || Fault::new("a stored password is not one of ours");
        let head = format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$");
        let (salt, hash) =
            text.strip_prefix(&head).and_then(|it| it.split_once('$')).ok_or_else(fault)?;
        let (mut phc_salt, mut phc_hash) = ([0; SALT_BYTES], [0; HASH_BYTES]);
        Base64Unpadded::decode(salt, &mut phc_salt).map_err(|_| fault())?;
        Base64Unpadded::decode(hash, &mut phc_hash).map_err(|_| fault())?;
        Ok(Phc { salt: phc_salt, hash: phc_hash })
    }
}

impl std::fmt::Display for Phc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${}${}",
            Base64Unpadded::encode_string(&self.salt),
            Base64Unpadded::encode_string(&self.hash)
        )
    }
}
