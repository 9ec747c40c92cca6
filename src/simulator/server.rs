//! The doors of the simulated platform, and how it is started.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rocket::fairing::{Fairing, Info, Kind};
use rocket::figment::Figment;
use rocket::http::Status;
use rocket::{Build, Catcher, Config, Orbit, Request, Rocket, catch, catchers};

use super::doors::Headers;
use super::pages::{Chrome, Shown, Told};
use super::{Platform, api, cashier, notices, phone, training};

/// How the platform is handed to its handlers.
pub type Shared = Arc<Platform>;

/// The platform's server, to be launched.
pub fn rocket(platform: Shared) -> Rocket<Build> {
    let config = Config {
        address: platform.bind.ip(),
        port: platform.bind.port(),
        // Anybody could send that header.
        ip_header: None,
        ident: rocket::config::Ident::none(),
        log_level: rocket::config::LogLevel::Off,
        ..Config::default()
    };
    rocket::custom(Figment::from(config))
        .manage(Shared::clone(&platform))
        .mount("/v1", api::routes())
        .register("/v1", api::catchers())
        .mount("/", cashier::routes())
        .mount("/", phone::routes())
        .mount("/training", training::routes())
        .mount("/", crate::web::assets::routes())
        .register("/", pages_catchers())
        .attach(Headers)
        .attach(NightShift { platform, deliverer: Mutex::default() })
}

/// Starts delivering when the platform listens, and ends it when it closes.
struct NightShift {
    platform: Shared,
    deliverer: Mutex<Option<JoinHandle<()>>>,
}

impl NightShift {
    fn swap(&self, next: Option<JoinHandle<()>>) -> Option<JoinHandle<()>> {
        let mut deliverer = self.deliverer.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *deliverer, next)
    }
}

#[rocket::async_trait]
impl Fairing for NightShift {
    fn info(&self) -> Info {
        Info { name: "platform notices", kind: Kind::Liftoff | Kind::Shutdown }
    }

    async fn on_liftoff(&self, rocket: &Rocket<Orbit>) {
        let config = rocket.config();
        let (address, port) = (config.address, config.port);
        let address = if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
        self.platform.public_base.get_or_init(|| format!("http://{address}:{port}"));
        if self.platform.delivers {
            match notices::start(Shared::clone(&self.platform)) {
                Ok(thread) => drop(self.swap(Some(thread))),
                Err(fault) => tracing::error!(act = "platform.start", %fault, "nobody delivers"),
            }
        }
    }

    async fn on_shutdown(&self, _: &Rocket<Orbit>) {
        self.platform.bell.stop();
        if let Some(thread) = self.swap(None) {
            // It may be waiting for a merchant's answer, a few seconds at most.
            let ended = rocket::tokio::task::spawn_blocking(move || thread.join()).await;
            drop(ended);
        }
    }
}

fn pages_catchers() -> Vec<Catcher> {
    catchers![otherwise]
}

#[catch(default)]
async fn otherwise(status: Status, req: &Request<'_>) -> Result<Shown, Status> {
    let outcome = req.guard::<Chrome>().await;
    let chrome = outcome.succeeded().ok_or(status)?;
    let (title, what, now) = match status.code {
        403 => ("页面已过期", "这次操作没有执行，没有扣款。", "请返回上一页，刷新后再试。"),
        404 | 422 => (
            "没有这个页面",
            "链接不完整，或者不是本平台的链接。",
            "请回到缴费系统，从那里重新打开支付平台。",
        ),
        413 => ("内容过长", "这次操作没有执行，没有扣款。", "请返回上一页再试。"),
        500.. => (
            "平台暂时出错",
            "是否已扣款以查询结果为准，请不要重复付款。",
            "请稍后刷新本页，或回到缴费系统查看状态。",
        ),
        _ => (
            "不能这样访问",
            "这次操作没有执行，没有扣款。",
            "请回到缴费系统，从那里重新打开支付平台。",
        ),
    };
    Ok(Shown::refusal(status, &Told { chrome, title, what, now }))
}
