//! What the door itself says: why a request was cut off or not let in, and what to do now.
//!
//! These answers need nothing but themselves: no style sheet, which would be one more request.

use super::slots::Full;

/// An answer of the door's own. The connection ends with it.
#[derive(Debug)]
pub(super) struct Sorry {
    status: &'static str,
    happened: &'static str,
    now: &'static str,
}

/// The first lines of a request did not come in time.
pub(super) static LATE: Sorry = Sorry {
    status: "408 Request Timeout",
    happened: "请求没有在规定时间内送达，本次操作没有保存。",
    now: "请检查网络，然后刷新页面重试。",
};

/// The rest of a request came too slowly.
pub(super) static SLOW: Sorry = Sorry {
    status: "408 Request Timeout",
    happened: "网络太慢，提交的内容没有完整送达，本次操作没有保存。",
    now: "请换一个网络较好的地方，返回上一页重新提交。",
};

/// The first lines are longer than any browser of ours would write.
pub(super) static LONG: Sorry = Sorry {
    status: "431 Request Header Fields Too Large",
    happened: "请求的网址或附带的信息太长，系统没有接收。",
    now: "请清除浏览器中本网站的 Cookie，再从首页重新进入。",
};

/// The first lines are no request.
pub(super) static UNREADABLE: Sorry = Sorry {
    status: "400 Bad Request",
    happened: "请求的网址或附带的信息无法读取，没有打开页面。",
    now: "请核对网址，或从首页重新进入。",
};

/// The address is longer than any of ours.
pub(super) static FAR: Sorry = Sorry {
    status: "414 URI Too Long",
    happened: "请求的网址太长，系统没有打开页面。",
    now: "请核对网址，或从首页重新进入。",
};

/// A method that no page of ours takes.
pub(super) static METHOD: Sorry = Sorry {
    status: "405 Method Not Allowed",
    happened: "本系统不接受这种请求方式，没有打开页面，也没有保存任何内容。",
    now: "请用浏览器打开本系统的首页。",
};

/// A method that nobody has heard of.
pub(super) static UNKNOWN: Sorry = Sorry {
    status: "501 Not Implemented",
    happened: "系统不认识这种请求方式，没有打开页面，也没有保存任何内容。",
    now: "请用浏览器打开本系统的首页。",
};

/// Another HTTP than ours.
pub(super) static VERSION: Sorry = Sorry {
    status: "505 HTTP Version Not Supported",
    happened: "请求使用的 HTTP 版本本系统不支持，没有打开页面。",
    now: "请使用较新的浏览器打开本系统。",
};

/// Rocket could not be reached.
pub(super) static CLOSED: Sorry = Sorry {
    status: "503 Service Unavailable",
    happened: "系统正在启动或停止，本次操作没有保存。",
    now: "请过一会儿再刷新页面。",
};

/// Rocket has the whole request, and does not say what came of it.
pub(super) static UNSURE: Sorry = Sorry {
    status: "504 Gateway Timeout",
    happened: "结果待确认：系统暂时无法确定本次操作是否已经保存。",
    now: "请不要重复操作，也不要重复缴费。请稍后重新登录查看结果，并告诉工作人员。",
};

static ADDRESS_FULL: Sorry = Sorry {
    status: "503 Service Unavailable",
    happened: "您所在的网络同时打开的连接太多，系统没有接受这次请求。",
    now: "请关闭多余的页面，过几秒钟再刷新。",
};

static HOUSE_FULL: Sorry = Sorry {
    status: "503 Service Unavailable",
    happened: "现在使用的人很多，系统暂时接不下新的请求，本次操作没有保存。",
    now: "请过几秒钟再刷新页面。",
};

impl From<Full> for &'static Sorry {
    fn from(full: Full) -> &'static Sorry {
        match full {
            Full::Address => &ADDRESS_FULL,
            Full::House => &HOUSE_FULL,
        }
    }
}

impl Sorry {
    pub(super) fn status(&self) -> &'static str {
        self.status
    }

    /// The answer as it goes over the wire.
    pub(super) fn message(&self) -> String {
        let header = match &self.status[..3] {
            "503" => "Retry-After: 5\r\n",
            "405" => "Allow: GET, HEAD, POST\r\n",
            _ => "",
        };
        let Sorry { status, happened, now } = self;
        answer(status, header, happened, &format!("<p>{now}</p>"))
    }
}

/// Sends who speaks plain HTTP to the same page under TLS. `url` goes into a header and a page:
/// it must hold no blank, no control character, no quote and no `<`.
pub(super) fn moved(url: &str) -> String {
    let shown = url.replace('&', "&amp;");
    let link = format!("<p>请打开 <a href=\"{shown}\">{shown}</a></p>");
    let header = format!("Location: {url}\r\n");
    answer("308 Permanent Redirect", &header, "本系统只使用加密的连接（https）。", &link)
}

fn answer(status: &str, headers: &str, happened: &str, rest: &str) -> String {
    let page = format!(
        "<!doctype html>\n<html lang=\"zh-CN\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{happened}</title></head>\n\
         <body><main><h1>{happened}</h1>{rest}</main></body>\n</html>\n"
    );
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Type: text/html; charset=utf-8\r\n\
         Content-Length: {}\r\nConnection: close\r\nCache-Control: no-store\r\n\
         Content-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\n\r\n{page}",
        page.len()
    )
}
