//! From where a request came: behind the door Rocket itself sees only loopback.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

use rocket::request::{FromRequest, Outcome, Request};

/// Whose each leg between the door and Rocket is, by its port on the door's side. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Peers(Arc<RwLock<HashMap<SocketAddr, IpAddr>>>);

impl Peers {
    /// Takes down whose a leg is, until what it gives is dropped.
    pub fn meet(&self, leg: SocketAddr, client: IpAddr) -> Met {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(leg, client);
        Met { peers: self.clone(), leg }
    }

    fn find(&self, leg: SocketAddr) -> Option<IpAddr> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&leg).copied()
    }
}

/// Somebody whose leg is known; forgotten when dropped.
#[derive(Debug)]
pub struct Met {
    peers: Peers,
    leg: SocketAddr,
}

impl Drop for Met {
    fn drop(&mut self) {
        self.peers.0.write().unwrap_or_else(PoisonError::into_inner).remove(&self.leg);
    }
}

/// The client's address as this request found it: the client may leave before the answer.
struct Seen(Option<IpAddr>);

/// The address a request came from. Without a door in front, it is the other end's.
pub fn peer(request: &Request<'_>) -> Option<IpAddr> {
    let seen = request.local_cache(|| {
        let peers = request.rocket().state::<Peers>();
        let met = peers.zip(request.remote()).and_then(|(peers, leg)| peers.find(leg));
        Seen(met.or_else(|| request.client_ip()))
    });
    seen.0
}

/// [`peer`] for a handler; always given, with nothing in it when the address is not known.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub Option<IpAddr>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Peer {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Peer, Self::Error> {
        Outcome::Success(Peer(peer(request)))
    }
}
