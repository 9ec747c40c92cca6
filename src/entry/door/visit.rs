//! One client's connection, from the first byte to the last.

use std::io::ErrorKind;
use std::net::IpAddr;
use std::time::Duration;

use rocket::tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf, split};
use rocket::tokio::net::TcpStream;
use rocket::tokio::select;
use rocket::tokio::sync::watch::Receiver;
use rocket::tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::server::TlsStream;

use super::exchange::exchange;
use super::inflow::Inflow;
use super::leg::Leg;
use super::pace::Halt;
use super::secure::HANDSHAKE;
use super::slots::Full;
use super::sorry::{self, Sorry};
use super::{Inside, wire};

/// A client, whatever carries its bytes.
pub(super) struct Client<R, W> {
    pub(super) inflow: Inflow<R>,
    pub(super) out: W,
}

/// How a connection ends.
#[derive(Debug)]
pub(super) enum End {
    /// All is said and heard.
    Quietly,
    /// An answer is out, and the client may still be sending.
    Early,
    /// With an answer of the door's own.
    Saying(&'static Sorry),
    /// At once: the client does not read any more.
    Abruptly,
}

impl From<Halt> for End {
    fn from(halt: Halt) -> End {
        match halt {
            Halt::Slow | Halt::Gone => End::Abruptly,
        }
    }
}

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
            part(inside, &mut Client::new(stream), end).await;
        }
        Some(Caller::Secure(stream)) => part(inside, &mut Client::new(stream), end).await,
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
    part(inside, &mut client, end).await;
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
    let limits = &inside.limits;
    let is_new = leg.is_none();
    let come = Instant::now();
    let closed = async {
        match leg {
            // Between answers Rocket says nothing; it can only have closed.
            Some(leg) => drop(leg.inflow.more().await),
            None => std::future::pending().await,
        }
    };
    let begun = async {
        while client.is_empty() {
            if !matches!(client.more().await, Ok(1..)) {
                return false;
            }
        }
        true
    };
    // Browsers open connections ahead of need and show whatever comes over them, so who has not
    // begun to ask is left without a word.
    let begun = select! {
        biased;
        begun = begun => begun,
        () = closed => false,
        _ = leaving.changed() => false,
        () = tire(inside, if is_new { limits.header } else { limits.idle }) => false,
    };
    if !begun {
        return Err(End::Quietly);
    }
    let since = if is_new { come } else { Instant::now() };
    match timeout_at(since + limits.header, client.head()).await {
        Ok(Ok(Some(head))) => Ok(head),
        Ok(Ok(None)) => Err(End::Quietly),
        Ok(Err(error)) if error.kind() == ErrorKind::FileTooLarge => Err(End::Saying(&sorry::LONG)),
        Ok(Err(_)) => Err(End::Abruptly),
        Err(_) => Err(End::Saying(&sorry::LATE)),
    }
}

/// Waits as long as a connection may be idle: shorter once places become scarce.
async fn tire(inside: &Inside, idle_max: Duration) {
    let begun = Instant::now();
    let step = inside.limits.idle_when_scarce;
    while begun.elapsed() < idle_max {
        rocket::tokio::time::sleep(step.min(idle_max - begun.elapsed())).await;
        if inside.slots.are_scarce() {
            return;
        }
    }
}

/// Sends plain HTTP to the same page under TLS.
async fn redirect(inside: &Inside, stream: TcpStream) {
    let mut client = Client::new(stream);
    let end = match timeout(inside.limits.header, client.inflow.head()).await {
        Ok(Ok(Some(head))) => {
            let moved = sorry::moved(&secure_url(&head, inside));
            drop(timeout(inside.limits.linger, client.out.write_all(moved.as_bytes())).await);
            End::Early
        }
        Ok(Ok(None) | Err(_)) => End::Quietly,
        Err(_) => End::Saying(&sorry::LATE),
    };
    part(inside, &mut client, end).await;
}

/// The address that was asked for, under TLS; the door's own where it is none that may be said.
fn secure_url(head: &[u8], inside: &Inside) -> String {
    let in_host = |it: u8| it.is_ascii_alphanumeric() || b".-:[]".contains(&it);
    let in_path = |it: u8| it.is_ascii_graphic() && !b"\"'<>\\".contains(&it);
    let host = wire::header(head, "host").next();
    let host = host.filter(|it| !it.is_empty() && it.bytes().all(in_host));
    let host = host.map_or_else(|| inside.public.to_string(), str::to_owned);
    let path = wire::first_line(head).get(1).copied();
    let path = path.filter(|it| it.starts_with('/') && it.bytes().all(in_path)).unwrap_or("/");
    format!("https://{host}{path}")
}

/// Says the last word, and closes.
async fn part<R: AsyncRead + Unpin, W: AsyncWrite + Unpin>(
    inside: &Inside,
    client: &mut Client<R, W>,
    end: End,
) {
    let limits = &inside.limits;
    let (sorry, lingers) = match end {
        End::Quietly => (None, false),
        End::Early => (None, true),
        End::Saying(sorry) => (Some(sorry), true),
        End::Abruptly => return,
    };
    let parting = async {
        if let Some(sorry) = sorry {
            tracing::debug!(status = sorry.status(), "a connection was cut off");
            client.out.write_all(sorry.message().as_bytes()).await?;
        }
        client.out.shutdown().await
    };
    let parted = matches!(timeout(limits.linger, parting).await, Ok(Ok(())));
    if lingers && parted {
        // Who closes while the other still sends takes the answer away from them.
        let wasting = async {
            while let Ok(Ok(1..)) = timeout(limits.linger, client.inflow.waste()).await {}
        };
        drop(timeout(limits.header, wasting).await);
    }
}

impl<S: AsyncRead + AsyncWrite> Client<ReadHalf<S>, WriteHalf<S>> {
    fn new(stream: S) -> Self {
        let (from, out) = split(stream);
        Client { inflow: Inflow::new(from), out }
    }
}
