//! What Rocket would answer without a page: requests that are none, or ask for what we do not do.
//!
//! Rocket refuses these before it knows whom it speaks for, with an empty answer or the wrong words;
//! so the door says it.

use rocket::http::uri::Absolute;

use super::sorry::{self, Sorry};
use super::wire;

/// No browser of ours sends more; Rocket reads no more.
const HEADERS_MAX: usize = 100;
/// No address of ours comes near it.
const TARGET_BYTES_MAX: usize = 16 * 1024;

/// Why a request with these first lines is not passed on. `None`: it is.
pub(super) fn complaint(head: &[u8]) -> Option<&'static Sorry> {
    let mut lines = head.split(|it| *it == b'\n').map(|it| it.strip_suffix(b"\r").unwrap_or(it));
    if let Some(sorry) = complaint_of_line(lines.next().unwrap_or_default()) {
        return Some(sorry);
    }
    let lines: Vec<&[u8]> = lines.filter(|it| !it.is_empty()).collect();
    if lines.len() > HEADERS_MAX {
        return Some(&sorry::LONG);
    }
    let is_readable = lines.iter().all(|it| is_header(it)) && has_one_length(head);
    (!is_readable).then_some(&sorry::UNREADABLE)
}

/// `GET /dues HTTP/1.1`.
fn complaint_of_line(line: &[u8]) -> Option<&'static Sorry> {
    let words: Vec<&[u8]> = line.split(|it| *it == b' ').collect();
    let [method, target, version] = words[..] else { return Some(&sorry::UNREADABLE) };
    if !is_token(method) || !version.starts_with(b"HTTP/") {
        return Some(&sorry::UNREADABLE);
    }
    if !matches!(version, b"HTTP/1.1" | b"HTTP/1.0") {
        return Some(&sorry::VERSION);
    }
    match method {
        b"GET" | b"HEAD" | b"POST" => {}
        b"PUT" | b"DELETE" | b"PATCH" | b"OPTIONS" | b"TRACE" | b"CONNECT" => {
            return Some(&sorry::METHOD);
        }
        _ => return Some(&sorry::UNKNOWN),
    }
    if target.len() > TARGET_BYTES_MAX {
        return Some(&sorry::FAR);
    }
    (!is_address(target)).then_some(&sorry::UNREADABLE)
}

/// `/dues`, or with the house before it, as for a proxy (RFC 9112, 3.2).
fn is_address(target: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(target) else { return false };
    let is_readable = target.iter().all(u8::is_ascii_graphic);
    is_readable && (text.starts_with('/') || Absolute::parse(text).is_ok())
}

/// `Host: kaoshi.lan`; not a line that goes on with an earlier one (RFC 9112, 5.2).
fn is_header(line: &[u8]) -> bool {
    let Some(at) = line.iter().position(|it| *it == b':') else { return false };
    let (name, value) = line.split_at(at);
    is_token(name) && value.iter().all(|it| *it == b'\t' || *it >= b' ' && *it != 0x7f)
}

/// What may name a method or a header (RFC 9110, 5.6.2).
fn is_token(word: &[u8]) -> bool {
    let is_part = |it: &u8| it.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(it);
    !word.is_empty() && word.iter().all(is_part)
}

/// Two lengths, or one that is no number, would leave it open where the request ends.
fn has_one_length(head: &[u8]) -> bool {
    let mut lengths = wire::header(head, "content-length");
    let Some(first) = lengths.next() else { return true };
    let is_number = !first.is_empty() && first.bytes().all(|it| it.is_ascii_digit());
    is_number && lengths.all(|it| it == first)
}

#[cfg(test)]
mod tests {
    use super::complaint;

    #[test]
    fn what_rocket_would_not_answer_is_told() {
        for (line, status) in [
            ("GET / HTTP/1.1", None),
            ("POST /dues/3/orders?x=1 HTTP/1.0", None),
            ("GET http://127.0.0.1:8800/ HTTP/1.1", None),
            ("GET http://[::1 HTTP/1.1", Some("400")),
            (&format!("GET /{} HTTP/1.1", "a".repeat(66_000)), Some("414")),
            ("GET /\u{7f} HTTP/1.1", Some("400")),
            ("GET /登录 HTTP/1.1", Some("400")),
            ("GET /a\0b HTTP/1.1", Some("400")),
            ("GET /a b HTTP/1.1", Some("400")),
            ("GET", Some("400")),
            ("GET / HTTP/3.9", Some("505")),
            ("PUT / HTTP/1.1", Some("405")),
            ("OPTIONS * HTTP/1.1", Some("405")),
            ("BREW / HTTP/1.1", Some("501")),
            ("get / HTTP/1.1", Some("501")),
        ] {
            let head = format!("{line}\r\nHost: a\r\n\r\n");
            let said = complaint(head.as_bytes()).map(|it| &it.status()[..3]);
            assert_eq!(said, status, "{line:?}");
        }
        for (header, status) in [
            ("Accept: */*", None),
            ("X-Name: 林", None),
            ("X-Empty:", None),
            ("Content-Length: 3\r\nContent-Length: 3", None),
            ("X: a\0b", Some("400")),
            ("no colon", Some("400")),
            (" goes on: x", Some("400")),
            ("Content-Length: many", Some("400")),
            ("Content-Length: 3\r\nContent-Length: 4", Some("400")),
            (&"X: y\r\n".repeat(150), Some("431")),
        ] {
            let head = format!("GET / HTTP/1.1\r\n{header}\r\n\r\n");
            let said = complaint(head.as_bytes()).map(|it| &it.status()[..3]);
            assert_eq!(said, status, "{header:?}");
        }
        assert_eq!(
            complaint(b"GET /\xff\xfe HTTP/1.1\r\n\r\n").unwrap().status(),
            "400 Bad Request"
        );
    }
}
