//! What is printed on a receipt, as JSON in its row.

use serde_json::{Value, json};

use crate::base::values::Fen;
use crate::features::receipts::rules::{Line, Printed};

pub(super) fn write(printed: &Printed) -> String {
    let lines: Vec<Value> = printed.lines.iter().map(write_line).collect();
    json!({
        "payer": printed.payer.shown(),
        "payer_code": printed.payer_code,
        "lines": lines,
        "channel": printed.channel,
        "paid_at": printed.paid_at.to_string(),
    })
    .to_string()
}

fn write_line(line: &Line) -> Value {
    json!({
        "code": line.code,
        "name": line.name,
        "unit": line.unit,
        "quantity": line.quantity,
        "standard": line.standard.fen(),
        "amount": line.amount.fen(),
    })
}

/// `None`: it is not what [`write`] writes.
pub(super) fn read(text: &str) -> Option<Printed> {
    let face: Value = serde_json::from_str(text).ok()?;
    let lines = face.get("lines")?.as_array()?.iter().map(read_line);
    Some(Printed {
        payer: text_of(&face, "payer")?.parse().ok()?,
        payer_code: text_of(&face, "payer_code")?,
        lines: lines.collect::<Option<_>>()?,
        channel: text_of(&face, "channel")?,
        paid_at: text_of(&face, "paid_at")?.parse().ok()?,
    })
}

fn read_line(line: &Value) -> Option<Line> {
    let fen_of = |name: &str| Fen::new(line.get(name)?.as_i64()?);
    Some(Line {
        code: text_of(line, "code")?,
        name: text_of(line, "name")?,
        unit: text_of(line, "unit")?,
        quantity: line.get("quantity")?.as_u64()?.try_into().ok()?,
        standard: fen_of("standard")?,
        amount: fen_of("amount")?,
    })
}

fn text_of(value: &Value, name: &str) -> Option<String> {
    Some(value.get(name)?.as_str()?.to_owned())
}
