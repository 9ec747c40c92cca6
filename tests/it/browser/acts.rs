//! What a person does to one thing on the page.

use std::path::Path;

use serde_json::{Value, json};

use super::patience::Wait;
use super::{Browser, FIND, must, text};

/// The key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Browser {
    /// Presses the button of that name.
    #[track_caller]
    pub fn press(&self, button: &str) {
        self.act("button", button, None, "click", Some(json!({})));
    }

    /// Presses the button of that name twice, as fast as a finger does.
    #[track_caller]
    pub fn press_twice(&self, button: &str) {
        let found = self.wait(|| {
            let found = self.session.run(FIND, &json!(["button", button, null]))?;
            match found["element"][ELEMENT].is_string() {
                true => Ok(found["element"].clone()),
                false => Err(Wait::More(text(&found["missing"]))),
            }
        });
        let stroke = |it: &str| json!({ "type": it, "button": 0 });
        let [down, up] = ["pointerDown", "pointerUp"].map(stroke);
        let there = json!({ "type": "pointerMove", "origin": found, "x": 0, "y": 0 });
        let strokes = json!([there, down, up, down, up]);
        let finger = json!({ "type": "pointer", "id": "finger", "actions": strokes });
        must(self.session.post("actions", &json!({ "actions": [finger] })), "the finger");
    }

    /// Presses the button of that name in the row, card or form that holds certain words.
    #[track_caller]
    pub fn press_beside(&self, words: &str, button: &str) {
        self.act("button", button, Some(words), "click", Some(json!({})));
    }

    /// Follows the link of that name.
    #[track_caller]
    pub fn follow(&self, link: &str) {
        self.act("link", link, None, "click", Some(json!({})));
    }

    /// Follows the link of that name in the row or card that holds certain words.
    #[track_caller]
    pub fn follow_beside(&self, words: &str, link: &str) {
        self.act("link", link, Some(words), "click", Some(json!({})));
    }

    /// Ticks a box, or chooses one of several.
    #[track_caller]
    pub fn choose(&self, label: &str) {
        self.act("field", label, None, "click", Some(json!({})));
    }

    /// Writes into the field of that label, in place of what stood there. A list takes the name
    /// of one of its lines.
    #[track_caller]
    pub fn fill(&self, label: &str, value: &str) {
        let tag = self.act("field", label, None, "name", None);
        if tag != "select" {
            self.act("field", label, None, "clear", Some(json!({})));
        }
        self.act("field", label, None, "value", Some(json!({ "text": value })));
    }

    /// Gives a file to the field of that label.
    #[track_caller]
    pub fn attach(&self, label: &str, file: &Path) {
        let path = file.canonicalize().unwrap_or_else(|it| panic!("{}: {it}", file.display()));
        self.act("field", label, None, "value", Some(json!({ "text": path.to_string_lossy() })));
    }

    /// What stands in the field of that label.
    #[track_caller]
    pub fn value(&self, label: &str) -> String {
        text(&self.act("field", label, None, "property/value", None))
    }

    /// Does something to one element, or asks it something, as soon as the page lets it.
    #[track_caller]
    fn act(
        &self,
        what: &str,
        called: &str,
        beside: Option<&str>,
        act: &str,
        with: Option<Value>,
    ) -> Value {
        self.wait(|| {
            let found = self.session.run(FIND, &json!([what, called, beside]))?;
            let Some(id) = found["element"][ELEMENT].as_str() else {
                return Err(Wait::More(text(&found["missing"])));
            };
            let path = format!("element/{id}/{act}");
            let done = match &with {
                Some(with) => self.session.post(&path, with),
                None => self.session.get(&path),
            };
            done.map_err(|it| match it.is_early() {
                true => Wait::More(it.message),
                // Whether it happened is not known; it must not happen twice.
                false => Wait::Never(it.message),
            })
        })
    }
}
