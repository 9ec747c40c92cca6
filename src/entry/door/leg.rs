//! The way from the door to Rocket: one connection on loopback for each client that asks something.

use std::io;
use std::net::{IpAddr, SocketAddr};

use rocket::tokio::net::TcpStream;
use rocket::tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::inflow::Inflow;
use crate::web::{Met, Peers};

/// A connection to Rocket, never shared by two clients.
pub(super) struct Leg {
    pub(super) inflow: Inflow<OwnedReadHalf>,
    pub(super) out: OwnedWriteHalf,
    #[expect(dead_code, reason = "Rocket can find the client as long as this is held")]
    met: Met,
}

impl Leg {
    pub(super) async fn open(inner: SocketAddr, peers: &Peers, client: IpAddr) -> io::Result<Leg> {
        let stream = TcpStream::connect(inner).await?;
        stream.set_nodelay(true)?;
        // Before the first byte, so that no request finds itself without an address.
        let met = peers.meet(stream.local_addr()?, client);
        let (from, out) = stream.into_split();
        Ok(Leg { inflow: Inflow::new(from), out, met })
    }
}
