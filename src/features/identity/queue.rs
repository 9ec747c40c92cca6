//! The fair queue in front of the password hash.
//!
//! A login that cannot be hashed at once gets a ticket: it is worked off in the order of coming,
//! whether anybody watches or not, and the browser that holds the ticket sees its place (排队)
//! until the answer is there. Nobody is turned away, and refreshing changes nothing.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rocket::tokio::sync::watch;
use rocket::tokio::{task, time};

use crate::base::chance::Chance;

/// How long a request waits for its answer before the 排队 page is shown.
const AT_ONCE: Duration = Duration::from_secs(2);
/// How long an answer is kept for a browser that does not come back for it.
const KEPT: Duration = Duration::from_secs(90);
/// How many of the last answers the pace is measured by.
const PACE_OF: usize = 32;
/// What an answer is thought to take before any was measured: one hash.
const FIRST_PACE: Duration = Duration::from_millis(25);

/// Logins on their way. `A` is what a finished one answers.
pub struct Queue<A> {
    tickets: Mutex<HashMap<String, Ticket<A>>>,
    drawn: AtomicU64,
    worked_off: Arc<WorkedOff>,
    patience: Duration,
}

struct Ticket<A> {
    number: u64,
    answer: watch::Receiver<Option<A>>,
    asked: Instant,
}

impl<A> Ticket<A> {
    fn is_on_its_way(&self) -> bool {
        self.answer.borrow().is_none() && self.answer.has_changed().is_ok()
    }
}

#[derive(Default)]
struct WorkedOff {
    count: AtomicU64,
    last: Mutex<VecDeque<Instant>>,
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
        /// Where in the queue.
        place: Place,
    },
    /// Nobody knows this ticket (any more).
    Gone,
}

/// A place in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// How many are before it.
    pub ahead: u64,
    /// How long that will take at the present pace.
    pub wait: Duration,
}

/// What is known of a ticket without taking its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Its answer is there.
    Done,
    /// It waits.
    Waiting(Place),
    /// Nobody knows it (any more).
    Gone,
}

impl<A: Clone + Send + Sync + 'static> Queue<A> {
    /// An empty queue.
    pub fn new() -> Queue<A> {
        Queue::with_patience(AT_ONCE)
    }

    /// An empty queue whose requests wait so long before they are shown their place.
    pub fn with_patience(patience: Duration) -> Queue<A> {
        Queue {
            tickets: Mutex::default(),
            drawn: AtomicU64::new(0),
            worked_off: Arc::default(),
            patience,
        }
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
        let leaving = Leaving(self.worked_off.clone());
        // A task of its own: a browser that goes away must not leave a hole in the queue.
        task::spawn(async move {
            let answer = login.await;
            drop(leaving);
            drop(tell.send(Some(answer)));
        });
        let mine = Ticket { number, answer, asked: Instant::now() };
        lock(&self.tickets).insert(ticket.clone(), mine);
        self.wait(&ticket).await
    }

    /// Asks after a ticket, waits a moment for its answer, and takes it.
    pub async fn wait(&self, ticket: &str) -> Standing<A> {
        let Some(mut answer) = self.asked(ticket) else { return Standing::Gone };
        let told = time::timeout(self.patience, answer.wait_for(Option::is_some)).await;
        match told {
            Ok(Ok(given)) => {
                let given = given.clone();
                lock(&self.tickets).remove(ticket);
                given.map_or(Standing::Gone, Standing::Done)
            }
            // A sender that is gone without an answer has panicked; its ticket is then gone as well.
            Ok(Err(_)) => {
                lock(&self.tickets).remove(ticket);
                Standing::Gone
            }
            Err(_) => Standing::Waiting { ticket: ticket.to_owned(), place: self.place(ticket) },
        }
    }

    /// Looks after a ticket without waiting for its answer and without taking it.
    pub fn look(&self, ticket: &str) -> Look {
        match self.asked(ticket) {
            None => Look::Gone,
            Some(answer) if answer.borrow().is_some() => Look::Done,
            // Nobody will answer it any more: the page itself finds that out.
            Some(answer) if answer.has_changed().is_err() => Look::Done,
            Some(_) => Look::Waiting(self.place(ticket)),
        }
    }

    fn asked(&self, ticket: &str) -> Option<watch::Receiver<Option<A>>> {
        let mut tickets = lock(&self.tickets);
        tickets.retain(|_, it| it.asked.elapsed() < KEPT || it.is_on_its_way());
        let mine = tickets.get_mut(ticket)?;
        mine.asked = Instant::now();
        Some(mine.answer.clone())
    }

    fn place(&self, ticket: &str) -> Place {
        let number = lock(&self.tickets).get(ticket).map_or(0, |it| it.number);
        let ahead = number.saturating_sub(self.worked_off.count.load(Ordering::Relaxed));
        // Those before it, and its own.
        let answers = u32::try_from(ahead + 1).unwrap_or(u32::MAX);
        Place { ahead, wait: self.worked_off.pace().saturating_mul(answers) }
    }
}

