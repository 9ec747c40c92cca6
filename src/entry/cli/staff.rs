//! `kaowu staff`: the accounts of the console.

use super::print::print;
use super::{Done, Failed, Folder, open};
use crate::app::App;
use crate::base::outcome::Error;
use crate::base::values::PersonName;
use crate::features::identity::password::Hasher;
use crate::features::staff;
use crate::features::staff::rules::{DutyKind, Member, StaffLogin};
use crate::machinery::db::Actor;

/// Add, list, reset and disable accounts of the console
///
/// Example: kaowu staff add zhoumin --name 周敏 --duty clerk --duty help_desk
#[derive(clap::Subcommand)]
#[command(verbatim_doc_comment)]
pub(super) enum Args {
    /// Add an account with a one-time password
    Add {
        /// What they type at the console
        login: StaffLogin,
        /// Their name
        #[arg(long)]
        name: PersonName,
        /// A duty: clerk, review, second_review, finance, system, audit, help_desk
        #[arg(long = "duty", required = true, value_parser = duty)]
        duties: Vec<DutyKind>,
        /// The school a reviewer is bound to
        #[arg(long)]
        school: Option<String>,
        #[command(flatten)]
        folder: Folder,
    },
    /// List all accounts
    List {
        #[command(flatten)]
        folder: Folder,
    },
    /// Give an account a new one-time password
    Reset {
        /// The account
        login: StaffLogin,
        #[command(flatten)]
        folder: Folder,
    },
    /// Keep an account out from now on
    Disable {
        /// The account
        login: StaffLogin,
        #[command(flatten)]
        folder: Folder,
    },
}

fn duty(text: &str) -> Result<DutyKind, String> {
    let known = || DutyKind::ALL.map(DutyKind::name).join(", ");
    DutyKind::from_name(text).ok_or_else(|| format!("the duties are: {}", known()))
}

pub(super) fn run(args: Args) -> Done {
    match args {
        Args::Add { login, name, duties, school, folder } => {
            let app = open(&folder)?;
            let (password, phc) = one_time(&app)?;
            let wish = staff::Wish { login, name, school, duties: duties.into_iter().collect() };
            let done = app.db.write_now(Actor::Operator, move |tx| staff::add(tx, &wish, &phc));
            done.map_err(refused)?;
            print(&format!("One-time password: {password}"));
            Ok(())
        }
        Args::List { folder } => list(&open(&folder)?),
        Args::Reset { login, folder } => {
            let app = open(&folder)?;
            let member = member(&app, &login)?;
            let (password, phc) = one_time(&app)?;
            let done =
                app.db.write_now(Actor::Operator, move |tx| staff::reset(tx, member.id, &phc));
            done.map_err(refused)?;
            print(&format!("One-time password: {password}"));
            Ok(())
        }
        Args::Disable { login, folder } => {
            let app = open(&folder)?;
            let member = member(&app, &login)?;
            let done = app.db.write_now(Actor::Operator, move |tx| staff::disable(tx, member.id));
            done.map_err(refused)
        }
    }
}

fn one_time(app: &App) -> Result<(String, String), Failed> {
    let password = staff::one_time_password(&app.chance);
    let phc = Hasher::new(&app.chance).hash_now(&password, &app.chance)?;
    Ok((password.expose().clone(), phc))
}

fn member(app: &App, login: &StaffLogin) -> Result<Member, Failed> {
    let found = app.db.read_now(|tx| staff::find_by_login(tx, login))?;
    found.ok_or_else(|| {
        Failed::new(format!("there is no account '{login}'"), "see `kaowu staff list`")
    })
}

fn list(app: &App) -> Done {
    for member in app.db.read_now(staff::all)? {
        let state = if member.enabled { "" } else { "disabled" };
        print(&format!(
            "{:16} {}  {}  {state}",
            member.login.to_string(),
            member.name,
            member.duties.names()
        ));
    }
    Ok(())
}

fn refused<R: std::fmt::Debug + crate::web::Refusal>(error: Error<R>) -> Failed {
    match error {
        Error::Fault(fault) => fault.into(),
        Error::Refused(why) => {
            // What pages say of going back does not hold here.
            let (happened, _) = why.told();
            Failed::new(happened, "change the command accordingly; see `kaowu staff list`")
        }
    }
}
