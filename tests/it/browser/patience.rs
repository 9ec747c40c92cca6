//! Nothing is slept for: what must come is looked for again and again, until a deadline.

use std::time::{Duration, Instant};

use super::Browser;
use super::driver::Unmet;

/// How long a person waits for something to appear. Generous: two cores may be busy.
const PATIENCE: Duration = Duration::from_secs(15);

/// How often is looked again meanwhile.
const LOOK_AGAIN: Duration = Duration::from_millis(40);

/// Why something is not so.
pub enum Wait {
    /// It may come.
    More(String),
    /// It will not.
    Never(String),
}

impl From<Unmet> for Wait {
    fn from(unmet: Unmet) -> Wait {
        let why = format!("{}: {}", unmet.code, unmet.message);
        if unmet.is_final() { Wait::Never(why) } else { Wait::More(why) }
    }
}

impl Browser {
    /// Looks again and again, until it is so or patience ends.
    #[track_caller]
    pub fn wait<T>(&self, mut look: impl FnMut() -> Result<T, Wait>) -> T {
        let begun = Instant::now();
        loop {
            let why = match look() {
                Ok(seen) => return seen,
                Err(Wait::More(_)) if begun.elapsed() < PATIENCE => {
                    std::thread::sleep(LOOK_AGAIN);
                    continue;
                }
                Err(Wait::More(why) | Wait::Never(why)) => why,
            };
            let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
            let picture = self.shoot(&format!("failed-{test}")).unwrap_or_default();
            let url = self.session.get("url").unwrap_or_default();
            panic!("{why}\n{url}\n{}\n{}", picture.display(), self.text());
        }
    }
}
