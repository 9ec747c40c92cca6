//! What was found: lines of three grades.

use serde_json::{Value, json};

/// How a thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// As it should be.
    Good,
    /// Nothing is broken; somebody should know.
    Look,
    /// Not as it should be.
    Wrong,
}

impl Grade {
    /// As operators read it.
    pub fn name(self) -> &'static str {
        match self {
            Grade::Good => "good",
            Grade::Look => "look at this",
            Grade::Wrong => "wrong",
        }
    }
}

/// One line of the proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How it stands.
    pub grade: Grade,
    /// What was looked at.
    pub what: &'static str,
    /// What was found.
    pub said: String,
    /// What to do; empty where all is good.
    pub what_to_do: &'static str,
}

/// All lines of a proof.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In the order they were found.
    pub findings: Vec<Finding>,
}

impl Report {
    /// How many lines have this grade.
    pub fn count(&self, grade: Grade) -> usize {
        self.findings.iter().filter(|it| it.grade == grade).count()
    }

    /// All of it as one JSON object.
    pub fn json(&self) -> Value {
        let finding = |it: &Finding| {
            json!({
                "grade": it.grade.name(),
                "what": it.what,
                "said": it.said,
                "what_to_do": it.what_to_do,
            })
        };
        json!({
            "sound": self.count(Grade::Wrong) == 0,
            "good": self.count(Grade::Good),
            "look_at_this": self.count(Grade::Look),
            "wrong": self.count(Grade::Wrong),
            "findings": self.findings.iter().map(finding).collect::<Vec<_>>(),
        })
    }

    pub(super) fn good(&mut self, what: &'static str, said: impl Into<String>) {
        self.add(Grade::Good, what, said.into(), "");
    }

    pub(super) fn look(&mut self, what: &'static str, said: impl Into<String>, todo: &'static str) {
        self.add(Grade::Look, what, said.into(), todo);
    }

    pub(super) fn wrong(
        &mut self,
        what: &'static str,
        said: impl Into<String>,
        todo: &'static str,
    ) {
        self.add(Grade::Wrong, what, said.into(), todo);
    }

    /// A line for each of `said`, or one good line when there is none.
    pub(super) fn each_wrong(
        &mut self,
        what: &'static str,
        said: Vec<String>,
        good: &str,
        todo: &'static str,
    ) {
        if said.is_empty() {
            return self.good(what, good);
        }
        let more = said.len().saturating_sub(NAMED_MAX);
        for line in said.into_iter().take(NAMED_MAX) {
            self.wrong(what, line, todo);
        }
        if more > 0 {
            self.wrong(what, format!("and {more} more"), todo);
        }
    }

    fn add(&mut self, grade: Grade, what: &'static str, said: String, what_to_do: &'static str) {
        self.findings.push(Finding { grade, what, said, what_to_do });
    }
}

/// How many things of one kind are named; the others are counted.
pub(super) const NAMED_MAX: usize = 50;
