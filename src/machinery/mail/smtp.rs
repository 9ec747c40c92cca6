//! A mail server, over SMTP.

use std::time::Duration;

use lettre::{SmtpTransport, Transport as _};

use super::rules::is_for_good;
use super::{NotSent, Transport};
use crate::base::outcome::Fault;

/// How long the server may take for any one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The mail server of the settings. One connection serves all letters of a delivery.
pub struct Server(SmtpTransport);

impl Server {
    /// The server at `smtp://user:password@host:port` or `smtps://…`.
    ///
    /// # Errors
    /// A fault when the address cannot be read. It does not repeat it: a password may stand in it.
    pub fn at(url: &str) -> Result<Server, Fault> {
        let builder = SmtpTransport::from_url(&guarded(url)).map_err(|_| {
            Fault::new("the setting 'mail_server' is no smtp:// or smtps:// address")
        })?;
        Ok(Server(builder.timeout(Some(PATIENCE)).build()))
    }
}

/// Beyond this machine a plain `smtp://` must change to TLS (STARTTLS) before anything is said,
/// unless the setting says otherwise itself (`?tls=opportunistic`).
fn guarded(url: &str) -> String {
    let Some(rest) = url.strip_prefix("smtp://") else { return url.to_owned() };
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let here = ["localhost", "127.", "[::1]"].iter().any(|it| host.starts_with(it));
    let said = url.contains("tls=");
    match (here || said, url.contains('?')) {
        (true, _) => url.to_owned(),
        (false, true) => format!("{url}&tls=required"),
        (false, false) => format!("{url}?tls=required"),
    }
}

impl Transport for Server {
    fn send(&self, letter: &lettre::Message) -> Result<(), NotSent> {
        self.0.send(letter).map(|_| ()).map_err(|error| {
            let code = error.status().map(u16::from);
            NotSent { for_good: code.is_some_and(is_for_good), said: error.to_string() }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Server, guarded};

    #[test]
    fn passwords_do_not_leave_the_machine_in_the_clear() {
        for (set, used) in [
            ("smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525"),
            ("smtp://u:p@localhost:25", "smtp://u:p@localhost:25"),
            ("smtp://u:p@mail.example.com", "smtp://u:p@mail.example.com?tls=required"),
            (
                "smtp://mail.example.com?tls=opportunistic",
                "smtp://mail.example.com?tls=opportunistic",
            ),
            ("smtps://u:p@mail.example.com", "smtps://u:p@mail.example.com"),
        ] {
            assert_eq!(guarded(set), used);
            assert!(Server::at(set).is_ok(), "{set}");
        }
        let fault = Server::at("http://u:geheim@mail.example.com").err().unwrap();
        assert!(!fault.to_string().contains("geheim"));
    }
}
