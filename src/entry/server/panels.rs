//! What the console's page about one candidate shows of rooms above that page: dues and orders.

use std::future::Future;
use std::pin::Pin;

use crate::app::App;
use crate::base::outcome::Fault;
use crate::features::candidates::console::{Panel, PanelLine};
use crate::features::{fees, orders};
use crate::machinery::db::ReadTx;

/// The panels of an account. A page without them is better than none.
pub fn of(app: &App, account: i64) -> Pin<Box<dyn Future<Output = Vec<Panel>> + Send + '_>> {
    Box::pin(async move {
        let look = move |tx: &ReadTx<'_>| Ok(vec![dues(tx, account)?, placed(tx, account)?]);
        app.db.read(look).await.unwrap_or_else(|fault| {
            tracing::error!(%fault, "a candidate's panels cannot be read");
            Vec::new()
        })
    })
}

fn dues(tx: &ReadTx<'_>, account: i64) -> Result<Panel, Fault> {
    let mut lines = Vec::new();
    for due in fees::dues_of(tx, account)? {
        let item = fees::item(tx, due.fee_item_id)?;
        let project =
            item.as_ref().map(|it| fees::project(tx, it.project_id)).transpose()?.flatten();
        let title = project.map_or_else(String::new, |it| it.title);
        lines.push(PanelLine {
            label: format!("{title} ¥{}", due.amount),
            state: due.state.label().to_owned(),
            tag: due.state.tag(),
            href: String::new(),
        });
    }
    Ok(Panel { title: "应缴", empty: "没有需要缴纳的费用。", lines })
}

fn placed(tx: &ReadTx<'_>, account: i64) -> Result<Panel, Fault> {
    let lines = orders::of_candidate(tx, account)?.into_iter().map(|order| PanelLine {
        label: format!("{} ¥{}", order.no.grouped(), order.amount),
        state: order.state.label().to_owned(),
        tag: order.state.tag(),
        href: format!("/console/orders/{}", order.no),
    });
    Ok(Panel { title: "订单", empty: "还没有提交过缴费。", lines: lines.collect() })
}
