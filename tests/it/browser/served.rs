//! A few fixed pages on a port of their own, under the strict content policy of the house.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const POLICY: &str = "default-src 'none'; script-src 'self'; form-action 'self'";

/// Paths and what lies there. A query changes nothing.
pub type Pages = &'static [(&'static str, &'static str)];

/// The server; it stops when dropped.
pub struct Served {
    address: String,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Serves pages until the answer is dropped.
pub fn serve(pages: Pages) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it is bound").to_string();
    let stopped = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stopped);
    let thread = thread::spawn(move || {
        for caller in listener.incoming() {
            if seen.load(Ordering::Relaxed) {
                break;
            }
            // A browser opens connections ahead of need; none may hold up the others.
            thread::spawn(move || answer(caller.ok()?, pages).ok());
        }
    });
    Served { address, stopped, thread: Some(thread) }
}

impl Served {
    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // One more caller, so that it looks.
        drop(TcpStream::connect(&self.address));
        if let Some(thread) = self.thread.take() {
            // A panic there has been printed already.
            drop(thread.join());
        }
    }
}

fn answer(mut caller: TcpStream, pages: Pages) -> std::io::Result<()> {
    caller.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut lines = BufReader::new(caller.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let path = first.split([' ', '?']).nth(1).unwrap_or("/");
    let page = pages.iter().find(|(it, _)| *it == path).map(|(_, page)| *page);
    let (status, body) = page.map_or(("404 Not Found", "没有这一页"), |page| ("200 OK", page));
    let kind = if path.ends_with(".js") { "text/javascript" } else { "text/html" };
    write!(
        caller,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\n\
         Content-Security-Policy: {POLICY}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
