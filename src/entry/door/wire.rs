//! As much of HTTP/1.1 as the door must read: where a message ends (RFC 9112, 2.1, 6 and 7.1).
//!
//! Rocket reads the same bytes with a parser of its own. Should the two disagree, whoever wrote
//! them is cut off too early or too late, and nothing else happens: no leg is ever shared by two
//! clients, so nobody can hide a request behind another's.

/// Where the first lines of a message end, the blank line included. `from` is where to look on.
pub(super) fn head_end(bytes: &[u8], from: usize) -> Option<usize> {
    (from..bytes.len()).filter(|at| bytes[*at] == b'\n').find_map(|at| match &bytes[at + 1..] {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    })
}

/// The first line's words, as far as they are text.
pub(super) fn first_line(head: &[u8]) -> Vec<&str> {
    let line = head.split(|it| *it == b'\n').next().unwrap_or_default();
    std::str::from_utf8(line).unwrap_or_default().split_whitespace().collect()
}

/// The values of a header, in the order of its lines.
pub(super) fn header<'h>(head: &'h [u8], name: &str) -> impl Iterator<Item = &'h str> {
    head.split(|it| *it == b'\n').skip(1).filter_map(move |line| {
        let (its, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
        its.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// A message's body, as far as it has not passed yet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// So many bytes are left.
    Left(u64),
    /// Chunks, up to the one of length 0.
    Chunks(Chunk),
    /// All that comes until the connection closes.
    UntilClosed,
}

impl Body {
    /// The body that follows a request's first lines.
    pub(super) fn of_request(head: &[u8]) -> Body {
        if is_chunked(head) { Body::chunks() } else { Body::Left(length(head).unwrap_or(0)) }
    }

    /// The body that follows an answer's first lines.
    pub(super) fn of_answer(head: &[u8], to_head: bool) -> Body {
        let status = first_line(head).get(1).copied().unwrap_or_default();
        if to_head || is_interim(head) || matches!(status, "204" | "304") {
            Body::Left(0)
        } else if is_chunked(head) {
            Body::chunks()
        } else {
            length(head).map_or(Body::UntilClosed, Body::Left)
        }
    }

    fn chunks() -> Body {
        Body::Chunks(Chunk::Size(0))
    }

    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Body::Left(0) | Body::Chunks(Chunk::Over))
    }

    /// How many of the next bytes belong to the body; they count as passed.
    pub(super) fn take(&mut self, bytes: &[u8]) -> usize {
        match self {
            Body::Left(left) => {
                let taken = bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= taken as u64;
                taken
            }
            Body::Chunks(chunk) => {
                let Some(taken) = chunk.take(bytes) else {
                    *self = Body::UntilClosed;
                    return bytes.len();
                };
                taken
            }
            Body::UntilClosed => bytes.len(),
        }
    }
}

/// Where in a chunked body the next byte stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Chunk {
    /// In the digits of a size.
    Size(u64),
    /// Behind them, up to the end of the line.
    Extension(u64),
    /// In the data.
    Data(u64),
    /// Behind the data, up to the end of the line.
    Gap,
    /// In the lines after the last chunk; whether the line has begun.
    Trailer(bool),
    /// All has passed.
    Over,
}

impl Chunk {
    /// How many of the next bytes belong to the chunks; nothing when they are none.
    fn take(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() && *self != Chunk::Over {
            if let Chunk::Data(left) = *self {
                let taken = (bytes.len() - at).min(usize::try_from(left).unwrap_or(usize::MAX));
                at += taken;
                let left = left - taken as u64;
                *self = if left == 0 { Chunk::Gap } else { Chunk::Data(left) };
            } else {
                *self = self.after(bytes[at])?;
                at += 1;
            }
        }
        Some(at)
    }

