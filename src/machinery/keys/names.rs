//! What browsers may call the house.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, UdpSocket};

use crate::base::config::Config;

/// What browsers may call the house: the names that are set, and its address. On every network it
/// is called by this machine's own names, too.
pub fn names(config: &Config) -> Vec<String> {
    let mut names = config.tls_names.clone();
    if config.address.is_unspecified() {
        names.extend(["localhost".into(), "127.0.0.1".into()]);
        names.extend(host_name());
        names.extend(address_on_lan());
    } else {
        names.push(config.address.to_string());
    }
    let mut seen = BTreeSet::new();
    names.retain(|it| seen.insert(it.to_lowercase()));
    names
}

fn host_name() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    let name = name.trim();
    let may_stand = |it: u8| it.is_ascii_alphanumeric() || b".-".contains(&it);
    (!name.is_empty() && name.bytes().all(may_stand)).then(|| name.to_owned())
}

/// This machine's address on its network. Nothing is sent: connecting a datagram socket only asks
/// by which address it would go out.
fn address_on_lan() -> Option<String> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // TEST-NET-1 (RFC 5737): nobody's.
    socket.connect(("192.0.2.1", 9)).ok()?;
    Some(socket.local_addr().ok()?.ip().to_string())
}

#[cfg(test)]
mod tests {
    use super::names;
    use crate::base::config::Config;

    #[test]
    fn the_certificate_carries_what_browsers_may_type() {
        let config = |address: &str| Config {
            address: address.parse().unwrap(),
            tls_names: vec!["kaoshi.lan".into(), "192.168.1.20".into(), "KAOSHI.lan".into()],
            ..Config::default()
        };
        assert_eq!(names(&config("192.168.1.20")), ["kaoshi.lan", "192.168.1.20"]);
        let everywhere = names(&config("0.0.0.0"));
        assert_eq!(everywhere[..3], ["kaoshi.lan", "192.168.1.20", "localhost"]);
        assert!(!everywhere.iter().any(|it| it == "0.0.0.0"));
    }
}
