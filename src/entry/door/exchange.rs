//! One request and its answer, passed between a client and Rocket.

use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use rocket::tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use rocket::tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use rocket::tokio::select;
use rocket::tokio::time::timeout;

use super::Limits;
use super::client::{Client, End};
use super::inflow::Inflow;
use super::leg::Leg;
use super::pace::{Halt, Pace};
use super::sorry::{self, Sorry};
use super::wire::{self, Body};

/// How far a request got.
enum Sent {
    /// Rocket has all of it.
    Whole,
    /// Rocket takes no more of it, and will say why.
    Unwanted,
    /// The client is too slow, or gone.
    Halted(Halt),
    /// Rocket is there, and does not take it.
    Stuck,
}

/// How an exchange stands, for both directions.
#[derive(Default)]
struct Standing {
    /// Rocket has the whole request.
    asked: AtomicBool,
    /// The client has seen something of the answer; an answer of our own would spoil it.
    answering: AtomicBool,
}

impl Standing {
    fn end(&self, sorry: &'static Sorry) -> End {
        if self.answering.load(Relaxed) { End::Quietly } else { End::Saying(sorry) }
    }
}

/// Passes a request on, and its answer back. Afterwards another may follow.
pub(super) async fn exchange<R: AsyncRead + Unpin, W: AsyncWrite + Unpin>(
    client: &mut Client<R, W>,
    leg: &mut Leg,
    head: &[u8],
    limits: &Limits,
) -> Result<(), End> {
    let standing = Standing::default();
    let to_head = wire::first_line(head).first() == Some(&"HEAD");
    let upload = upload(&mut client.inflow, &mut leg.out, head, limits, &standing);
    let download = download(&mut leg.inflow, &mut client.out, to_head, limits, &standing);
    let (mut upload, mut download) = (pin!(upload), pin!(download));
    let sent = select! {
        biased;
        sent = &mut upload => sent,
        // The answer came before the end of the request, so the rest is not wanted.
        end = &mut download => return end.and(Err(End::Early)),
    };
    match sent {
        Sent::Whole => download.await,
        Sent::Unwanted => download.await.and(Err(End::Early)),
        Sent::Halted(Halt::Slow) => Err(standing.end(&sorry::SLOW)),
        Sent::Halted(Halt::Gone) => Err(End::Abruptly),
        Sent::Stuck => Err(standing.end(&sorry::UNSURE)),
    }
}

async fn upload<R: AsyncRead + Unpin>(
    client: &mut Inflow<R>,
    rocket: &mut OwnedWriteHalf,
    head: &[u8],
    limits: &Limits,
    standing: &Standing,
) -> Sent {
    let mut body = Body::of_request(head);
    let mut pace = Pace::new(limits);
    let mut passed = timeout(limits.answer, rocket.write_all(head)).await;
    while let Ok(Ok(())) = passed {
        if body.is_whole() {
            standing.asked.store(true, Relaxed);
            return Sent::Whole;
        }
        match pace.wait(client.piece()).await {
            Ok(0) => return Sent::Halted(Halt::Gone),
            Ok(_) => {}
            Err(halt) => return Sent::Halted(halt),
        }
        let piece = client.take(&mut body);
        passed = timeout(limits.answer, rocket.write_all(piece)).await;
        let count = piece.len();
        client.passed(count);
    }
    if passed.is_ok() { Sent::Unwanted } else { Sent::Stuck }
}

async fn download<W: AsyncWrite + Unpin>(
    rocket: &mut Inflow<OwnedReadHalf>,
    client: &mut W,
    to_head: bool,
    limits: &Limits,
    standing: &Standing,
) -> Result<(), End> {
    let mut pace = Pace::new(limits);
    loop {
        let head = patiently(rocket.head(), limits, standing).await?;
        let Some(head) = head else { return Err(standing.end(&sorry::UNSURE)) };
        standing.answering.store(true, Relaxed);
        pass(client, &head, &mut pace).await?;
        let mut body = Body::of_answer(&head, to_head);
        while !body.is_whole() {
            if patiently(rocket.piece(), limits, standing).await? == 0 {
                return Err(End::Quietly);
            }
            let piece = rocket.take(&mut body);
            pass(client, piece, &mut pace).await?;
            let count = piece.len();
            rocket.passed(count);
        }
        pace.wait(async { client.flush().await.map(|()| 0) }).await?;
        if !wire::is_interim(&head) {
            return Ok(());
        }
        standing.answering.store(false, Relaxed);
    }
}

/// Waits for Rocket: as long as the client is sending, and after that for its answer.
async fn patiently<T>(
    io: impl Future<Output = io::Result<T>>,
    limits: &Limits,
    standing: &Standing,
) -> Result<T, End> {
    let mut io = pin!(io);
    loop {
        match timeout(limits.answer, &mut io).await {
            Ok(done) => return done.map_err(|_| standing.end(&sorry::UNSURE)),
            Err(_) if standing.asked.load(Relaxed) => return Err(standing.end(&sorry::UNSURE)),
            Err(_) => {}
        }
    }
}

async fn pass<W: AsyncWrite + Unpin>(
    client: &mut W,
    mut bytes: &[u8],
    pace: &mut Pace,
) -> Result<(), End> {
    while !bytes.is_empty() {
        let count = pace.wait(client.write(bytes)).await?;
        if count == 0 {
            return Err(End::Abruptly);
        }
        bytes = &bytes[count..];
    }
    Ok(())
}
