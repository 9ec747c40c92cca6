//! Projects, fee items and dues as rows. The only SQL that names their tables.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Row, params};

use super::rules::{
    Counts, Due, DueState, FeeItem, ItemTexts, NewItem, NewProject, Project, ProjectTexts,
};
use crate::base::outcome::Fault;
use crate::base::values::Fen;
use crate::machinery::db::{ReadTx, WriteTx};

pub(super) fn projects(tx: &ReadTx<'_>) -> Result<Vec<Project>, Fault> {
    tx.all(
        "select id, code, title, consequence, shown
           from projects
          order by id desc",
        (),
        read_project,
    )
}

pub(super) fn project(tx: &ReadTx<'_>, id: i64) -> Result<Option<Project>, Fault> {
    tx.one(
        "select id, code, title, consequence, shown
           from projects
          where id = ?1",
        [id],
        read_project,
    )
}

pub(super) fn project_by_code(tx: &ReadTx<'_>, code: &str) -> Result<Option<Project>, Fault> {
    tx.one(
        "select id, code, title, consequence, shown
           from projects
          where code = ?1",
        [code],
        read_project,
    )
}

pub(super) fn insert_project(tx: &WriteTx<'_>, project: &NewProject) -> Result<i64, Fault> {
    let ProjectTexts { title, consequence, shown } = &project.texts;
    tx.insert(
        "insert into projects (code, title, consequence, made_at, shown)
         values (?1, ?2, ?3, ?4, ?5)",
        params![project.code, title, consequence, tx.now(), shown],
    )
}

pub(super) fn reword(tx: &WriteTx<'_>, id: i64, texts: &ProjectTexts) -> Result<(), Fault> {
    tx.run(
        "update projects
            set title = ?2, consequence = ?3, shown = ?4
          where id = ?1",
        params![id, texts.title, texts.consequence, texts.shown],
    )?;
    Ok(())
}

pub(super) fn items(tx: &ReadTx<'_>, project_id: i64) -> Result<Vec<FeeItem>, Fault> {
    tx.all(
        "select id, project_id, code, name, unit, standard
           from fee_items
          where project_id = ?1
          order by id",
        [project_id],
        read_item,
    )
}

pub(super) fn item(tx: &ReadTx<'_>, id: i64) -> Result<Option<FeeItem>, Fault> {
    tx.one(
        "select id, project_id, code, name, unit, standard
           from fee_items
          where id = ?1",
        [id],
        read_item,
    )
}

pub(super) fn key_seed(tx: &ReadTx<'_>, item_id: i64) -> Result<Option<String>, Fault> {
    tx.one(
        "select key_seed
           from fee_items
          where id = ?1",
        [item_id],
        |row| row.get(0),
    )
}

pub(super) fn insert_item(
    tx: &WriteTx<'_>,
    project_id: i64,
    item: &NewItem,
    key_seed: &str,
) -> Result<i64, Fault> {
    let ItemTexts { name, unit, standard } = &item.texts;
    tx.insert(
        "insert into fee_items (project_id, code, name, unit, standard, key_seed)
         values (?1, ?2, ?3, ?4, ?5, ?6)",
        params![project_id, item.code, name, unit, standard, key_seed],
    )
}

pub(super) fn change_item(tx: &WriteTx<'_>, id: i64, texts: &ItemTexts) -> Result<(), Fault> {
    tx.run(
        "update fee_items
            set name = ?2, unit = ?3, standard = ?4
          where id = ?1",
        params![id, texts.name, texts.unit, texts.standard],
    )?;
    Ok(())
}

pub(super) fn due(tx: &ReadTx<'_>, id: i64) -> Result<Option<Due>, Fault> {
    tx.one(
        "select id, due_key, candidate_id, fee_item_id, amount, school_code, school_name, state
           from dues
          where id = ?1",
        [id],
        read_due,
    )
}

pub(super) fn due_by_key(tx: &ReadTx<'_>, due_key: &str) -> Result<Option<Due>, Fault> {
    tx.one(
        "select id, due_key, candidate_id, fee_item_id, amount, school_code, school_name, state
           from dues
          where due_key = ?1",
        [due_key],
        read_due,
    )
}

