//! Forms that came after their session had ended.

use rusqlite::params;

use super::digest;
use crate::base::outcome::Fault;
use crate::features::identity::{KeptForm, rules};
use crate::machinery::db::{ReadTx, WriteTx};

pub(in crate::features::identity) fn keep_form(
    tx: &WriteTx<'_>,
    token: &str,
    account: Option<i64>,
    path: &str,
    fields: &str,
) -> Result<(), Fault> {
    tx.run(
        "insert into kept_forms (token_digest, path, fields, account, kept_at)
         values (?1, ?2, ?3, ?4, ?5)
         on conflict (token_digest) do update
            set path = excluded.path,
                fields = excluded.fields,
                account = excluded.account,
                kept_at = excluded.kept_at,
                shown_at = null",
        params![digest(token), path, fields, account, tx.wall()],
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
    token: &str,
    account: i64,
) -> Result<Option<KeptForm>, Fault> {
    tx.one(
        "select path, fields, kept_at, shown_at is not null
           from kept_forms
          where token_digest = ?1 and kept_at > ?2 and coalesce(account, ?3) = ?3",
        params![digest(token), tx.wall() - rules::KEPT_FORM, account],
        |row| {
            let (path, fields) = (row.get(0)?, row.get(1)?);
            Ok(KeptForm { path, fields, kept_at: row.get(2)?, shown: row.get(3)? })
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
