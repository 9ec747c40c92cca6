//! `kaowu import`: files of many rows.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::print::print;
use super::{Done, Failed, Folder, open};
use crate::app::App;
use crate::base::outcome::Error;
use crate::features::fees;
use crate::features::rosters::rules::{Choice, Complaint, Refused, Roster};
use crate::features::rosters::{self, Draft};
use crate::machinery::db::{Actor, FormKey};
use crate::machinery::tables::{Limits, write_csv};

/// Load files of many rows: rosters of the people who must pay
#[derive(clap::Subcommand)]
pub(super) enum Args {
    /// Load the people who must pay in a project, from CSV or XLSX
    ///
    /// All rows or none are loaded, unless --good-rows-only is said. Loading the same file again
    /// changes nothing. It may run beside `kaowu serve`.
    ///
    /// Example: kaowu import roster 名单.csv --project 2026-ZZ --dry-run
    #[command(verbatim_doc_comment)]
    Roster(RosterArgs),
}

#[derive(clap::Args)]
pub(super) struct RosterArgs {
    /// The file: CSV (UTF-8 or GB18030) or XLSX
    file: PathBuf,
    /// The project's code, as on the console's page 收费项目
    #[arg(long, value_name = "CODE")]
    project: String,
    /// Only report what is wrong with the file, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Load the good rows and leave the bad ones out
    #[arg(long)]
    good_rows_only: bool,
    /// Write the complaints to this CSV as well
    #[arg(long, value_name = "FILE.csv")]
    errors: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    folder: Folder,
}

pub(super) fn run(args: Args) -> Done {
    match args {
        Args::Roster(args) => roster(&args),
    }
}

fn roster(args: &RosterArgs) -> Done {
    let app = open(&args.folder)?;
    let bytes = read(&args.file)?;
    let project = app.db.read_now(|tx| fees::project_by_code(tx, &args.project))?;
    let Some(project) = project else { return Err(no_project(&app, &args.project)) };
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    if !args.json {
        print(&format!("Reading {} …", args.file.display()));
    }
    let draft = rosters::examine(&app, project.id, &name, bytes);
    let draft = draft.map_err(|error| refused(error, &args.file))?;
    if let Some(path) = &args.errors {
        let rows = draft.complaints.iter().map(Complaint::cells);
        std::fs::write(path, write_csv(&Complaint::HEADINGS, rows))
            .map_err(|error| unwritable(path, &error))?;
    }
    let bad = draft.rows - draft.good;
    let report = Report::of(args, &draft);
    let is_loaded = !args.dry_run && (draft.is_clean() || args.good_rows_only);
    if !is_loaded {
        report.print(None);
        return if bad == 0 { Ok(()) } else { Err(bad_rows(args, bad, report.rows)) };
    }
    let choice = if args.good_rows_only { Choice::GoodRowsOnly } else { Choice::AllOrNothing };
    let key = FormKey::draw(&app.chance);
    let loaded = rosters::load(&app, draft, choice, Actor::Operator.into(), key);
    let loaded = loaded.map_err(|error| refused(error, &args.file))?;
    report.print(Some(&loaded));
    Ok(())
}

/// The bytes of the file; one that is too large is not read to its end.
fn read(path: &Path) -> Result<Vec<u8>, Failed> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let enough = Limits::default().size_bytes_max as u64 + 1;
    let read = std::fs::File::open(path).and_then(|it| it.take(enough).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failed::new(
            format!("cannot read {}: {error}", path.display()),
            "check the path and the file's permissions",
        )),
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failed {
    Failed::new(
        format!("cannot write {}: {error}", path.display()),
        "choose another file for --errors; nothing was loaded",
    )
}

fn no_project(app: &App, code: &str) -> Failed {
    let codes = app.db.read_now(fees::projects).unwrap_or_default();
    let codes: Vec<String> = codes.into_iter().map(|it| it.code).collect();
    let hint = if codes.is_empty() {
        "set one up at the console, page 收费项目".to_owned()
    } else {
        format!("choose one of: {}", codes.join(", "))
    };
    Failed::new(format!("there is no project '{code}'"), hint)
}

