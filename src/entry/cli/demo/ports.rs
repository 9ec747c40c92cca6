//! Where the appliance and the platform beside it listen.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, TcpListener, UdpSocket};

use super::Args;
use crate::entry::cli::{Done, Failed};

/// Both ports must be free before anything is made or thrown away.
pub(super) fn must_be_free(args: &Args) -> Done {
    if args.port == 0 {
        return Ok(());
    }
    let address = if args.lan { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
    for port in [args.port, args.port.saturating_add(1)] {
        match TcpListener::bind((address, port)) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(taken(port)),
            Err(error) => {
                let what = format!("port {port} cannot be used: {error}");
                return Err(Failed::new(what, "choose another one with --port"));
            }
        }
    }
    Ok(())
}

/// What is said of a port that somebody else has.
pub(super) fn taken(port: u16) -> Failed {
    Failed::new(format!("port {port} is taken"), "choose another one with --port")
}

/// A port that is free now.
pub(super) fn free_port() -> Result<u16, Failed> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// This machine's address on its network. Nothing is sent: connecting a datagram socket only asks
/// the machine by which address it would go out.
pub(super) fn address_on_lan() -> Result<IpAddr, Failed> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
    let here = socket.connect(("192.0.2.1", 9)).and_then(|()| socket.local_addr());
    here.map(|it| it.ip())
        .map_err(|_| Failed::new("this machine is on no network", "leave --lan out"))
}
