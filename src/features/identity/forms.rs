//! Forms that came after their session had ended, kept for a while to be shown again.

use jiff::Timestamp;

use super::rules;
use super::store::forms as store;
use crate::base::outcome::Fault;
use crate::machinery::db::{ReadTx, WriteTx};

/// A form that came after its session had ended.
#[derive(Clone, Debug)]
pub struct KeptForm {
    /// Where it was posted.
    pub path: String,
    /// JSON `[[name, value], …]`, without passwords and tokens.
    pub fields: String,
    /// When it came.
    pub kept_at: Timestamp,
    /// Was it shown again before?
    pub shown: bool,
}

/// Keeps a form that came after its session had ended, for the browser that holds `token` and, if
/// that is known, for the candidate `account` alone. `fields` is JSON `[[name, value], …]` without
/// passwords and tokens. `false`: too many forms of strangers are kept already.
///
/// # Errors
/// A fault when it cannot be written.
pub fn keep_form(
    tx: &WriteTx<'_>,
    token: &str,
    account: Option<i64>,
    path: &str,
    fields: &str,
) -> Result<bool, Fault> {
    if account.is_none() && store::forms_of_strangers(tx)? >= rules::STRANGERS_FORMS_MAX {
        return Ok(false);
    }
    store::keep_form(tx, token, account, path, fields)?;
    Ok(true)
}

/// The form kept under `token`, if it may be shown to this account.
///
/// # Errors
/// A fault when it cannot be read.
pub fn kept_form(tx: &ReadTx<'_>, token: &str, account: i64) -> Result<Option<KeptForm>, Fault> {
    store::kept_form(tx, token, account)
}

/// Writes down that the form kept under `token` was shown again: it is not offered twice.
///
/// # Errors
/// A fault when it cannot be written.
pub fn see_form(tx: &WriteTx<'_>, token: &str) -> Result<(), Fault> {
    store::see_form(tx, token)
}

/// Drops the form kept under `token`.
///
/// # Errors
/// A fault when it cannot be removed.
pub fn drop_form(tx: &WriteTx<'_>, token: &str) -> Result<(), Fault> {
    store::drop_form(tx, token)
}