fn bad_rows(args: &RosterArgs, bad: usize, rows: usize) -> Failed {
    let what = format!("{bad} of {rows} rows cannot be loaded; nothing was changed");
    let mut hint = "mend them and try again, or load the others with --good-rows-only".to_owned();
    if args.errors.is_none() {
        hint += "; --errors FILE.csv writes the list";
    }
    Failed::new(what, hint)
}

fn refused(error: Error<Refused>, file: &Path) -> Failed {
    let file = file.display();
    match error {
        Error::Fault(fault) => fault.into(),
        Error::Refused(Refused::Unusable(why)) => Failed::new(
            format!("{file} is no roster: {why}"),
            "mend the file; the console's page 导入名册 has a template",
        ),
        Error::Refused(Refused::NobodyLeft) => Failed::new(
            format!("{file} has no row that can be loaded; nothing was changed"),
            "mend the rows and try again; --dry-run lists what is wrong with them",
        ),
        Error::Refused(Refused::BadRows) => Failed::new(
            format!("somebody on {file} has begun to pay meanwhile; nothing was changed"),
            "try again",
        ),
        Error::Refused(Refused::UnknownProject) => Failed::new(
            "nothing is charged for in this project",
            "give it a fee item at the console, page 收费项目",
        ),
        Error::Refused(Refused::UnknownRoster | Refused::FileGone | Refused::DoneBefore) => {
            Failed::new(format!("{file} was not loaded"), "try again")
        }
    }
}

/// What the command says of a file, before or after loading it.
struct Report {
    json: bool,
    dry_run: bool,
    file: String,
    project: String,
    rows: usize,
    good: usize,
    new: usize,
    complaints: Vec<Complaint>,
    warnings: Vec<Complaint>,
}

impl Report {
    fn of(args: &RosterArgs, draft: &Draft) -> Report {
        Report {
            json: args.json,
            dry_run: args.dry_run,
            file: args.file.display().to_string(),
            project: draft.project.code.clone(),
            rows: draft.rows,
            good: draft.good,
            new: draft.new,
            complaints: draft.complaints.clone(),
            warnings: draft.warnings.clone(),
        }
    }

    fn print(&self, loaded: Option<&Roster>) {
        if self.json {
            return print(&self.object(loaded).to_string());
        }
        for it in &self.warnings {
            print(&format!("warning: {it}"));
        }
        for it in &self.complaints {
            print(&format!("bad: {it}"));
        }
        let Report { rows, good, new, .. } = self;
        let (bad, warnings) = (rows - good, self.warnings.len());
        print(&format!(
            "{rows} rows: {good} good ({new} of them new), {bad} bad, {warnings} warnings"
        ));
        match loaded {
            Some(it) => print(&format!(
                "Loaded roster {}: {} people, {} new, {} changed, {} left out.",
                it.id,
                it.taken(),
                it.added,
                it.changed,
                it.not_taken()
            )),
            None if self.dry_run => print("Dry run: nothing was changed."),
            None => {}
        }
        if loaded.is_some_and(|it| !it.is_finished()) {
            print("The rest is being taken over by the running appliance.");
        }
    }

    fn object(&self, loaded: Option<&Roster>) -> Value {
        json!({
            "file": self.file,
            "project": self.project,
            "dry_run": self.dry_run,
            "rows": self.rows,
            "good": self.good,
            "new": self.new,
            "bad": self.rows - self.good,
            "complaints": self.complaints.iter().map(told).collect::<Vec<_>>(),
            "warnings": self.warnings.iter().map(told).collect::<Vec<_>>(),
            "loaded": loaded.map(|it| json!({
                "roster": it.id,
                "finished": it.is_finished(),
                "people": it.taken(),
                "new": it.added,
                "changed": it.changed,
                "same": it.same(),
                "left_out": it.not_taken(),
            })),
        })
    }
}

fn told(it: &Complaint) -> Value {
    json!({
        "line": it.line,
        "column": it.column,
        "read": it.read,
        "reason": it.reason,
        "advice": it.advice,
    })
}
