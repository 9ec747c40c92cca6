//! Several windows: the platform's cashier opens one of its own.

use serde_json::json;

use super::driver::Unmet;
use super::patience::Wait;
use super::{Browser, must, text};

impl Browser {
    /// The titles of all windows, oldest first.
    #[track_caller]
    pub fn windows(&self) -> Vec<String> {
        let here = must(self.session.get("window"), "the window");
        let titles =
            self.handles().iter().map(|it| self.title_of(it).unwrap_or_default()).collect();
        must(self.session.post("window", &json!({ "handle": here })), "the window");
        titles
    }

    /// Waits for a window with this in its title, and goes on there.
    #[track_caller]
    pub fn switch_to(&self, part: &str) {
        self.wait(|| {
            let bears = |it: &String| self.title_of(it).is_ok_and(|title| title.contains(part));
            match self.handles().iter().any(bears) {
                true => Ok(()),
                false => Err(Wait::More(format!("no window is called 「{part}」"))),
            }
        });
    }

    /// Opens another tab, goes on there, and tells how many there were before.
    #[track_caller]
    pub fn new_tab(&self) -> usize {
        let before = self.handles().len();
        let made = must(self.session.post("window/new", &json!({ "type": "tab" })), "a tab");
        must(self.session.post("window", &json!({ "handle": made["handle"] })), "the tab");
        before
    }

    /// Goes on in the window that was opened as the n-th, from 0.
    #[track_caller]
    pub fn switch_to_nth(&self, n: usize) {
        let handle = self.handles().get(n).cloned().unwrap_or_else(|| panic!("no window {n}"));
        must(self.session.post("window", &json!({ "handle": handle })), "the window");
    }

    /// Closes the window, and goes on in the oldest.
    #[track_caller]
    pub fn close_window(&self) {
        must(self.session.delete("window"), "closing the window");
        let oldest = self.handles().first().cloned().expect("one window stays open");
        must(self.session.post("window", &json!({ "handle": oldest })), "the window");
    }

    fn handles(&self) -> Vec<String> {
        let handles = self.session.get("window/handles").unwrap_or_default();
        handles.as_array().map(|all| all.iter().map(text).collect()).unwrap_or_default()
    }

    /// Goes to a window and reads its title.
    fn title_of(&self, handle: &str) -> Result<String, Unmet> {
        self.session.post("window", &json!({ "handle": handle }))?;
        self.session.get("title").map(|it| text(&it))
    }
}
