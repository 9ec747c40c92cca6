//! Whose an address is.

use std::net::{IpAddr, Ipv6Addr};

/// The address by which limits count whoever is behind this one.
///
/// A household has as many IPv6 addresses as it likes, all with the same first half (RFC 4291,
/// 2.5.4); an IPv4 address written as IPv6 is the IPv4 address.
pub fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(it) => IpAddr::V4(it),
        IpAddr::V6(it) => IpAddr::V6(Ipv6Addr::from_bits(it.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::household;

    #[test]
    fn a_network_is_one_address() {
        for (address, counted) in [
            ("192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2::1", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::9", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ] {
            let address = household(address.parse().unwrap());
            assert_eq!(address, counted.parse::<std::net::IpAddr>().unwrap());
        }
    }
}
