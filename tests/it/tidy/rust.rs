//! Rust read as far as the rules need it: what is code, what is said in comments and strings.

/// A source file taken apart. Lines stay where they were; they are counted from 1.
pub struct Source {
    /// The code: comments and the insides of literals are blanks.
    pub code: String,
    /// Each string literal: the line it begins on, and its text as written.
    pub literals: Vec<(usize, String)>,
}

/// Takes a whole file apart.
pub fn read(text: &str) -> Source {
    let chars: Vec<char> = text.chars().collect();
    let mut source = Source { code: String::new(), literals: Vec::new() };
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let after_word = at > 0 && is_word(chars[at - 1]);
        let (piece, length) = piece(&chars[at..], after_word);
        let taken = &chars[at..at + length];
        match piece {
            Piece::Code => source.code.extend(taken),
            Piece::Comment | Piece::Char => source.code.extend(taken.iter().map(blank)),
            Piece::Text { open, close } => {
                let inside = &taken[open..length - close];
                source.literals.push((line, inside.iter().collect()));
                source.code.push('"');
                source.code.extend(inside.iter().map(blank));
                source.code.push('"');
            }
        }
        line += taken.iter().filter(|it| **it == '\n').count();
        at += length;
    }
    source
}

/// The same for what is shipped: items under `#[cfg(test)]` are blanked, and a file that holds the
/// tests of another (`tests.rs`, `capitals_tests.rs`) is nothing but such an item.
pub fn read_shipped(path: &str, text: &str) -> Source {
    const MARK: &str = "#[cfg(test)]";
    if path.ends_with("/tests.rs") || path.ends_with("_tests.rs") {
        return Source { code: String::new(), literals: Vec::new() };
    }
    let mut source = read(text);
    while let Some(start) = source.code.find(MARK) {
        let end = item_end(&source.code, start + MARK.len());
        let blanked: String = source.code[start..end].chars().map(|it| blank(&it)).collect();
        let first = line_at(&source.code, start);
        let last = line_at(&source.code, end);
        source.code.replace_range(start..end, &blanked);
        source.literals.retain(|(line, _)| *line < first || last < *line);
    }
    source
}

/// The number of the line that holds a byte of the text.
pub fn line_at(text: &str, byte: usize) -> usize {
    text[..byte].matches('\n').count() + 1
}

/// Where `word` stands in code and is not a part of a longer word, as line numbers.
///
/// A word that ends in a sign (`Form<`) may be followed by anything.
pub fn lines_with(code: &str, word: &str) -> Vec<usize> {
    let free = |it: Option<char>, edge: Option<char>| {
        !(it.is_some_and(is_word) && edge.is_some_and(is_word))
    };
    code.match_indices(word)
        .filter(|(at, _)| free(code[..*at].chars().next_back(), word.chars().next()))
        .filter(|(at, _)| free(code[at + word.len()..].chars().next(), word.chars().next_back()))
        .map(|(at, _)| line_at(code, at))
        .collect()
}

/// Whether a character may stand in a name.
pub fn is_word(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}

enum Piece {
    Code,
    Comment,
    Char,
    /// A string, with so many characters of quotes and hashes before and after its text.
    Text {
        open: usize,
        close: usize,
    },
}

/// What the text begins with, and how many characters that takes.
fn piece(rest: &[char], after_word: bool) -> (Piece, usize) {
    match rest {
        ['/', '/', ..] => (Piece::Comment, until(rest, 2, '\n')),
        ['/', '*', ..] => (Piece::Comment, block_comment(rest)),
        ['"', ..] => (Piece::Text { open: 1, close: 1 }, string(rest)),
        ['r', '"' | '#', ..] if !after_word => raw_string(rest),
        ['\'', '\\', ..] => (Piece::Char, (until(rest, 3, '\'') + 1).min(rest.len())),
        ['\'', _, '\'', ..] => (Piece::Char, 3),
        _ => (Piece::Code, 1),
    }
}

fn until(rest: &[char], from: usize, end: char) -> usize {
    (from..rest.len()).find(|at| rest[*at] == end).unwrap_or(rest.len())
}

fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn string(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != '"' {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// `r"…"`, `r#"…"#`; a raw name (`r#type`) is code.
fn raw_string(rest: &[char]) -> (Piece, usize) {
    let hashes = rest[1..].iter().take_while(|it| **it == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return (Piece::Code, 1);
    }
    let open = hashes + 2;
    let closes = |at: &usize| rest[*at] == '"' && rest[at + 1..].starts_with(&vec!['#'; hashes]);
    match (open..rest.len()).find(closes) {
        Some(at) => (Piece::Text { open, close: hashes + 1 }, at + hashes + 1),
        None => (Piece::Code, rest.len()),
    }
}

fn item_end(code: &str, from: usize) -> usize {
    let mut depth = 0;
    for (at, sign) in code[from..].char_indices() {
        match sign {
            ';' if depth == 0 => return from + at + 1,
            '{' => depth += 1,
            '}' if depth == 1 => return from + at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

fn blank(it: &char) -> char {
    if *it == '\n' { '\n' } else { ' ' }
}

#[test]
fn code_is_told_from_what_is_said() {
    let source =
        read("let a = \"use x\"; // use y\nlet b = r#\"a \"z\" b\"#; /* use\n */ let c = '\"';\n");
    assert_eq!(source.literals, [(1, "use x".to_owned()), (2, "a \"z\" b".to_owned())]);
    assert!(!source.code.contains("use") && source.code.contains("let c"), "{}", source.code);
    assert_eq!(source.code.lines().count(), 3);
}

#[test]
fn what_is_for_tests_is_not_shipped() {
    let text =
        "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { \"b\"; }\n}\nfn c() { \"c\"; }\n";
    let source = read_shipped("src/a.rs", text);
    assert!(source.code.contains("fn c") && !source.code.contains("fn b"), "{}", source.code);
    assert_eq!(source.literals, [(6, "c".to_owned())]);
    assert_eq!(read_shipped("src/a_tests.rs", text).code, "");
}

#[test]
fn a_word_is_not_found_within_another() {
    assert_eq!(lines_with("PhantomData<T>\nData<'_>", "Data<"), [2]);
    assert_eq!(lines_with("o.clock()\nClock\nClockwork", "Clock"), [2]);
}
