//! A client's connection, and how it ends.

use rocket::tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf, split};
use rocket::tokio::time::timeout;

use super::Limits;
use super::inflow::Inflow;
use super::pace::Halt;
use super::sorry::Sorry;

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

impl<S: AsyncRead + AsyncWrite> Client<ReadHalf<S>, WriteHalf<S>> {
    pub(super) fn new(stream: S) -> Self {
        let (from, out) = split(stream);
        Client { inflow: Inflow::new(from), out }
    }
}

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Client<R, W> {
    /// Says the last word, and closes.
    pub(super) async fn part(mut self, limits: &Limits, end: End) {
        let (sorry, lingers) = match end {
            End::Quietly => (None, false),
            End::Early => (None, true),
            End::Saying(sorry) => (Some(sorry), true),
            End::Abruptly => return,
        };
        let parting = async {
            if let Some(sorry) = sorry {
                tracing::debug!(status = sorry.status(), "a connection was cut off");
                self.out.write_all(sorry.message().as_bytes()).await?;
            }
            self.out.shutdown().await
        };
        let parted = matches!(timeout(limits.linger, parting).await, Ok(Ok(())));
        if lingers && parted {
            // Who closes while the other still sends takes the answer away from them.
            let wasting = async {
                while let Ok(Ok(1..)) = timeout(limits.linger, self.inflow.waste()).await {}
            };
            drop(timeout(limits.header, wasting).await);
        }
    }
}
