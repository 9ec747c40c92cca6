use std::fmt;
use std::str::FromStr;

use super::mask::starred;
use super::typed::narrow;

/// An e-mail address of at most 100 characters, one that our mail can be sent to.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// The longest address, in characters.
    pub const CHARACTERS_MAX: usize = 100;

    /// The address.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The first character and the domain: `z*******@example.com`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        format!("{}@{domain}", starred(local, 1, 0))
    }
}

/// Reads an address by the rules of the library that will send to it, and asks for a dot in the
/// domain: `name@qq` is a slip.
///
/// # Errors
/// [`NotAnEmail`] for anything else.
impl FromStr for Email {
    type Err = NotAnEmail;

    fn from_str(text: &str) -> Result<Email, NotAnEmail> {
        let text = narrow(text);
        let address: lettre::Address = text.parse().map_err(|_| NotAnEmail)?;
        let fits = text.chars().count() <= Email::CHARACTERS_MAX;
        let domain_is_whole = address.domain().split('.').filter(|it| !it.is_empty()).count() > 1;
        if fits && domain_is_whole { Ok(Email(text)) } else { Err(NotAnEmail) }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Email({})", self.masked())
    }
}

complaint! {
    /// A text that is no e-mail address.
    NotAnEmail, "电子邮箱应形如 name@example.com，且不超过 100 个字符，请核对后重新填写"
}

#[cfg(test)]
mod tests {
    use super::Email;

    #[test]
    fn addresses_are_read_and_masked() {
        for (typed, kept, masked) in [
            ("lin@example.com", "lin@example.com", "l**@example.com"),
            (" ｌｉｎ＠example．com ", "lin@example.com", "l**@example.com"),
            ("a.b+c@mail.example.cn", "a.b+c@mail.example.cn", "a****@mail.example.cn"),
        ] {
            let email: Email = typed.parse().unwrap();
            assert_eq!((email.text(), email.masked().as_str()), (kept, masked));
        }
    }

    #[test]
    fn other_texts_are_no_addresses() {
        let long = format!("{}@example.com", "a".repeat(60) + "@" + &"b".repeat(60));
        for text in [
            "",
            "lin",
            "lin@",
            "@example.com",
            "lin@qq",
            "lin@qq.",
            "a b@example.com",
            "lin@example.com\r\nBcc: x@example.com",
            "lin@exa mple.com",
            &long,
        ] {
            assert!(text.parse::<Email>().is_err(), "{text}");
        }
    }
}
