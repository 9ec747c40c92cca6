//! How fast a client must send and read. Only the time that we wait for it counts.

use std::io;
use std::pin::pin;
use std::time::Duration;

use rocket::tokio::time::{Instant, timeout};

use super::Limits;

/// Why a client is waited for no longer.
#[derive(Debug)]
pub(super) enum Halt {
    /// It is there, but too slow.
    Slow,
    /// It has gone.
    Gone,
}

/// The pace of one direction of one message.
pub(super) struct Pace {
    over: Duration,
    bytes_min: u64,
    waited: Duration,
    moved: u64,
}

impl Pace {
    pub(super) fn new(limits: &Limits) -> Pace {
        let bytes_min = limits.bytes_a_second_min as f64 * limits.pace_over.as_secs_f64();
        Pace {
            over: limits.pace_over,
            bytes_min: bytes_min as u64,
            waited: Duration::ZERO,
            moved: 0,
        }
    }

    /// Waits until the client has taken or given some bytes; tells how many.
    pub(super) async fn wait(
        &mut self,
        io: impl Future<Output = io::Result<usize>>,
    ) -> Result<usize, Halt> {
        let mut io = pin!(io);
        loop {
            let begun = Instant::now();
            let done = timeout(self.over.saturating_sub(self.waited), &mut io).await;
            self.waited += begun.elapsed();
            if let Ok(done) = done {
                let count = done.map_err(|_| Halt::Gone)?;
                self.moved += count as u64;
                return Ok(count);
            }
            if self.moved < self.bytes_min {
                return Err(Halt::Slow);
            }
            (self.waited, self.moved) = (Duration::ZERO, 0);
        }
    }
}
