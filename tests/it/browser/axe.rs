//! axe-core looks at a page for what shuts people out (WCAG 2.0 to 2.2, levels A and AA).

use std::fmt;

use serde_json::json;

use super::driver::{Session, Unmet};

const AXE: &str = include_str!("../../files/axe/axe.min.js");

/// A finding on one of these is a fault; best practice is not asked for here.
const TAGS: &[&str] = &["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const RUN: &str = "
    const found = await axe.run(document, {
        runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'],
    });
    return found.violations.flatMap((it) => it.nodes.map((node) => ({
        rule: it.id, help: it.help, element: node.target.flat().join(' ') + ' ' + node.html,
    })));";

/// Something on a page that shuts somebody out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// axe's name for the rule: `label`, `color-contrast`.
    pub rule: String,
    /// Where: the selector, then the element itself.
    pub element: String,
    /// What the rule asks.
    pub help: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.rule, self.help, self.element)
    }
}

/// Looks at the page as it stands.
pub fn findings(session: &Session) -> Result<Vec<Finding>, Unmet> {
    let script = format!("{AXE}; const tags = arguments[0]; return (async () => {{ {RUN} }})();");
    let found = session.run(&script, &json!([TAGS]))?;
    let text = |it: &serde_json::Value| it.as_str().unwrap_or_default().to_owned();
    let found = found.as_array().cloned().unwrap_or_default();
    Ok(found
        .iter()
        .map(|it| Finding {
            rule: text(&it["rule"]),
            element: text(&it["element"]),
            help: text(&it["help"]),
        })
        .collect())
}
