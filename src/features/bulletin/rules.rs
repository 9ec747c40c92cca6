//! Announcements and the short lists of the site.

use jiff::Timestamp;

/// How many lines a list may have.
pub const LINES_MAX: usize = 20;

/// 公告.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Our number.
    pub id: i64,
    /// One line.
    pub title: String,
    /// Paragraphs, parted by empty lines.
    pub body: String,
    /// Since when it is shown.
    pub published_at: Timestamp,
    /// Since when it is not shown any more; `None`: it is.
    pub withdrawn_at: Option<Timestamp>,
}

impl Announcement {
    /// Its paragraphs.
    pub fn paragraphs(&self) -> Vec<String> {
        paragraphs(&self.body)
    }
}

/// An announcement about to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAnnouncement {
    /// One line.
    pub title: String,
    /// Paragraphs, parted by empty lines.
    pub body: String,
}

/// A text's paragraphs: what empty lines part. Single line ends stay inside.
pub fn paragraphs(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    let mut paragraphs: Vec<String> = Vec::new();
    let mut is_inside = false;
    for line in text.lines().map(str::trim_end) {
        match (line.trim().is_empty(), is_inside, paragraphs.last_mut()) {
            (true, _, _) => is_inside = false,
            (false, true, Some(last)) => {
                last.push('\n');
                last.push_str(line);
            }
            (false, _, _) => {
                paragraphs.push(line.to_owned());
                is_inside = true;
            }
        }
    }
    paragraphs
}

/// The short lists of the site that staff edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Whom to ask, and when somebody answers.
    Contacts,
    /// The addresses to choose from (选择线路).
    Routes,
    /// Where browsers are downloaded.
    Browsers,
}

impl List {
    /// All of them.
    pub const ALL: [List; 3] = [List::Contacts, List::Routes, List::Browsers];

    /// As it lies in the database.
    pub fn name(self) -> &'static str {
        match self {
            List::Contacts => "contact",
            List::Routes => "line",
            List::Browsers => "browser",
        }
    }

    /// What it holds until staff set it.
    pub(super) fn built_in(self) -> Vec<Line> {
        match self {
            List::Contacts | List::Routes => Vec::new(),
            List::Browsers => vec![
                Line::new("Chrome 浏览器", "https://www.google.cn/chrome/"),
                Line::new("360 浏览器（极速模式）", "https://browser.360.cn/ee/"),
            ],
        }
    }
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// 技术支持 QQ; 线路一; Chrome 浏览器.
    pub label: String,
    /// A phone or QQ number; an address.
    pub value: String,
    /// When somebody answers; empty where that does not apply.
    pub hours: String,
}

impl Line {
    /// A line without hours.
    pub fn new(label: &str, value: &str) -> Line {
        Line { label: label.to_owned(), value: value.to_owned(), hours: String::new() }
    }

    /// Where the login of a line (选择线路) is: its address, and our path.
    pub fn sign_in_href(&self) -> String {
        format!("{}/sign-in", self.value.trim_end_matches('/'))
    }
}

/// Why an address cannot stand in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnAddress {
    /// It does not begin with a scheme and a host.
    NotAnAddress,
    /// It would send people over an open wire.
    NotSafe,
}

impl std::fmt::Display for NotAnAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            NotAnAddress::NotAnAddress => "请填写完整的网址，例如 https://www.example.cn",
            NotAnAddress::NotSafe => "网址应以 https:// 开头，否则密码会以明文传送",
        })
    }
}

/// Reads the address of a web page: `https://…`, and `http://…` on this machine alone.
///
/// # Errors
/// [`NotAnAddress`] says why it cannot be one.
pub fn address(text: &str) -> Result<String, NotAnAddress> {
    let text = text.trim();
    let (scheme, rest) = text.split_once("://").ok_or(NotAnAddress::NotAnAddress)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = authority.split(':').next().unwrap_or("");
    let is_plain = text.chars().all(|it| it.is_ascii_graphic() && !"\"'<>\\@`".contains(it));
    if host.is_empty() || !is_plain {
        return Err(NotAnAddress::NotAnAddress);
    }
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Ok(text.to_owned()),
        "http" if matches!(host, "127.0.0.1" | "localhost") => Ok(text.to_owned()),
        "http" => Err(NotAnAddress::NotSafe),
        _ => Err(NotAnAddress::NotAnAddress),
    }
}

/// Why an act was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such announcement.
    Unknown,
    /// It was withdrawn.
    Withdrawn,
    /// The form was posted before, with other content.
    DoneBefore,
}

#[cfg(test)]
mod tests {
    use super::{NotAnAddress, address, paragraphs};

    #[test]
    fn empty_lines_part_paragraphs() {
        for (text, expected) in [
            ("", &[][..]),
            (" \r\n\r\n", &[]),
            ("一", &["一"]),
            ("一\r\n二\r\n\r\n三\r\n", &["一\n二", "三"]),
            ("\n\n一\n \n\n二  \n", &["一", "二"]),
        ] {
            assert_eq!(paragraphs(text), expected, "{text:?}");
        }
    }

    #[test]
    fn only_safe_addresses_are_links() {
        for (text, expected) in [
            ("https://pay.example.cn", Ok(())),
            (" https://pay.example.cn:8443/a?b=c#d ", Ok(())),
            ("HTTPS://pay.example.cn", Ok(())),
            ("http://127.0.0.1:8800", Ok(())),
            ("http://localhost", Ok(())),
            ("http://pay.example.cn", Err(NotAnAddress::NotSafe)),
            ("http://127.0.0.1.example.cn", Err(NotAnAddress::NotSafe)),
            ("http://localhost@example.cn", Err(NotAnAddress::NotAnAddress)),
            ("javascript:alert(1)", Err(NotAnAddress::NotAnAddress)),
            ("javascript://x/%0aalert(1)", Err(NotAnAddress::NotAnAddress)),
            ("www.example.cn", Err(NotAnAddress::NotAnAddress)),
            ("https://", Err(NotAnAddress::NotAnAddress)),
            ("https:///a", Err(NotAnAddress::NotAnAddress)),
            ("https://a b", Err(NotAnAddress::NotAnAddress)),
            ("", Err(NotAnAddress::NotAnAddress)),
        ] {
            assert_eq!(address(text).map(|_| ()), expected, "{text}");
        }
    }
}
