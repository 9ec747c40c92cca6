//! Who speaks plain HTTP where only TLS is spoken: an address typed without `https://`.

use rocket::tokio::io::AsyncWriteExt;
use rocket::tokio::net::TcpStream;
use rocket::tokio::time::timeout;

use super::client::{Client, End};
use super::{Inside, sorry, wire};

/// Sends plain HTTP to the same page under TLS.
pub(super) async fn redirect(inside: &Inside, stream: TcpStream) {
    let mut client = Client::new(stream);
    let end = match timeout(inside.limits.header, client.inflow.head()).await {
        Ok(Ok(Some(head))) => {
            let moved = sorry::moved(&secure_url(&head, inside));
            drop(timeout(inside.limits.linger, client.out.write_all(moved.as_bytes())).await);
            End::Early
        }
        Ok(Ok(None) | Err(_)) => End::Quietly,
        Err(_) => End::Saying(&sorry::LATE),
    };
    client.part(&inside.limits, end).await;
}

/// The address that was asked for, under TLS; the door's own where it is none that may be said.
fn secure_url(head: &[u8], inside: &Inside) -> String {
    let in_host = |it: u8| it.is_ascii_alphanumeric() || b".-:[]".contains(&it);
    let in_path = |it: u8| it.is_ascii_graphic() && !b"\"'<>\\".contains(&it);
    let host = wire::header(head, "host").next();
    let host = host.filter(|it| !it.is_empty() && it.bytes().all(in_host));
    let host = host.map_or_else(|| inside.public.to_string(), str::to_owned);
    let path = wire::first_line(head).get(1).copied();
    let path = path.filter(|it| it.starts_with('/') && it.bytes().all(in_path)).unwrap_or("/");
    format!("https://{host}{path}")
}
