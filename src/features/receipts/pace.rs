//! How often one address may check receipts: often enough for people, too seldom for guessing.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::base::values::household;

/// An address may check this often at once; a used check comes back after [`SECONDS_EACH`].
const AT_ONCE: i64 = 30;
/// So that 30 checks are spread over a minute.
const SECONDS_EACH: i64 = 2;
/// How many addresses are remembered. Beyond that the one that has checked least is forgotten.
const ADDRESSES_MAX: usize = 10_000;

/// Counts the checks of each address, in memory alone. Rocket manages one.
///
/// An address is remembered by the second at which all its checks have come back.
#[derive(Default)]
pub struct Pace(Mutex<HashMap<IpAddr, i64>>);

impl Pace {
    /// Nobody has checked yet.
    pub fn new() -> Pace {
        Pace::default()
    }

    /// Takes one check of an address, by the wall's time. `false`: it has none left now.
    pub(super) fn take(&self, address: IpAddr, wall: Timestamp) -> bool {
        let now = wall.as_second();
        let mut owing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let address = household(address);
        let full = now + AT_ONCE * SECONDS_EACH;
        // Were the clock set back, nobody should wait for it to come round again.
        let until = owing.get(&address).map_or(now, |it| (*it).clamp(now, full));
        if until + SECONDS_EACH > full {
            owing.insert(address, until);
            return false;
        }
        if owing.len() >= ADDRESSES_MAX && !owing.contains_key(&address) {
            forget(&mut owing, now);
        }
        owing.insert(address, until + SECONDS_EACH);
        true
    }
}

/// Forgets whoever owes nothing; if everybody does, the one who owes least.
fn forget(owing: &mut HashMap<IpAddr, i64>, now: i64) {
    owing.retain(|_, until| *until > now);
    if owing.len() >= ADDRESSES_MAX
        && let Some(least) = owing.iter().min_by_key(|(_, until)| **until).map(|(it, _)| *it)
    {
        owing.remove(&least);
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use jiff::{SignedDuration, Timestamp};

    use super::{ADDRESSES_MAX, Pace};

    fn at(second: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
    }

    fn checks(pace: &Pace, address: &str, second: i64) -> usize {
        (0..100).take_while(|_| pace.take(address.parse().unwrap(), at(second))).count()
    }

    #[test]
    fn thirty_at_once_and_thirty_a_minute() {
        let pace = Pace::new();

        assert_eq!(checks(&pace, "192.0.2.1", 1000), 30);
        assert_eq!(checks(&pace, "192.0.2.2", 1000), 30);
        assert_eq!(checks(&pace, "192.0.2.1", 1001), 0);
        assert_eq!(checks(&pace, "192.0.2.1", 1002), 1);
        assert_eq!(checks(&pace, "192.0.2.1", 1022), 10);
        assert_eq!(checks(&pace, "192.0.2.1", 9999), 30);
    }

    #[test]
    fn a_network_is_one_address() {
        let pace = Pace::new();

        assert_eq!(checks(&pace, "2001:db8:1:2::1", 0), 30);
        assert_eq!(checks(&pace, "2001:db8:1:2:ffff::9", 0), 0);
        assert_eq!(checks(&pace, "2001:db8:1:3::1", 0), 30);
        assert_eq!(checks(&pace, "::ffff:192.0.2.7", 0), 30);
        assert_eq!(checks(&pace, "192.0.2.7", 0), 0);
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out_for_long() {
        let pace = Pace::new();
        assert_eq!(checks(&pace, "192.0.2.1", 100_000), 30);

        assert_eq!(checks(&pace, "192.0.2.1", 50_000), 0);
        assert_eq!(checks(&pace, "192.0.2.1", 50_060), 30);
    }

    #[test]
    fn it_never_remembers_more_than_it_may() {
        let pace = Pace::new();
        for number in 0..ADDRESSES_MAX as u32 + 500 {
            assert!(pace.take(IpAddr::V4(Ipv4Addr::from_bits(number)), at(7)));
        }
        assert_eq!(pace.0.lock().unwrap().len(), ADDRESSES_MAX);

        assert!(pace.take("2001:db8::1".parse().unwrap(), at(1000)));
        assert_eq!(pace.0.lock().unwrap().len(), 1);
    }
}
