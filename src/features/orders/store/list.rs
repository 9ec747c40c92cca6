//! The console's list of orders.

use rusqlite::params;

use super::{ORDER, named, read};
use crate::base::outcome::Fault;
use crate::features::orders::rules::{Order, State};
use crate::machinery::db::ReadTx;

/// Which orders a list shows.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// Only these states; empty: all.
    pub states: Vec<State>,
    /// An order's or trade's number, or the beginning of a payer's name; empty: any.
    pub text: String,
    /// Only orders placed before the one with this number (the last one of the page before).
    pub before: Option<i64>,
}

/// A page of the list, newest first.
pub(in crate::features::orders) fn list(
    tx: &ReadTx<'_>,
    sought: &Sought,
    limit: i64,
) -> Result<Vec<Order>, Fault> {
    let states: Vec<&str> = sought.states.iter().map(|it| it.name()).collect();
    let text = sought.text.trim();
    let like = format!("{}%", text.replace(['%', '_', '\\'], ""));
    tx.all(
        &format!(
            "{ORDER}
              where (?1 = '' or instr(?1, ',' || o.state || ',') > 0)
                and (?2 = '' or o.order_no = ?2 or o.payer like ?3
                     or o.order_no in (select order_no from payments where trade_no = ?2))
                and (?4 is null or o.id < ?4)
              order by o.id desc
              limit ?5"
        ),
        params![
            if states.is_empty() { String::new() } else { format!(",{},", states.join(",")) },
            text,
            like,
            sought.before,
            limit
        ],
        read,
    )
}

/// How many orders are in each state.
pub(in crate::features::orders) fn counts(tx: &ReadTx<'_>) -> Result<Vec<(State, i64)>, Fault> {
    tx.all("select state, count(*) from orders group by state", (), |row| {
        Ok((named(row, 0, State::from_name)?, row.get(1)?))
    })
}
