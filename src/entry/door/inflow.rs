//! Bytes that come in, and those that came ahead of what was asked for.

use std::io::{self, ErrorKind};

use rocket::tokio::io::{AsyncRead, AsyncReadExt};

use super::wire::{Body, head_end};

/// The first lines of a message are no longer than this.
pub(super) const HEAD_BYTES_MAX: usize = 64 * 1024;
/// First lines have some hundred bytes. Who waits between requests holds no more.
const LINES_BYTES: usize = 1024;
/// What passes of a body at once.
const PIECE_BYTES: usize = 16 * 1024;

/// One direction of a connection.
pub(super) struct Inflow<R> {
    from: R,
    ahead: Vec<u8>,
    /// Up to here there is no end of a head.
    seen: usize,
}

impl<R: AsyncRead + Unpin> Inflow<R> {
    pub(super) fn new(from: R) -> Inflow<R> {
        Inflow { from, ahead: Vec::new(), seen: 0 }
    }

    /// Waits for more bytes; 0 at the end. Nothing is lost when it is given up.
    pub(super) async fn more(&mut self) -> io::Result<usize> {
        self.fill(LINES_BYTES).await
    }

    async fn fill(&mut self, room: usize) -> io::Result<usize> {
        self.ahead.reserve(room);
        self.from.read_buf(&mut self.ahead).await
    }

    /// Whether nothing of the next message has come.
    pub(super) fn is_empty(&mut self) -> bool {
        // Some send an empty line behind a body (RFC 9112, 2.2).
        let blank = self.ahead.iter().take_while(|it| matches!(it, b'\r' | b'\n')).count();
        self.ahead.drain(..blank);
        if self.ahead.is_empty() {
            self.ahead = Vec::new();
            self.seen = 0;
        }
        self.ahead.is_empty()
    }

    /// The first lines of the next message, taken out; nothing at the end of the stream.
    ///
    /// # Errors
    /// Of the kind [`ErrorKind::FileTooLarge`] when they are longer than [`HEAD_BYTES_MAX`].
    pub(super) async fn head(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if !self.is_empty() {
                if let Some(end) = head_end(&self.ahead, self.seen) {
                    self.seen = 0;
                    return Ok(Some(self.ahead.drain(..end).collect()));
                }
                if self.ahead.len() > HEAD_BYTES_MAX {
                    return Err(ErrorKind::FileTooLarge.into());
                }
                self.seen = self.ahead.len().saturating_sub(2);
            }
            if self.more().await? == 0 {
                return Ok(None);
            }
        }
    }

    /// Makes sure that something of a body is [`Inflow::ahead`]; 0 at the end of the stream.
    pub(super) async fn piece(&mut self) -> io::Result<usize> {
        if self.ahead.is_empty() { self.fill(PIECE_BYTES).await } else { Ok(self.ahead.len()) }
    }

    /// What there is of a body. It counts as passed, and must be handed to [`Inflow::passed`].
    pub(super) fn take(&mut self, body: &mut Body) -> &[u8] {
        let count = body.take(&self.ahead);
        &self.ahead[..count]
    }

    /// Forgets bytes that have been passed on.
    pub(super) fn passed(&mut self, count: usize) {
        self.ahead.drain(..count);
    }

    /// Reads and forgets.
    pub(super) async fn waste(&mut self) -> io::Result<usize> {
        self.ahead.clear();
        self.fill(PIECE_BYTES).await
    }
}
