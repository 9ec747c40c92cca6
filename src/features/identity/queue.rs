//! The fair queue in front of the password hash.
//!
//! A login that cannot be hashed at once gets a ticket: it is worked off in the order of coming,
//! whether anybody watches or not, and the browser that holds the ticket sees its place (排队)
//! until the answer is there. Nobody is turned away, and refreshing changes nothing.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rocket::tokio::sync::watch;
use rocket::tokio::{task, time};

use crate::base::chance::Chance;

/// How long a request waits for its answer before the 排队 page is shown.
const AT_ONCE: Duration = Duration::from_secs(2);
/// How long an answer is kept for a browser that does not come back for it.
const KEPT: Duration = Duration::from_secs(90);

/// Logins on their way. `A` is what a finished one answers.
pub struct Queue<A> {
    tickets: Mutex<HashMap<String, Ticket<A>>>,
    drawn: AtomicU64,
    done: Arc<AtomicU64>,
}

struct Ticket<A> {
    number: u64,
    answer: watch::Receiver<Option<A>>,
    asked: Instant,
}

/// Where a login stands.
#[derive(Debug)]
pub enum Standing<A> {
    /// It is done; this is its answer, given once.
    Done(A),
    /// It waits.
    Waiting {
        /// What the browser asks again with.
        ticket: String,
        /// How many are before it.
        ahead: u64,
    },
    /// Nobody knows this ticket (any more).
    Gone,
}

impl<A: Clone + Send + Sync + 'static> Queue<A> {
    /// An empty queue.
    pub fn new() -> Queue<A> {
        Queue { tickets: Mutex::default(), drawn: AtomicU64::new(0), done: Arc::default() }
    }

    /// Sends a login on its way and waits a moment for its answer.
    pub async fn enter(
        &self,
        chance: &Chance,
        login: Pin<Box<dyn Future<Output = A> + Send>>,
    ) -> Standing<A> {
        let (tell, answer) = watch::channel(None);
        let ticket = chance.token();
        let number = self.drawn.fetch_add(1, Ordering::Relaxed);
        let done = self.done.clone();
        // A task of its own: a browser that goes away must not leave a hole in the queue.
        task::spawn(async move {
            let answer = login.await;
            done.fetch_add(1, Ordering::Relaxed);
            drop(tell.send(Some(answer)));
        });
        let mine = Ticket { number, answer, asked: Instant::now() };
        self.lock().insert(ticket.clone(), mine);
        self.wait(&ticket).await
    }

    /// Asks after a ticket, and waits a moment for its answer.
    pub async fn wait(&self, ticket: &str) -> Standing<A> {
        let Some(mut answer) = self.look(ticket) else { return Standing::Gone };
        // A sender that is gone without an answer has panicked; its ticket is then gone as well.
        let told = time::timeout(AT_ONCE, answer.wait_for(Option::is_some)).await;
        match told {
            Ok(Ok(given)) => {
                let given = given.clone();
                self.lock().remove(ticket);
                given.map_or(Standing::Gone, Standing::Done)
            }
            Ok(Err(_)) => {
                self.lock().remove(ticket);
                Standing::Gone
            }
            Err(_) => Standing::Waiting { ticket: ticket.to_owned(), ahead: self.ahead(ticket) },
        }
    }

    fn look(&self, ticket: &str) -> Option<watch::Receiver<Option<A>>> {
        let mut tickets = self.lock();
        tickets.retain(|_, it| it.answer.borrow().is_none() || it.asked.elapsed() < KEPT);
        let mine = tickets.get_mut(ticket)?;
        mine.asked = Instant::now();
        Some(mine.answer.clone())
    }

    fn ahead(&self, ticket: &str) -> u64 {
        let number = self.lock().get(ticket).map_or(0, |it| it.number);
        number.saturating_sub(self.done.load(Ordering::Relaxed))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Ticket<A>>> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<A: Clone + Send + Sync + 'static> Default for Queue<A> {
    fn default() -> Queue<A> {
        Queue::new()
    }
}
