//! How many clients there may be, and how long they are waited for.

use std::net::IpAddr;
use std::time::Duration;

/// What the program needs besides connections: the database, its readers, files, the log.
const OTHER_FILES: u64 = 256;
/// With room for fewer connections than this, somebody should know.
const FEW: usize = 1000;
/// For two connections: each has a client, a leg to Rocket and Rocket's end of it, and for every
/// two there may be one that is told that there is no room.
const FILES_A_PAIR: u64 = 7;

/// The door's limits. The defaults are for a LAN on which hundreds may share one address.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections from one address. A browser opens up to six.
    pub per_address_max: usize,
    /// Connections in all.
    pub in_all_max: usize,
    /// For the first lines of a request, and for a TLS handshake before them.
    pub header: Duration,
    /// For a client that sends or reads: so many bytes a second, over [`Limits::pace_over`].
    pub bytes_a_second_min: u64,
    /// Over how long a client's pace is measured; only the time that it is waited for counts.
    pub pace_over: Duration,
    /// Between two requests of a connection.
    pub idle: Duration,
    /// The same, once half of all places are taken.
    pub idle_when_scarce: Duration,
    /// For Rocket, to say something of a request that it has. No page of ours takes as long.
    pub answer: Duration,
    /// For a client to take note of the door's last word, and stop sending.
    pub linger: Duration,
    /// For all that was asked before the end of the door.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            per_address_max: 2000,
            in_all_max: 6000,
            header: Duration::from_secs(15),
            bytes_a_second_min: 500,
            pace_over: Duration::from_secs(15),
            idle: Duration::from_secs(60),
            idle_when_scarce: Duration::from_secs(5),
            answer: Duration::from_secs(300),
            linger: Duration::from_secs(5),
            farewell: Duration::from_secs(20),
        }
    }
}

impl Limits {
    /// The limits of a door on this address, within what the operating system allows.
    pub fn fitting(public: IpAddr) -> Limits {
        let mut limits = Limits::default();
        if let Some(files) = open_files_max() {
            let room = files.saturating_sub(OTHER_FILES) * 2 / FILES_A_PAIR;
            let room = usize::try_from(room).unwrap_or(usize::MAX).max(32);
            if room < FEW {
                tracing::warn!(
                    files,
                    connections = room,
                    "few files may be open at once; hint: ulimit -n 65536"
                );
            }
            limits.in_all_max = limits.in_all_max.min(room);
        }
        limits.per_address_max = if public.is_loopback() {
            // All that comes is this machine, or a proxy on it that speaks for everybody.
            limits.in_all_max
        } else {
            limits.per_address_max.min(limits.in_all_max / 2)
        };
        limits
    }
}

/// How many files this process may have open, where the operating system tells.
fn open_files_max() -> Option<u64> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|it| it.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}
