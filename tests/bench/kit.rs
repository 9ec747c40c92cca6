//! A small measure: sides take turns, so that whatever disturbs the machine disturbs all of them.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long each side may take in all.
const SPAN: Duration = Duration::from_secs(2);

/// Turns a side takes at least and at most.
const TURNS: std::ops::RangeInclusive<usize> = 5..=10_000;

/// One side of a question: a name and an act that can be done again and again.
pub struct Side<'a> {
    name: &'static str,
    act: Box<dyn FnMut() + 'a>,
    took: Vec<Duration>,
}

/// Makes a side; nothing runs before [`table`].
pub fn measure<'a, T>(name: &'static str, mut act: impl FnMut() -> T + 'a) -> Side<'a> {
    let act = move || {
        black_box(act());
    };
    Side { name, act: Box::new(act), took: Vec::new() }
}

/// Lets the sides take turns, then prints each one's median, its spread and its ratio to the first.
#[expect(clippy::print_stdout, reason = "a bench is read on the terminal")]
pub fn table(question: &str, mut sides: Vec<Side<'_>>) {
    for side in &mut sides {
        // The first turn warms caches and is not counted.
        (side.act)();
    }
    let begun = Instant::now();
    let span = SPAN * u32::try_from(sides.len()).expect("a table has few sides");
    for turn in 0..*TURNS.end() {
        if turn >= *TURNS.start() && begun.elapsed() > span {
            break;
        }
        for side in &mut sides {
            let started = Instant::now();
            (side.act)();
            side.took.push(started.elapsed());
        }
    }
    println!("\n{question}");
    println!("{:32} {:>12} {:>12} {:>12} {:>8} {:>7}", "", "median", "p5", "p95", "ratio", "turns");
    let first = sides.first_mut().map_or(Duration::ZERO, |it| at(&mut it.took, 50));
    for side in &mut sides {
        let [median, low, high] = [50, 5, 95].map(|part| at(&mut side.took, part));
        let ratio = median.as_secs_f64() / first.as_secs_f64().max(1e-9);
        println!(
            "{:32} {:>12} {:>12} {:>12} {ratio:>7.2}× {:>7}",
            side.name,
            format!("{median:.1?}"),
            format!("{low:.1?}"),
            format!("{high:.1?}"),
            side.took.len()
        );
    }
}

/// The time that `part` per cent of the turns do not pass.
fn at(took: &mut [Duration], part: usize) -> Duration {
    took.sort_unstable();
    took.get(took.len().saturating_sub(1) * part / 100).copied().unwrap_or_default()
}