pub(super) fn due_for(
    tx: &ReadTx<'_>,
    candidate_id: i64,
    fee_item_id: i64,
) -> Result<Option<Due>, Fault> {
    tx.one(
        "select id, due_key, candidate_id, fee_item_id, amount, school_code, school_name, state
           from dues
          where candidate_id = ?1 and fee_item_id = ?2",
        [candidate_id, fee_item_id],
        read_due,
    )
}

pub(super) fn dues_of(tx: &ReadTx<'_>, candidate_id: i64) -> Result<Vec<Due>, Fault> {
    tx.all(
        "select id, due_key, candidate_id, fee_item_id, amount, school_code, school_name, state
           from dues
          where candidate_id = ?1
          order by id",
        [candidate_id],
        read_due,
    )
}

pub(super) fn counts(tx: &ReadTx<'_>, project_id: i64) -> Result<Counts, Fault> {
    let counts = tx.one(
        "select count(*) filter (where d.state = 'unpaid'),
                count(*) filter (where d.state = 'paid'),
                count(*) filter (where d.state in ('waived', 'cancelled', 'refunded')),
                coalesce(sum(d.amount) filter (where d.state = 'paid'), 0)
           from dues d
           join fee_items i on i.id = d.fee_item_id
          where i.project_id = ?1",
        [project_id],
        |row| {
            Ok(Counts {
                unpaid: row.get(0)?,
                paid: row.get(1)?,
                fallen_away: row.get(2)?,
                paid_fen: row.get(3)?,
            })
        },
    )?;
    Ok(counts.unwrap_or_default())
}

pub(super) fn insert_due(
    tx: &WriteTx<'_>,
    due_key: &str,
    candidate_id: i64,
    fee_item_id: i64,
    amount: Fen,
    school: Option<(&str, &str)>,
) -> Result<i64, Fault> {
    let (school_code, school_name) = school.unzip();
    tx.insert(
        "insert into dues
             (due_key, candidate_id, fee_item_id, amount, school_code, school_name, state, made_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, 'unpaid', ?7)",
        params![due_key, candidate_id, fee_item_id, amount, school_code, school_name, tx.now()],
    )
}

pub(super) fn change_due(
    tx: &WriteTx<'_>,
    id: i64,
    amount: Fen,
    school: Option<(&str, &str)>,
) -> Result<(), Fault> {
    let (school_code, school_name) = school.unzip();
    tx.run(
        "update dues
            set amount = ?2, school_code = ?3, school_name = ?4
          where id = ?1",
        params![id, amount, school_code, school_name],
    )?;
    Ok(())
}

pub(super) fn move_state(tx: &WriteTx<'_>, due: &Due, to: DueState) -> Result<(), Fault> {
    let rows = tx.run(
        "update dues
            set state = ?3, settled_at = iif(?3 = 'unpaid', null, ?4)
          where id = ?1 and state = ?2",
        params![due.id, due.state, to, tx.now()],
    )?;
    assert_eq!(rows, 1, "due {} changed under its own transaction", due.id);
    Ok(())
}

fn read_project(row: &Row<'_>) -> rusqlite::Result<Project> {
    Ok(Project {
        id: row.get("id")?,
        code: row.get("code")?,
        title: row.get("title")?,
        consequence: row.get("consequence")?,
        shown: row.get("shown")?,
    })
}

fn read_item(row: &Row<'_>) -> rusqlite::Result<FeeItem> {
    Ok(FeeItem {
        id: row.get("id")?,
        project_id: row.get("project_id")?,
        code: row.get("code")?,
        name: row.get("name")?,
        unit: row.get("unit")?,
        standard: row.get("standard")?,
    })
}

fn read_due(row: &Row<'_>) -> rusqlite::Result<Due> {
    Ok(Due {
        id: row.get("id")?,
        due_key: row.get("due_key")?,
        candidate_id: row.get("candidate_id")?,
        fee_item_id: row.get("fee_item_id")?,
        amount: row.get("amount")?,
        school_code: row.get("school_code")?,
        school_name: row.get("school_name")?,
        state: row.get("state")?,
    })
}

impl ToSql for DueState {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for DueState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<DueState> {
        DueState::from_name(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}
