// The second window, in which the payment platform is open while the first one waits for the result.
//
// How it works, and why this way:
// 1. 提交缴费 is an ordinary form of ours (`data-opens="kaowu-platform"`); without a script it is posted, answered by a
//    redirect to 支付结果确认, and a link there leads to the platform. Nothing below changes that road.
// 2. A window may be opened only while a person's press is being handled. So it is opened in the form's submit event,
//    empty, with words of our own in it (about:blank has our origin and our policy), and the form is posted as ever.
// 3. 支付结果确认 carries the platform's address (`data-platform-url`) and sends the window there. The page that opened it
//    is gone, but a window is found by its name, and one that exists may be led on without a press. `form-action`
//    stays 'self', since the form never leaves us.
// 4. Were the window blocked, window.open gives null, here or there: the page opens its hint, says so, and its plain
//    links work. Where the form came to nothing (closed, refused, platform down), the next page shuts the window.
// 5. Only a press that has just happened leads the window: a mark in sessionStorage, taken once. Loading 支付结果确认
//    anew or coming back to it opens nothing. A second press meets the same name, so there is never a second window.
// The pages need `Cross-Origin-Opener-Policy: same-origin-allow-popups`, or none; with `same-origin` the window is lost
// to us as soon as it shows the platform, and 继续支付 would open another one.

const MARK = 'kaowu-opens';

document.addEventListener('submit', (event) => {
  const name = event.target.dataset.opens;
  if (!name || event.defaultPrevented) return;
  const size = `width=${Math.min(1080, screen.availWidth)},height=${Math.min(820, screen.availHeight)}`;
  const there = window.open('', name, `popup,${size}`);
  sessionStorage.setItem(MARK, JSON.stringify({ name, blocked: !there }));
  if (there) greet(there);
});

/** Words for the moment until the platform shows. A window that shows the platform already is left as it is. */
function greet(there) {
  try {
    const page = there.document;
    if (there.location.href !== 'about:blank') return;
    page.documentElement.lang = 'zh-CN';
    page.title = '正在打开公共支付平台';
    for (const { href } of all('link[rel="stylesheet"]')) {
      page.head.append(make('link', { rel: 'stylesheet', href }));
    }
    const words = '请稍候。如果一直停在本页，请关闭它，回到缴费窗口点“继续支付”。';
    const said = [make('h1', {}, page.title), make('p', {}, words)];
    page.body.replaceChildren(make('main', { class: 'k-main k-wrap k-stack' }, ...said));
  } catch {
    there.focus();
  }
}

const mark = JSON.parse(sessionStorage.getItem(MARK) ?? 'null');
sessionStorage.removeItem(MARK);
if (mark) arrive(mark, one('[data-platform-url]'));

function arrive({ name, blocked }, link) {
  if (blocked && link) return hint();
  if (blocked) return;
  if (!link) return window.open('', name)?.close();
  if (!window.open(link.dataset.platformUrl, name)) hint();
}

/** The browser would not open the window: says how to allow it. */
function hint() {
  const place = one('[data-blocked]');
  if (!place) return;
  place.open = true;
  one('[data-blocked-note]', place).hidden = false;
  say('支付窗口没有打开，可能被浏览器拦截。请允许弹窗后点“继续支付”，或在本窗口打开公共支付平台。');
}
