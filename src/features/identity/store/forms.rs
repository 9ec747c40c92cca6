//! Forms that came after their session had ended.

use rusqlite::params;

use super::digest;
use crate::base::outcome::Fault;
use crate::features::identity::{KeptForm, Kind, rules};
use crate::machinery::db::{ReadTx, WriteTx};

pub(in crate::features::identity) fn keep_form(
    tx: &WriteTx<'_>,
    kind: Kind,
    token: &str,
    account: Option<i64>,
    shown_to: &str,
    form: &KeptForm,
) -> Result<(), Fault> {
    let KeptForm { path, fields, file, kept_at, .. } = form;
    tx.run(
        "insert into kept_forms (token_digest, kind, path, fields, file_name, account, shown_to, kept_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            digest(token),
            kind.name(),
            path,
            fields,
            file,
            account,
            digest(shown_to),
            kept_at
        ],
    )?;
    Ok(())
}

pub(in crate::features::identity) fn forms_of_strangers(tx: &ReadTx<'_>) -> Result<i64, Fault> {
    tx.count(
        "select count(*)
           from kept_forms
          where account is null",
        (),
    )
}

pub(in crate::features::identity) fn kept_form(
    tx: &ReadTx<'_>,
    kind: Kind,
    token: &str,
    account: i64,
    shown_to: &str,
) -> Result<Option<KeptForm>, Fault> {
    tx.one(
        "select path, fields, file_name, kept_at, shown_at is not null
           from kept_forms
          where token_digest = ?1
            and kind = ?2
            and kept_at > ?3
            and coalesce(account, ?4) = ?4
            and shown_to = ?5",
        params![
            digest(token),
            kind.name(),
            tx.wall() - rules::KEPT_FORM,
            account,
            digest(shown_to)
        ],
        |row| {
            let (path, fields, file) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(KeptForm { path, fields, file, kept_at: row.get(3)?, shown: row.get(4)? })
        },
    )
}

pub(in crate::features::identity) fn see_form(tx: &WriteTx<'_>, token: &str) -> Result<(), Fault> {
    tx.run(
        "update kept_forms
            set shown_at = coalesce(shown_at, ?2)
          where token_digest = ?1",
        params![digest(token), tx.wall()],
    )?;
    Ok(())
}

pub(in crate::features::identity) fn drop_form(tx: &WriteTx<'_>, token: &str) -> Result<(), Fault> {
    tx.run(
        "delete from kept_forms
          where token_digest = ?1",
        [digest(token)],
    )?;
    Ok(())
}
