//! Members of staff and their duties, as they lie in the database.

use rusqlite::{Row, params};

use super::rules::{Duties, DutyKind, Member, StaffLogin};
use crate::base::outcome::Fault;
use crate::machinery::db::{ReadTx, WriteTx};

pub(super) fn find(tx: &ReadTx<'_>, id: i64) -> Result<Option<Member>, Fault> {
    let found = tx.one(
        "select id, login, name, school_code, disabled_at is null
           from staff
          where id = ?1",
        [id],
        read,
    )?;
    found.map(|it| with_duties(tx, it)).transpose()
}

pub(super) fn find_by_login(tx: &ReadTx<'_>, login: &StaffLogin) -> Result<Option<Member>, Fault> {
    let found = tx.one(
        "select id, login, name, school_code, disabled_at is null
           from staff
          where login = ?1",
        [login.text()],
        read,
    )?;
    found.map(|it| with_duties(tx, it)).transpose()
}

pub(super) fn all(tx: &ReadTx<'_>) -> Result<Vec<Member>, Fault> {
    let found = tx.all(
        "select id, login, name, school_code, disabled_at is null
           from staff
          order by disabled_at is not null, login",
        (),
        read,
    )?;
    found.into_iter().map(|it| with_duties(tx, it)).collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Member> {
    let login: String = row.get(1)?;
    Ok(Member {
        id: row.get(0)?,
        login: login.parse().map_err(|it| {
            rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(it))
        })?,
        name: row.get(2)?,
        school: row.get(3)?,
        duties: Duties::default(),
        enabled: row.get(4)?,
    })
}

fn with_duties(tx: &ReadTx<'_>, member: Member) -> Result<Member, Fault> {
    let names = tx.all(
        "select duty
           from duties
          where staff_id = ?1",
        [member.id],
        |row| row.get::<_, String>(0),
    )?;
    // The table's check knows no other names.
    let duties = names.iter().filter_map(|it| DutyKind::from_name(it)).collect();
    Ok(Member { duties, ..member })
}

pub(super) fn add(
    tx: &WriteTx<'_>,
    login: &StaffLogin,
    name: &str,
    school: Option<&str>,
) -> Result<i64, Fault> {
    tx.insert(
        "insert into staff (login, name, school_code, made_at)
         values (?1, ?2, ?3, ?4)",
        params![login.text(), name, school, tx.now()],
    )
}

pub(super) fn disable(tx: &WriteTx<'_>, id: i64) -> Result<usize, Fault> {
    tx.run(
        "update staff
            set disabled_at = ?2
          where id = ?1 and disabled_at is null",
        params![id, tx.now()],
    )
}

pub(super) fn enable(tx: &WriteTx<'_>, id: i64) -> Result<usize, Fault> {
    tx.run(
        "update staff
            set disabled_at = null
          where id = ?1 and disabled_at is not null",
        [id],
    )
}

pub(super) fn bind(tx: &WriteTx<'_>, id: i64, school: Option<&str>) -> Result<(), Fault> {
    tx.run(
        "update staff
            set school_code = ?2
          where id = ?1",
        params![id, school],
    )?;
    Ok(())
}

pub(super) fn give(tx: &WriteTx<'_>, id: i64, duty: DutyKind) -> Result<(), Fault> {
    tx.run(
        "insert into duties (staff_id, duty)
         values (?1, ?2)",
        params![id, duty.name()],
    )?;
    Ok(())
}

pub(super) fn take(tx: &WriteTx<'_>, id: i64, duty: DutyKind) -> Result<(), Fault> {
    tx.run(
        "delete from duties
          where staff_id = ?1 and duty = ?2",
        params![id, duty.name()],
    )?;
    Ok(())
}

/// How many may log in and hold this duty, this account apart.
pub(super) fn others_with(tx: &ReadTx<'_>, id: i64, duty: DutyKind) -> Result<i64, Fault> {
    tx.count(
        "select count(*)
           from staff s
           join duties d on d.staff_id = s.id
          where d.duty = ?2 and s.id <> ?1 and s.disabled_at is null",
        params![id, duty.name()],
    )
}
