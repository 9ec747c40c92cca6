//! Everything that is known of a day, read at once.

use jiff::civil::Date;

use super::ours;
use super::rules::{
    ByChannel, ChannelSums, Closed, Difference, Known, Standing, Sums, by_channel, standing, total,
};
use super::store::{self, Closing, Taken};
use crate::base::clock::office_date;
use crate::base::outcome::Fault;
use crate::machinery::db::ReadTx;
use crate::machinery::gateway::Channel;

/// Everything that is known of a day.
pub struct Seen {
    /// The day.
    pub day: Date,
    /// Its statement.
    pub statement: Option<Taken>,
    /// How many statements of it came before that one.
    pub earlier: usize,
    /// What our books say, by channel.
    pub ours: ByChannel,
    /// Its differences, those that wait first.
    pub differences: Vec<Difference>,
    /// Its closings, its own first.
    pub closings: Vec<Closing>,
}

/// Everything that is known of a day.
///
/// # Errors
/// A fault when it cannot be read.
pub fn see(tx: &ReadTx<'_>, day: Date) -> Result<Seen, Fault> {
    let mut statements = store::statements(tx, day)?.into_iter();
    Ok(Seen {
        day,
        statement: statements.next(),
        earlier: statements.count(),
        ours: by_channel(&ours::of_day(tx, day)?),
        differences: store::differences(tx, day)?,
        closings: store::closings(tx, day)?,
    })
}

impl Seen {
    /// How it stands.
    pub fn standing(&self, tx: &ReadTx<'_>) -> Standing {
        let count = |keep: fn(&Difference) -> bool| {
            self.differences.iter().filter(|it| keep(it)).count() as i64
        };
        let (ours, theirs) = self.closed();
        let closed = Closed { ours, theirs, later: count(|it| it.closing.is_none()) };
        let known = Known {
            theirs: self.statement.as_ref().map(|it| it.sums),
            ours: total(&self.ours),
            unsettled: count(|it| it.state.is_unsettled()),
            closed: (!self.closings.is_empty()).then_some(closed),
        };
        standing(self.day, office_date(tx.now()), &known)
    }

    /// What all its closings come to: ours, theirs.
    pub fn closed(&self) -> (Sums, Sums) {
        self.closings.iter().fold(Default::default(), |(ours, theirs), it| {
            (it.ours.plus(ours), it.theirs.plus(theirs))
        })
    }

    /// The sums by channel, of all that is known of the day.
    pub fn all_channels(&self) -> Vec<ChannelSums> {
        let theirs = self.statement.as_ref().map(|it| &it.channels);
        let mut found: Vec<ChannelSums> = Channel::ALL
            .into_iter()
            .map(|channel| ChannelSums {
                name: channel.label().to_owned(),
                ours: of(&self.ours, channel),
                theirs: theirs.map(|it| of(it, channel)).unwrap_or_default(),
            })
            .collect();
        found.retain(ChannelSums::says_something);
        found
    }

    /// The same without what was closed before.
    pub(super) fn channels_since(&self) -> Vec<ChannelSums> {
        let mut found = self.all_channels();
        for before in self.closings.iter().flat_map(|it| &it.face.channels) {
            match found.iter_mut().find(|it| it.name == before.name) {
                Some(there) => *there = there.minus(before),
                None => found.push(ChannelSums::nothing(&before.name).minus(before)),
            }
        }
        found.retain(ChannelSums::says_something);
        found
    }
}

fn of(sums: &ByChannel, channel: Channel) -> Sums {
    let its = sums.iter().filter(|(code, _)| Channel::from_code(code) == channel);
    its.fold(Sums::default(), |all, (_, one)| all.plus(*one))
}
