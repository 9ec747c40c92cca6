//! One client's connection, from the first byte to the last.

use std::io::ErrorKind;
use std::net::IpAddr;
use std::time::Duration;

use rocket::tokio::io::{AsyncRead, AsyncWrite};
use rocket::tokio::net::TcpStream;
use rocket::tokio::select;
use rocket::tokio::sync::watch::Receiver;
use rocket::tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_rustls::server::TlsStream;

use super::Inside;
use super::astray::redirect;
use super::client::{Client, End};
use super::exchange::exchange;
use super::inflow::Inflow;
use super::leg::Leg;
use super::request;
use super::secure::HANDSHAKE;
use super::slots::Full;
use super::sorry;

/// What a client turned out to speak.
enum Caller {
    Plain(TcpStream),
    Secure(Box<TlsStream<TcpStream>>),
    /// Plain HTTP where only TLS is spoken.
    Astray(TcpStream),
}

/// Serves a client that has been let in.
pub(super) async fn welcome(
    inside: &Inside,
    stream: TcpStream,
    address: IpAddr,
    leaving: Receiver<()>,
) {
    match recognise(inside, stream).await {
        Some(Caller::Plain(stream)) => serve(inside, stream, address, leaving).await,
        Some(Caller::Secure(stream)) => serve(inside, stream, address, leaving).await,
        Some(Caller::Astray(stream)) => redirect(inside, stream).await,
        None => {}
    }
}

/// Tells a client why it is not let in.
pub(super) async fn refuse(inside: &Inside, stream: TcpStream, full: Full) {
    let end = End::Saying(full.into());
    let recognised = timeout(inside.limits.linger, recognise(inside, stream)).await;
    match recognised.ok().flatten() {
        Some(Caller::Plain(stream) | Caller::Astray(stream)) => {
            Client::new(stream).part(&inside.limits, end).await;
        }
        Some(Caller::Secure(stream)) => Client::new(stream).part(&inside.limits, end).await,
        None => {}
    }
}

/// Waits for the first byte, and for the end of a handshake.
async fn recognise(inside: &Inside, stream: TcpStream) -> Option<Caller> {
    // Small answers would wait for more to come; it is only slower without.
    drop(stream.set_nodelay(true));
    let Some(secure) = &inside.tls else { return Some(Caller::Plain(stream)) };
    let recognised = timeout(inside.limits.header, async {
        let mut first = [0];
        match stream.peek(&mut first).await {
            Ok(1..) if first[0] == HANDSHAKE => {
                secure.accept(stream).await.ok().map(|it| Caller::Secure(Box::new(it)))
            }
            Ok(1..) => Some(Caller::Astray(stream)),
            Ok(0) | Err(_) => None,
        }
    });
    recognised.await.ok().flatten()
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    inside: &Inside,
    stream: S,
    address: IpAddr,
    leaving: Receiver<()>,
) {
    let mut client = Client::new(stream);
    let end = converse(inside, &mut client, address, leaving).await;
    client.part(&inside.limits, end).await;
}

/// Request after request, until something ends it.
async fn converse<R: AsyncRead + Unpin, W: AsyncWrite + Unpin>(
    inside: &Inside,
    client: &mut Client<R, W>,
    address: IpAddr,
    mut leaving: Receiver<()>,
) -> End {
    let mut leg: Option<Leg> = None;
    loop {
        let head = match listen(inside, &mut client.inflow, leg.as_mut(), &mut leaving).await {
            Ok(head) => head,
            Err(end) => return end,
        };
        let open = match leg.take() {
            Some(open) => Ok(open),
            None => Leg::open(inside.inner, &inside.peers, address).await,
        };
        let Ok(open) = open else { return End::Saying(&sorry::CLOSED) };
        if let Err(end) = exchange(client, leg.insert(open), &head, &inside.limits).await {
            return end;
        }
        // The house is closing; what was asked has been answered.
        if leaving.has_changed().is_err() {
            return End::Quietly;
        }
    }
}

/// Waits for the first lines of the next request.
async fn listen<R: AsyncRead + Unpin>(
    inside: &Inside,
    client: &mut Inflow<R>,
    leg: Option<&mut Leg>,
    leaving: &mut Receiver<()>,
) -> Result<Vec<u8>, End> {
    let come = Instant::now();
    let is_new = leg.is_none();
    if !begins(inside, client, leg, leaving).await {
        return Err(End::Quietly);
    }
    let since = if is_new { come } else { Instant::now() };
    match timeout_at(since + inside.limits.header, client.head()).await {
        Ok(Ok(Some(head))) => match request::complaint(&head) {
            Some(sorry) => Err(End::Saying(sorry)),
            None => Ok(head),
        },
        Ok(Ok(None)) => Err(End::Quietly),
        Ok(Err(error)) if error.kind() == ErrorKind::FileTooLarge => Err(End::Saying(&sorry::LONG)),
        Ok(Err(_)) => Err(End::Abruptly),
        Err(_) => Err(End::Saying(&sorry::LATE)),
    }
}

/// Waits for the first byte of the next request; tells whether one came.
///
/// Browsers open connections ahead of need and show whatever comes over them, so who does not
/// begin is left without a word.
async fn begins<R: AsyncRead + Unpin>(
    inside: &Inside,
    client: &mut Inflow<R>,
    leg: Option<&mut Leg>,
    leaving: &mut Receiver<()>,
) -> bool {
    let idle_max = if leg.is_none() { inside.limits.header } else { inside.limits.idle };
    let begun = async {
        while client.is_empty() {
            if !matches!(client.more().await, Ok(1..)) {
                return false;
            }
        }
        true
    };
    let closed = async {
        match leg {
            // Between answers Rocket says nothing; it can only have closed.
            Some(leg) => drop(leg.inflow.more().await),
            None => std::future::pending().await,
        }
    };
    select! {
        biased;
        begun = begun => begun,
        () = closed => false,
        _ = leaving.changed() => false,
        () = tire(inside, idle_max) => false,
    }
}

/// Waits as long as a connection may be idle: shorter once places become scarce.
async fn tire(inside: &Inside, idle_max: Duration) {
    let begun = Instant::now();
    let step = inside.limits.idle_when_scarce;
    while begun.elapsed() < idle_max {
        sleep(step.min(idle_max - begun.elapsed())).await;
        if inside.slots.are_scarce() {
            return;
        }
    }
}
