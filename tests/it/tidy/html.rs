//! Pages read as far as the rules need it: tags and their attributes.

/// Stands where a page writes a value.
pub const VALUE: char = '\u{1}';

/// An opening tag.
pub struct Tag {
    /// The line it begins on, counted from 1.
    pub line: usize,
    /// In lower case.
    pub name: String,
    /// Names in lower case, and the values as written.
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    /// An attribute's value.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }
}

/// The opening tags of a template, on whatever branch they stand.
pub fn tags(page: &str) -> Vec<Tag> {
    let page = without_template(page);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = page[at..].find('<') {
        at += next;
        if page[at..].starts_with("<!--") {
            at += page[at..].find("-->").unwrap_or(page.len() - at);
        } else if page[at + 1..].starts_with(|it: char| it.is_ascii_alphabetic()) {
            let line = page[..at].matches('\n').count() + 1;
            let (tag, length) = tag(line, &page[at + 1..]);
            found.push(tag);
            at += 1 + length;
        } else {
            at += 1;
        }
    }
    found
}

/// Other pages that a template names: `extends`, `include`, `import`.
pub fn named_pages(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for block in page.split("{%").skip(1) {
        let block = block.split("%}").next().unwrap_or(block);
        let mut words = block.trim_start_matches(['-', '~']).split_whitespace();
        if matches!(words.next(), Some("extends" | "include" | "import")) {
            found.extend(block.split('"').nth(1).map(str::to_owned));
        }
    }
    found
}

/// Notes and blocks become blanks, values a sign; lines stay.
fn without_template(page: &str) -> String {
    let mut plain = String::new();
    let mut rest = page;
    while let Some(first) = rest.chars().next() {
        let ends = [("{#", "#}"), ("{%", "%}"), ("{{", "}}")];
        let Some((open, close)) = ends.into_iter().find(|(open, _)| rest.starts_with(open)) else {
            plain.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        let length = rest.find(close).map_or(rest.len(), |it| it + close.len());
        plain.push(if open == "{{" { VALUE } else { ' ' });
        plain.extend(rest[..length].chars().filter(|it| *it == '\n'));
        rest = &rest[length..];
    }
    plain
}

/// Reads a tag after its `<`, and how long it is.
fn tag(line: usize, text: &str) -> (Tag, usize) {
    let ends_name = |it: char| it.is_whitespace() || matches!(it, '>' | '/' | '=');
    let end = text.find(ends_name).unwrap_or(text.len());
    let mut tag = Tag { line, name: text[..end].to_lowercase(), attributes: Vec::new() };
    let mut at = end;
    loop {
        let skip = |it: char| it.is_whitespace() || it == '/' || it == VALUE;
        at += text[at..].find(|it| !skip(it)).unwrap_or(text.len() - at);
        if at >= text.len() || text[at..].starts_with('>') {
            return (tag, at);
        }
        let length = text[at..].find(ends_name).unwrap_or(text.len() - at).max(1);
        let name = text[at..at + length].to_lowercase();
        at += length;
        let (value, length) = value(&text[at..]);
        tag.attributes.push((name, value.to_owned()));
        at += length;
    }
}

/// Reads `="value"`, if it stands there, and how long that is.
fn value(text: &str) -> (&str, usize) {
    let Some(given) = text.strip_prefix('=') else { return ("", 0) };
    for quote in ['"', '\''] {
        if let Some(inside) = given.strip_prefix(quote) {
            let end = inside.find(quote).unwrap_or(inside.len());
            return (&inside[..end], (end + 3).min(text.len()));
        }
    }
    let end = given.find(|it: char| it.is_whitespace() || it == '>').unwrap_or(given.len());
    (&given[..end], end + 1)
}

#[test]
fn tags_are_read_through_the_template() {
    let page = "{# <b> #}<a\n class='{{ f(\"x\") }} k' {% if a %}hidden{% endif %} href=/x>\n<br/>";
    let tags = tags(page);
    assert_eq!(tags.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["a", "br"]);
    assert_eq!(tags[0].value("class"), Some("\u{1} k"));
    assert_eq!((tags[0].value("hidden"), tags[0].value("href")), (Some(""), Some("/x")));
    assert_eq!((tags[0].line, tags[1].line), (1, 3));
}

#[test]
fn named_pages_are_found() {
    let page = "{% extends \"layout/site.html\" %}{%- import \"layout/parts.html\" as parts -%}";
    assert_eq!(named_pages(page), ["layout/site.html", "layout/parts.html"]);
}
