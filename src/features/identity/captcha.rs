//! The 验证码: four letters that a person reads at a glance and a simple program does not.
//!
//! It only slows programs down; the limits per account and address are the protection. So it is
//! kind: capitals and digits that cannot be mistaken for each other, large, on a plain ground, and
//! what is typed is taken without regard to case, width or blanks.
//!
//! What holds programs up: the letters lean, swell and touch, and lines of their own grey and
//! width run through them, so that neither a threshold nor thinning takes the lines away.

mod letters;
pub mod sound;

use tiny_skia::{Color, FillRule, LineCap, Paint, Path, PathBuilder, Pixmap, Stroke, Transform};

use self::letters::letters;
use crate::base::chance::Chance;

/// What answers are made of: no `0` beside `O` and `D`, no `1` beside `I` and `L`, no `2` beside
/// `Z`, no `5` beside `S`, no `B` beside `8`, and no `J`, which makes a `U` of an `N` before it.
const ALPHABET: &[u8] = b"346789ACDEFGHKMNPQRTUVWXY";
const LETTERS: usize = 4;

/// The picture's size in its own pixels: twice what the page shows, for sharp screens.
const WIDTH: f32 = 400.0;
const HEIGHT: f32 = 140.0;

/// A contour around each letter, so that its strokes are some 14 pixels wide.
const FATTER: f32 = 2.5;
/// Lines thinner than two thirds of a letter's stroke can be washed away and leave the letters:
/// tried with tesseract, which then read every third picture.
const LINE_WIDTHS: (f32, f32) = (9.5, 11.0);
const LINES: usize = 2;

/// A new answer: four characters, drawn evenly.
pub fn answer(chance: &Chance) -> String {
    (0..LETTERS).map(|_| char::from(*chance.pick(ALPHABET))).collect()
}

/// Whether `given` is what was asked for, without regard to case, full-width forms and blanks.
///
/// Nothing is never the same: an empty answer is wrong even where nothing was wanted.
pub fn same(given: &str, wanted: &str) -> bool {
    let given = plain(given);
    !given.is_empty() && given == plain(wanted)
}

fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| half_width(letter).to_ascii_uppercase())
        .collect()
}

/// U+FF01 to U+FF5E are the full-width twins of `!` to `~`, in the same order.
fn half_width(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(letter) - 0xfee0).expect("the twin lies in ASCII")
        }
        _ => letter,
    }
}

/// Draws `answer` as a PNG of 400 × 140 pixels, to be shown at 200 × 70.
///
/// The same chance draws the same picture. Characters other than ASCII digits and letters are left
/// out; letters are drawn as capitals.
pub fn draw(answer: &str, chance: &Chance) -> Vec<u8> {
    let mut picture =
        Pixmap::new(WIDTH as u32, HEIGHT as u32).expect("a fixed size that is not empty");
    picture.fill(grey(247));

    let mut ink = Paint { anti_alias: true, ..Paint::default() };
    ink.set_color(grey(50 + chance.below(40) as u8));
    let fatter = Stroke { width: FATTER, ..Stroke::default() };
    for letter in letters(answer, chance) {
        picture.fill_path(&letter, &ink, FillRule::Winding, Transform::identity(), None);
        picture.stroke_path(&letter, &ink, &fatter, Transform::identity(), None);
    }
    for number in 0..LINES {
        let width = between(chance, LINE_WIDTHS.0, LINE_WIDTHS.1);
        let stroke = Stroke { width, line_cap: LineCap::Round, ..Stroke::default() };
        if let Some(line) = line_across(number, chance) {
            picture.stroke_path(&line, &ink, &stroke, Transform::identity(), None);
        }
    }

    picture.encode_png().expect("a picture of sound size encodes in memory")
}

fn grey(level: u8) -> Color {
    Color::from_rgba8(level, level, level, 255)
}

/// A curve from edge to edge, every second one falling and the others rising: one that ran level
/// along the heads of the letters would make a `T` of a `7`.
fn line_across(number: usize, chance: &Chance) -> Option<Path> {
    let high = HEIGHT * between(chance, 0.08, 0.3);
    let low = HEIGHT * between(chance, 0.7, 0.92);
    let (start, end) = if number.is_multiple_of(2) { (high, low) } else { (low, high) };
    let mut path = PathBuilder::new();
    path.move_to(between(chance, 0.0, 24.0), start);
    path.cubic_to(
        WIDTH * between(chance, 0.2, 0.4),
        start + (end - start) * between(chance, -0.3, 0.8),
        WIDTH * between(chance, 0.6, 0.8),
        start + (end - start) * between(chance, 0.2, 1.3),
        WIDTH - between(chance, 0.0, 24.0),
        end,
    );
    path.finish()
}

fn between(chance: &Chance, low: f32, high: f32) -> f32 {
    low + (high - low) * chance.below(10_001) as f32 / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_counts_without_case_width_and_blanks() {
        let table = [
            ("A3K7", "A3K7", true),
            ("a3k7", "A3K7", true),
            (" a3 k7\u{3000}", "A3K7", true),
            ("ａ３Ｋ７", "A3K7", true),
            ("A3K", "A3K7", false),
            ("A3K77", "A3K7", false),
            ("", "A3K7", false),
            ("", "", false),
            (" ", "", false),
        ];

        for (given, wanted, is_same) in table {
            assert_eq!(same(given, wanted), is_same, "{given:?} for {wanted:?}");
        }
    }

    #[test]
    fn answers_are_four_of_the_alphabet_and_use_all_of_it() {
        let chance = Chance::seeded(1);

        let answers: String = (0..500).map(|_| answer(&chance)).collect();

        assert_eq!(answers.len(), 500 * LETTERS);
        assert!(answers.bytes().all(|letter| ALPHABET.contains(&letter)));
        assert!(ALPHABET.iter().all(|letter| answers.contains(char::from(*letter))));
    }

    #[test]
    fn every_letter_that_may_be_asked_has_an_outline() {
        for letter in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabc".chars() {
            assert_eq!(letters(&letter.to_string(), &Chance::seeded(1)).len(), 1, "{letter}");
        }
    }

    #[test]
    fn a_picture_is_a_png_of_fixed_size_and_the_same_for_the_same_chance() {
        for answer in ["A3K7", "wWwW", "WWWWWWWW", "", "测试"] {
            let picture = draw(answer, &Chance::seeded(7));

            let read = Pixmap::decode_png(&picture).unwrap();
            assert_eq!((read.width(), read.height()), (400, 140), "{answer}");
            assert_eq!(picture, draw(answer, &Chance::seeded(7)), "{answer}");
        }
    }

    /// Writes pictures to look at and to try a reading program on: set `KAOWU_SAMPLES` to a folder.
    #[test]
    #[ignore = "for people who change how pictures are drawn"]
    fn samples() {
        let folder = std::env::var("KAOWU_SAMPLES").unwrap();
        let chance = Chance::seeded(20_260_313);
        for _ in 0..120 {
            let answer = answer(&chance);
            std::fs::write(format!("{folder}/{answer}.png"), draw(&answer, &chance)).unwrap();
        }
    }
}
