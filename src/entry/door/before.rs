//! Rocket behind a door: launched on a loopback port of its own, ended after the door has closed.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Mutex;

use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use rocket::tokio::sync::oneshot;
use rocket::tokio::task::JoinHandle;
use rocket::{Build, Rocket, Shutdown};

use super::{Door, Limits, Opened, Secure};
use crate::web::Peers;

/// A Rocket that the door launched.
pub(super) struct Behind {
    shutdown: Shutdown,
    running: JoinHandle<io::Result<()>>,
}

impl Door {
    /// Launches `rocket` on a loopback port of its own, and opens a door before it.
    ///
    /// Signals are the caller's to hear: Rocket would close before the door has finished.
    ///
    /// # Errors
    /// As [`Door::open`], and when Rocket does not start.
    pub async fn before(
        rocket: Rocket<Build>,
        public: SocketAddr,
        tls: Option<Secure>,
        limits: Limits,
    ) -> io::Result<Opened> {
        let peers = Peers::default();
        let (rocket, lifted) = on_loopback(rocket, peers.clone());
        let rocket = rocket.ignite().await.map_err(unlaunched)?;
        let shutdown = rocket.shutdown();
        let running =
            rocket::tokio::spawn(
                async move { rocket.launch().await.map(drop).map_err(unlaunched) },
            );
        let mut behind = Behind { shutdown, running };
        let Ok(inner) = lifted.await else { return Err(behind.ended().await) };
        match (Door { public, inner, tls, limits, peers }).open().await {
            Ok(opened) => Ok(Opened { behind: Some(behind), ..opened }),
            Err(error) => behind.end().await.and(Err(error)),
        }
    }
}

/// Takes Rocket away from the public, and has it tell where it is.
fn on_loopback(
    rocket: Rocket<Build>,
    peers: Peers,
) -> (Rocket<Build>, oneshot::Receiver<SocketAddr>) {
    let figment = Figment::from(rocket.figment())
        .merge(("address", Ipv4Addr::LOCALHOST))
        .merge(("port", 0))
        .merge(("shutdown.ctrlc", false))
        .merge(("shutdown.signals", Vec::<String>::new()));
    let (tell, lifted) = oneshot::channel();
    let tell = Mutex::new(Some(tell));
    let telling = AdHoc::on_liftoff("tells the door its port", move |rocket| {
        let at = SocketAddr::new(rocket.config().address, rocket.config().port);
        let tell = tell.lock().ok().and_then(|mut it| it.take());
        // Nobody listens any more only when the start was given up.
        let _told = tell.map(|it| it.send(at));
        Box::pin(async {})
    });
    (rocket.configure(figment).manage(peers).attach(telling), lifted)
}

impl Behind {
    /// Waits for Rocket to end, which it does not do by itself unless something is wrong.
    pub(super) async fn ended(&mut self) -> io::Error {
        match (&mut self.running).await {
            Ok(Ok(())) => io::Error::other("Rocket ended by itself"),
            Ok(Err(error)) => error,
            Err(error) => error.into(),
        }
    }

    /// Ends Rocket, and waits until it has closed what it holds.
    pub(super) async fn end(self) -> io::Result<()> {
        self.shutdown.notify();
        self.running.await?
    }
}

fn unlaunched(error: rocket::Error) -> io::Error {
    // Rocket insists that its errors are looked at.
    io::Error::other(format!("Rocket does not start: {}", error.kind()))
}
