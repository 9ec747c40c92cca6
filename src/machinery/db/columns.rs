//! How values lie in columns: as the text they print and parse, money as integer fen.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::base::values::{
    CentreCode, Digest, DocumentKind, Email, ExamNo, Fen, OrderNo, PersonName, Phone, RefundNo,
};

macro_rules! text_columns {
    ($($value:ty),+ $(,)?) => {$(
        impl ToSql for $value {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.to_string().into())
            }
        }

        impl FromSql for $value {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_str()?.parse().map_err(FromSqlError::other)
            }
        }
    )+};
}

text_columns!(CentreCode, Digest, Email, ExamNo, OrderNo, Phone, RefundNo);

impl ToSql for Fen {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.fen().into())
    }
}

impl FromSql for Fen {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Fen> {
        Fen::new(value.as_i64()?).ok_or(FromSqlError::InvalidType)
    }
}

/// A name lies in its column exactly as it was given.
impl ToSql for PersonName {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.given().into())
    }
}

impl FromSql for PersonName {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<PersonName> {
        value.as_str()?.parse().map_err(FromSqlError::other)
    }
}

impl ToSql for DocumentKind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.code().into())
    }
}

impl FromSql for DocumentKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<DocumentKind> {
        DocumentKind::from_code(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}
