//! On whose behalf something is changed, and from where.

use std::net::IpAddr;

/// On whose behalf something is changed. People are named by their account's number, never by
/// their document's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A candidate, by account.
    Candidate(i64),
    /// A member of staff, by account.
    Staff(i64),
    /// The payment platform, by a signed message.
    Platform,
    /// A job of the night shift, by its name.
    Job(&'static str),
    /// Whoever sits at the machine's command line.
    Operator,
    /// Somebody who has not said who they are.
    Nobody,
}

/// An [`Actor`] and the address the request came from.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// Who.
    pub actor: Actor,
    /// From where, when it came over the network.
    pub address: Option<IpAddr>,
}

impl Actor {
    /// The same actor, acting from `address`.
    pub fn from(self, address: IpAddr) -> By {
        By { actor: self, address: Some(address) }
    }

    /// The actor's kind as the audit log writes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::Candidate(_) => "candidate",
            Actor::Staff(_) => "staff",
            Actor::Platform => "platform",
            Actor::Job(_) => "job",
            Actor::Operator => "operator",
            Actor::Nobody => "nobody",
        }
    }

    /// Which one of its kind: an account's number or a job's name.
    pub fn which(&self) -> Option<String> {
        match self {
            Actor::Candidate(account) | Actor::Staff(account) => Some(account.to_string()),
            Actor::Job(name) => Some((*name).to_owned()),
            Actor::Platform | Actor::Operator | Actor::Nobody => None,
        }
    }
}

impl From<Actor> for By {
    fn from(actor: Actor) -> By {
        By { actor, address: None }
    }
}
