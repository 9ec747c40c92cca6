use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::unreadable::Unreadable;

/// How the characters of a text file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// GB 18030, which contains GBK and GB 2312.
    Gb18030,
    /// UTF-16 with a byte order mark: what Excel calls "Unicode text".
    Utf16,
}

impl Charset {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Charset::Utf8 => "UTF-8",
            Charset::Gb18030 => "GB18030",
            Charset::Utf16 => "UTF-16",
        }
    }
}

/// Finds the charset and decodes strictly: not one byte may be left over.
///
/// A byte order mark decides; else UTF-8, which no Chinese text in GB18030 passes by chance; else
/// GB18030. A text that is plainly UTF-8 until one damaged byte is refused: where its words happen
/// to have even numbers of characters, it would pass as GB18030 and read as gibberish.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Charset), Unreadable> {
    let (text, charset) = decode_strictly(bytes)?;
    // Old programs end a text with Ctrl-Z.
    let end = text.trim_end_matches('\u{1A}').len();
    let is_foreign = |it: char| it.is_control() && !matches!(it, '\t' | '\r' | '\n');
    if let Some(at) = text[..end].find(is_foreign) {
        return Err(Unreadable::NotText { line: place_of_end(&text[..at]).0 });
    }
    let mut text = text;
    text.truncate(end);
    Ok((text, charset))
}

fn decode_strictly(bytes: &[u8]) -> Result<(String, Charset), Unreadable> {
    let marked = [
        (&b"\xEF\xBB\xBF"[..], UTF_8, Charset::Utf8),
        (b"\xFF\xFE", UTF_16LE, Charset::Utf16),
        (b"\xFE\xFF", UTF_16BE, Charset::Utf16),
    ];
    for (mark, encoding, charset) in marked {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let text = decode_as(encoding, rest).map_err(|read| broken_off(charset, &read))?;
            return Ok((text, charset));
        }
    }
    let read_as_utf8 = match decode_as(UTF_8, bytes) {
        Ok(text) => return Ok((text, Charset::Utf8)),
        Err(read) => read,
    };
    if is_plainly_utf8(&read_as_utf8) {
        return Err(broken_off(Charset::Utf8, &read_as_utf8));
    }
    let text = decode_as(GB18030, bytes).map_err(|read| broken_off(Charset::Gb18030, &read))?;
    Ok((text, Charset::Gb18030))
}

/// Whether what was read before a malformed byte holds Chinese characters of three bytes, and more
/// of them than GB18030 could look like by chance.
fn is_plainly_utf8(read: &str) -> bool {
    read.chars().filter(|it| matches!(it, '\u{3400}'..='\u{9FFF}')).take(4).count() == 4
}

/// The whole text, or what could be read of it before the first malformed byte.
fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, String> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder
        .max_utf8_buffer_length_without_replacement(bytes.len())
        .expect("a file within the limits has a text within memory");
    let mut text = String::with_capacity(room);
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true).0 {
        DecoderResult::InputEmpty => {
            text.shrink_to_fit();
            Ok(text)
        }
        DecoderResult::Malformed(..) | DecoderResult::OutputFull => Err(text),
    }
}

fn broken_off(charset: Charset, read: &str) -> Unreadable {
    let (line, character) = place_of_end(read);
    Unreadable::Undecodable { charset, line, character }
}

/// The line in which a text ends and the number of the character that would come next.
fn place_of_end(text: &str) -> (usize, usize) {
    let line = text.matches('\n').count() + 1;
    let last = text.rsplit('\n').next().unwrap_or_default();
    (line, last.chars().count() + 1)
}