impl<A: Clone + Send + Sync + 'static> Default for Queue<A> {
    fn default() -> Queue<A> {
        Queue::new()
    }
}

/// Counts a login as worked off, also when it panics.
struct Leaving(Arc<WorkedOff>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.count.fetch_add(1, Ordering::Relaxed);
        let mut last = lock(&self.0.last);
        last.push_back(Instant::now());
        if last.len() > PACE_OF {
            last.pop_front();
        }
    }
}

impl WorkedOff {
    /// How long one answer takes: the mean of the last ones that followed each other closely.
    fn pace(&self) -> Duration {
        let last = lock(&self.last);
        let gaps =
            last.iter().zip(last.iter().skip(1)).map(|(one, next)| next.duration_since(*one));
        let busy: Vec<Duration> = gaps.filter(|it| *it < Duration::from_secs(1)).collect();
        let count = u32::try_from(busy.len()).unwrap_or(0);
        busy.iter().sum::<Duration>().checked_div(count).unwrap_or(FIRST_PACE)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use rocket::tokio::sync::oneshot;

    use super::*;

    fn queue() -> Queue<&'static str> {
        Queue::with_patience(Duration::from_millis(20))
    }

    #[rocket::async_test]
    async fn an_answer_that_is_there_is_given_once() {
        let (queue, chance) = (queue(), Chance::seeded(1));
        let Standing::Done("in") = queue.enter(&chance, Box::pin(async { "in" })).await else {
            panic!("it should be done");
        };
        let (open, door) = oneshot::channel::<()>();
        let login = Box::pin(async move {
            drop(door.await);
            "later"
        });
        let Standing::Waiting { ticket, place } = queue.enter(&chance, login).await else {
            panic!("it should wait");
        };
        assert_eq!(place.ahead, 0);
        assert!(matches!(queue.look(&ticket), Look::Waiting(it) if it.ahead == 0));
        open.send(()).unwrap();
        assert!(matches!(queue.wait(&ticket).await, Standing::Done("later")));
        assert!(matches!(queue.wait(&ticket).await, Standing::Gone));
        assert_eq!(queue.look("nobody's"), Look::Gone);
    }

    #[rocket::async_test]
    async fn whoever_came_first_is_before_whoever_came_later() {
        let (queue, chance) = (queue(), Chance::seeded(1));
        let mut places = Vec::new();
        for _ in 0..3 {
            let never = Box::pin(std::future::pending());
            let Standing::Waiting { place, .. } = queue.enter(&chance, never).await else {
                panic!("it should wait");
            };
            places.push(place.ahead);
        }
        assert_eq!(places, [0, 1, 2]);
    }

    #[rocket::async_test]
    async fn a_login_that_breaks_holds_nobody_up() {
        let (queue, chance) = (queue(), Chance::seeded(1));
        let broken = queue.enter(&chance, Box::pin(async { panic!("a bug") })).await;
        assert!(matches!(broken, Standing::Gone));
        let next = queue.enter(&chance, Box::pin(std::future::pending())).await;
        assert!(matches!(next, Standing::Waiting { place, .. } if place.ahead == 0));
    }
}
