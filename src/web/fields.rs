//! How values arrive in forms and paths: as the text a person typed; and how they leave in links.

use rocket::form::{self, FromFormField, ValueField};
use rocket::http::impl_from_uri_param_identity;
use rocket::http::uri::fmt::{Formatter, Path, UriDisplay};
use rocket::request::FromParam;

use crate::base::values::{Email, ExamNo, Fen, LoginName, OrderNo, PersonName, Phone};

macro_rules! fields {
    ($($value:ty),+ $(,)?) => {$(
        impl<'v> FromFormField<'v> for $value {
            fn from_value(field: ValueField<'v>) -> form::Result<'v, Self> {
                field.value.parse::<$value>().map_err(|err| form::Error::validation(err.to_string()).into())
            }
        }
    )+};
}

fields!(Email, ExamNo, Fen, LoginName, OrderNo, PersonName, Phone);

impl<'r> FromParam<'r> for OrderNo {
    type Error = ();

    fn from_param(param: &'r str) -> Result<OrderNo, ()> {
        param.parse().map_err(|_| ())
    }
}

impl UriDisplay<Path> for OrderNo {
    fn fmt(&self, f: &mut Formatter<'_, Path>) -> std::fmt::Result {
        f.write_value(self.to_string())
    }
}

impl_from_uri_param_identity!([Path] OrderNo);
