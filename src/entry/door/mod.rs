//! What stands in front of Rocket: TLS, room for so many connections, and deadlines.
//!
//! Rocket 0.5 waits for ever: for the first lines of a request, for its body, for the next request
//! of a connection. Three hundred clients that send a byte now and then would own it. So Rocket
//! listens on loopback alone, and the door in front of it lets a request through once its first
//! lines are there, watches over the rest, and passes on bytes as they are:
//!
//! | who | is cut off | with |
//! |---|---|---|
//! | has begun to ask, and not ended the first lines in time | [`Limits::header`] | 408 |
//! | sends a body too slowly | [`Limits::bytes_a_second_min`] | 408 |
//! | reads an answer too slowly | the same | no word: it does not read |
//! | asks nothing, or nothing more | [`Limits::header`], [`Limits::idle`] | no word |
//! | comes when there is no room | [`Limits::per_address_max`], [`Limits::in_all_max`] | 503 |
//! | speaks plain HTTP where TLS is spoken | – | 308 |
//! | asks for what no page of ours is | – | 400, 405, 414, 431, 501, 505 |
//!
//! A *leg* is a client's connection from the door to Rocket, and [`Peers`] knows whose it is. The
//! door never changes a byte of what passes, never joins two clients in one leg, and never lets
//! plain HTTP beyond loopback.

mod astray;
mod before;
mod client;
mod exchange;
mod inflow;
mod leg;
mod limits;
mod pace;
mod request;
mod secure;
mod slots;
mod sorry;
mod visit;
mod wire;

pub use self::limits::Limits;
pub use self::secure::Secure;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rocket::tokio::net::{TcpListener, TcpSocket, TcpStream};
use rocket::tokio::select;
use rocket::tokio::sync::{Semaphore, watch};
use rocket::tokio::task::{JoinError, JoinSet};
use rocket::tokio::time::{sleep, timeout};

use self::before::Behind;
use self::slots::Slots;
use crate::web::Peers;

/// The opening minute brings thousands at once; so many wait in line to be let in.
const WAITING_MAX: u32 = 4096;
/// A door, not yet open.
#[derive(Debug)]
pub struct Door {
    /// Where clients come from; port 0 means any free one.
    pub public: SocketAddr,
    /// Where Rocket listens.
    pub inner: SocketAddr,
    /// With it TLS alone is spoken, without it plain HTTP.
    pub tls: Option<Secure>,
    /// How many, how long, how slow.
    pub limits: Limits,
    /// Where Rocket finds out who its clients are.
    pub peers: Peers,
}

impl Door {
    /// Opens the door: clients can connect, and wait until [`Opened::serve`].
    ///
    /// # Errors
    /// When the address cannot be had, and of the kind `InvalidInput` when plain HTTP would leave
    /// the machine.
    pub async fn open(self) -> io::Result<Opened> {
        if self.tls.is_none() && !self.public.ip().is_loopback() {
            let what = "beyond loopback only TLS is spoken";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        let listener = listen(self.public)?;
        let public = listener.local_addr()?;
        let inside = Inside {
            public,
            inner: self.inner,
            tls: self.tls,
            slots: Slots::new(&self.limits),
            // Whoever comes beyond that is not even told that there is no room.
            refusals: Arc::new(Semaphore::new(self.limits.in_all_max.div_ceil(2))),
            limits: self.limits,
            peers: self.peers,
        };
        Ok(Opened { listener, inside: Arc::new(inside), behind: None })
    }
}

fn listen(public: SocketAddr) -> io::Result<TcpListener> {
    let socket = if public.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Elsewhere it would let another program share the port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(public)?;
    socket.listen(WAITING_MAX)
}

/// What every visit needs.
struct Inside {
    public: SocketAddr,
    inner: SocketAddr,
    tls: Option<Secure>,
    limits: Limits,
    peers: Peers,
    slots: Slots,
    refusals: Arc<Semaphore>,
}

/// An open door.
pub struct Opened {
    listener: TcpListener,
    inside: Arc<Inside>,
    behind: Option<Behind>,
}

impl Opened {
    /// Where clients come in, with the real port.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Lets clients in until `shutdown`; then finishes what was asked, and ends Rocket where the
    /// door launched it ([`Door::before`]).
    ///
    /// # Errors
    /// When Rocket ended by itself.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let Opened { listener, inside, behind } = self;
        match behind {
            Some(mut behind) => {
                let ended = select! {
                    () = attend(listener, inside, shutdown) => None,
                    ended = behind.ended() => Some(ended),
                };
                match ended {
                    Some(ended) => Err(ended),
                    None => behind.end().await,
                }
            }
            None => {
                attend(listener, inside, shutdown).await;
                Ok(())
            }
        }
    }
}

/// Lets clients in until `shutdown`, and then finishes what was asked.
async fn attend(listener: TcpListener, inside: Arc<Inside>, shutdown: impl Future<Output = ()>) {
    // Nothing is ever sent; that the sender is gone is what tells the visits.
    let (leave, leaving) = watch::channel(());
    let mut visits = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        select! {
            () = &mut shutdown => break,
            Some(ended) = visits.join_next() => note(ended),
            come = accept(&listener) => admit(come, &inside, &leaving, &mut visits),
        }
    }
    drop((listener, leave));
    let farewell = async {
        while let Some(ended) = visits.join_next().await {
            note(ended);
        }
    };
    if timeout(inside.limits.farewell, farewell).await.is_err() {
        tracing::warn!(left = visits.len(), "the door closed before all was answered");
        visits.shutdown().await;
    }
}

/// The next client. While none can be let in (no free file descriptor, say), it tries again.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(come) => return come,
            Err(error) => {
                tracing::warn!(%error, "nobody can be let in for a moment");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn admit(
    (stream, peer): (TcpStream, SocketAddr),
    inside: &Arc<Inside>,
    leaving: &watch::Receiver<()>,
    visits: &mut JoinSet<()>,
) {
    // An IPv4 client on an IPv6 socket is the same client.
    let address = peer.ip().to_canonical();
    let (inside, leaving) = (Arc::clone(inside), leaving.clone());
    match inside.slots.take(address) {
        Ok(slot) => visits.spawn(async move {
            visit::welcome(&inside, stream, address, leaving).await;
            drop(slot);
        }),
        Err(full) => {
            let Ok(permit) = Arc::clone(&inside.refusals).try_acquire_owned() else { return };
            visits.spawn(async move {
                visit::refuse(&inside, stream, full).await;
                drop(permit);
            })
        }
    };
}

fn note(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a visit broke off");
    }
}
