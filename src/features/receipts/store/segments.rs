//! The ranges that numbers are drawn from.

use rusqlite::params;

use crate::base::outcome::Fault;
use crate::features::receipts::rules::{Number, Segment};
use crate::machinery::db::{ReadTx, WriteTx};

/// Draws the next number of the first segment that has one. `None`: all are used up.
pub(in crate::features::receipts) fn next_number(
    tx: &WriteTx<'_>,
) -> Result<Option<Number>, Fault> {
    tx.one(
        "update receipt_segments
            set next_no = next_no + 1
          where id = (select id
                        from receipt_segments
                       where next_no <= last_no
                       order by id
                       limit 1)
         returning code, next_no - 1",
        (),
        |row| Ok(Number { code: row.get(0)?, serial: row.get(1)? }),
    )
}

pub(in crate::features::receipts) fn segments(tx: &ReadTx<'_>) -> Result<Vec<Segment>, Fault> {
    tx.all(
        "select code, first_no, last_no, next_no
           from receipt_segments
          order by id",
        (),
        |row| {
            Ok(Segment {
                code: row.get(0)?,
                first: row.get(1)?,
                last: row.get(2)?,
                next: row.get(3)?,
            })
        },
    )
}

pub(in crate::features::receipts) fn insert_segment(
    tx: &WriteTx<'_>,
    segment: &Segment,
) -> Result<i64, Fault> {
    tx.insert(
        "insert into receipt_segments (code, first_no, last_no, next_no, added_at)
         values (?1, ?2, ?3, ?4, ?5)",
        params![segment.code, segment.first, segment.last, segment.next, tx.now()],
    )
}
