//! The duties as types, for the signatures of handlers.

use super::duties::{Duties, DutyKind};

/// What a door of the console asks of whoever comes: a duty, or a choice of them.
pub trait Duty: Send + Sync + 'static {
    /// Do these duties open the door?
    fn is_held(duties: &Duties) -> bool;
}

macro_rules! duty_types {
    ($($(#[$doc:meta])+ $duty:ident),+ $(,)?) => {$(
        $(#[$doc])+
        #[derive(Debug)]
        pub enum $duty {}

        impl Duty for $duty {
            fn is_held(duties: &Duties) -> bool {
                duties.has(DutyKind::$duty)
            }
        }
    )+};
}

duty_types! {
    /// 财务 at a door.
    Finance,
    /// 考务 at a door.
    Clerk,
    /// 审核 at a door.
    Review,
    /// 复核 at a door.
    SecondReview,
    /// 查询 at a door.
    HelpDesk,
    /// 系统管理 at a door.
    System,
    /// 审计 at a door.
    Audit,
}

/// A door open to every member of staff.
#[derive(Debug)]
pub enum Anyone {}

impl Duty for Anyone {
    fn is_held(_: &Duties) -> bool {
        true
    }
}

/// A door that either of two opens; they nest.
#[derive(Debug)]
pub struct Either<A, B>(std::marker::PhantomData<fn() -> (A, B)>);

impl<A: Duty, B: Duty> Duty for Either<A, B> {
    fn is_held(duties: &Duties) -> bool {
        A::is_held(duties) || B::is_held(duties)
    }
}