    /// Where the byte after this one stands.
    fn after(&self, byte: u8) -> Option<Chunk> {
        Some(match (self, byte) {
            (Chunk::Size(0) | Chunk::Extension(0), b'\n') => Chunk::Trailer(false),
            (Chunk::Size(size) | Chunk::Extension(size), b'\n') => Chunk::Data(*size),
            (Chunk::Size(size), b';' | b' ' | b'\t' | b'\r') => Chunk::Extension(*size),
            (Chunk::Size(size), digit) => {
                let digit = char::from(digit).to_digit(16)?;
                Chunk::Size(size.checked_mul(16)?.checked_add(u64::from(digit))?)
            }
            (Chunk::Extension(size), _) => Chunk::Extension(*size),
            (Chunk::Data(left), _) => Chunk::Data(*left),
            (Chunk::Gap, b'\n') => Chunk::Size(0),
            (Chunk::Gap, _) => Chunk::Gap,
            (Chunk::Trailer(false), b'\n') => Chunk::Over,
            (Chunk::Trailer(true), b'\n') => Chunk::Trailer(false),
            (Chunk::Trailer(begun), byte) => Chunk::Trailer(*begun || byte != b'\r'),
            (Chunk::Over, _) => Chunk::Over,
        })
    }
}

/// Whether an answer only says that another will follow.
pub(super) fn is_interim(head: &[u8]) -> bool {
    first_line(head).get(1).is_some_and(|it| it.starts_with('1') && *it != "101")
}

fn is_chunked(head: &[u8]) -> bool {
    let last = header(head, "transfer-encoding").last();
    last.is_some_and(|it| it.to_ascii_lowercase().ends_with("chunked"))
}

fn length(head: &[u8]) -> Option<u64> {
    header(head, "content-length").next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Body, head_end};

    #[test]
    fn a_head_ends_with_a_blank_line() {
        for (bytes, end) in [
            (&b"GET / HTTP/1.1\r\nHost: a\r\n\r\nrest"[..], Some(27)),
            (b"GET / HTTP/1.1\n\nrest", Some(16)),
            (b"GET / HTTP/1.1\r\nHost: a\r\n\r", None),
            (b"GET / HTTP/1.1\r\nHost: a\r\n", None),
            (b"", None),
        ] {
            assert_eq!(head_end(bytes, 0), end, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_body_ends_where_its_head_says() {
        for (head, rest, taken) in [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /next", 0),
            ("POST / HTTP/1.1\r\ncontent-LENGTH: 5\r\n\r\n", "12345GET /next", 5),
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "2\r\nab\r\n0\r\n\r\nGET",
                12,
            ),
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\nContent-Length: 3\r\n\r\n",
                "A;x=1\r\n0123456789\r\n000\r\nTag: 1\r\n\r\nGET",
                34,
            ),
            // What is no size is no chunk: all of it may pass, and Rocket judges it.
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "zz\r\nab", 6),
        ] {
            // In one piece, and byte for byte.
            let mut body = Body::of_request(head.as_bytes());
            assert_eq!(body.take(rest.as_bytes()), taken, "{head}{rest}");
            let mut body = Body::of_request(head.as_bytes());
            let bytes = rest.as_bytes().chunks(1).map(|it| body.take(it)).sum::<usize>();
            assert_eq!(bytes, taken, "{head}{rest}");
        }
    }

    #[test]
    fn an_answer_has_the_body_its_status_allows() {
        let long = "Content-Length: 7\r\n\r\n";
        for (status, to_head, body) in [
            ("200 OK", false, Body::Left(7)),
            ("200 OK", true, Body::Left(0)),
            ("304 Not Modified", false, Body::Left(0)),
            ("100 Continue", false, Body::Left(0)),
        ] {
            let head = format!("HTTP/1.1 {status}\r\n{long}");
            assert_eq!(Body::of_answer(head.as_bytes(), to_head), body, "{status}");
        }
        assert_eq!(Body::of_answer(b"HTTP/1.0 200 OK\r\n\r\n", false), Body::UntilClosed);
    }
}
