//! How many connections there may be, from one address and in all.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Limits;
use crate::base::values::household;

/// Why there is no room for another connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// This address has all that one address may have.
    Address,
    /// The house is full.
    House,
}

/// The places for connections. Clones share them.
#[derive(Clone)]
pub(super) struct Slots {
    per_address_max: usize,
    in_all_max: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    in_all: usize,
    by: HashMap<IpAddr, usize>,
}

impl Slots {
    pub(super) fn new(limits: &Limits) -> Slots {
        Slots {
            per_address_max: limits.per_address_max,
            in_all_max: limits.in_all_max,
            taken: Arc::default(),
        }
    }

    /// Takes a place, until what it gives is dropped.
    pub(super) fn take(&self, address: IpAddr) -> Result<Slot, Full> {
        let address = household(address);
        let mut taken = self.taken();
        if taken.in_all >= self.in_all_max {
            return Err(Full::House);
        }
        let mine = taken.by.entry(address).or_default();
        if *mine >= self.per_address_max {
            return Err(Full::Address);
        }
        *mine += 1;
        taken.in_all += 1;
        Ok(Slot { slots: self.clone(), address })
    }

    /// Whether places are becoming scarce: half of them are taken.
    pub(super) fn are_scarce(&self) -> bool {
        self.taken().in_all * 2 > self.in_all_max
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection's place; free again when dropped.
pub(super) struct Slot {
    slots: Slots,
    address: IpAddr,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.slots.taken();
        taken.in_all -= 1;
        if let Some(mine) = taken.by.get_mut(&self.address) {
            *mine -= 1;
            if *mine == 0 {
                taken.by.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Full, Slots};
    use crate::entry::door::Limits;

    #[test]
    fn places_are_counted_by_address_and_in_all() {
        let limits = Limits { per_address_max: 2, in_all_max: 3, ..Limits::default() };
        let slots = Slots::new(&limits);
        let [lin, wang] = ["192.168.1.20", "192.168.1.21"].map(|it| it.parse().unwrap());

        let first = slots.take(lin);
        let second = slots.take(lin);

        assert!(first.is_ok() && second.is_ok());
        assert_eq!(slots.take(lin).err(), Some(Full::Address));
        let third = slots.take(wang);
        assert_eq!(slots.take(wang).err(), Some(Full::House));
        assert!(slots.are_scarce());
        drop((first, third));
        assert!(slots.take(lin).is_ok());
        assert!(!slots.are_scarce());
    }

    #[test]
    fn an_ipv6_host_cannot_hide_among_its_own_addresses() {
        let limits = Limits { per_address_max: 1, in_all_max: 9, ..Limits::default() };
        let slots = Slots::new(&limits);
        let [lin, again, wang] =
            ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"].map(|it| it.parse().unwrap());

        let first = slots.take(lin);

        assert_eq!(slots.take(again).err(), Some(Full::Address));
        assert!(slots.take(wang).is_ok());
        drop(first);
        assert!(slots.take(again).is_ok());
    }
}
