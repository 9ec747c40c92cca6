//! Everything that is wrong with a file, told at once.

use std::fmt;

/// How many complaints are listed; of the others only the number is told.
pub const LISTED_MAX: usize = 50;

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The line, from 1; 0: the file as a whole.
    pub line: usize,
    /// What is wrong, and what was expected, in one sentence.
    pub what: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.what),
            line => write!(f, "第 {line} 行：{}", self.what),
        }
    }
}

/// Everything that is wrong with a file, the first [`LISTED_MAX`] in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Complaints {
    /// The first of them.
    pub listed: Vec<Complaint>,
    /// How many more there are.
    pub more: usize,
}

impl Complaints {
    /// Just this one, about the file as a whole.
    pub fn of(what: impl Into<String>) -> Complaints {
        let mut complaints = Complaints::default();
        complaints.add(0, what);
        complaints
    }

    pub(super) fn add(&mut self, line: usize, what: impl Into<String>) {
        if self.listed.len() < LISTED_MAX {
            self.listed.push(Complaint { line, what: what.into() });
        } else {
            self.more += 1;
        }
    }

    /// Is nothing wrong?
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// All of them.
    pub fn count(&self) -> usize {
        self.listed.len() + self.more
    }
}
