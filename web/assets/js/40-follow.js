// What follows by itself: an order that waits for the platform, a place in the queue.
//
// An element with data-follow="<address>" and data-state="<what the page shows>" asks that address for
//   { "state": "awaiting_payment", "href": "/…", "again": 8, "told": { "checked": "10:27:31" } }
// - another state: goes to `href`, or loads the page anew where there is none;
// - `told`: texts for the elements with data-told="<name>" inside (a <progress> gets a value);
// - `again`: in how many seconds to ask next; else 3 s at first, 10 s after five minutes, three times that while
//   the page is hidden, and ever longer while nobody answers.
// An answer that leads elsewhere (the session has ended) loads the page anew, which says so. A page with
// data-settled (back from the platform) makes the others ask at once.

const FIRST_MS = 3_000;
const LATER_MS = 10_000;
const LATER_AFTER_MS = 300_000;
const LONGEST_MS = 60_000;

// Words that are true only where this runs.
for (const words of all('[data-scripted]')) words.hidden = false;

/** How the window that comes back from the platform tells the one that waits. */
const settled = 'BroadcastChannel' in window ? new BroadcastChannel('kaowu-orders') : null;
if (one('[data-settled]')) settled?.postMessage('settled');

for (const place of all('[data-follow]')) follow(place);

function follow(place) {
  const since = Date.now();
  let failures = 0;
  let timer = 0;
  let asking = false;

  async function look() {
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    const answer = await standing(place.dataset.follow);
    asking = false;
    if (answer === 'elsewhere') return location.reload();
    failures = answer ? 0 : failures + 1;
    one('[data-follow-lost]', place)?.toggleAttribute('hidden', failures < 3);
    if (failures === 3) say('暂时连不上服务器，正在自动重试。');
    if (answer && answer.state !== place.dataset.state) return goOn(answer);
    if (answer) tell(place, answer.told ?? {});
    timer = setTimeout(look, pause(answer?.again));
  }

  function pause(again) {
    if (again) return again * 1000;
    if (failures) return Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
    const usual = Date.now() - since > LATER_AFTER_MS ? LATER_MS : FIRST_MS;
    return document.hidden ? usual * 3 : usual;
  }

  timer = setTimeout(look, FIRST_MS);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
  settled?.addEventListener('message', look);
}

/** What the server says; null where it did not answer; 'elsewhere' where it leads to another page. */
async function standing(href) {
  try {
    const asked = { headers: { Accept: 'application/json' }, cache: 'no-store', redirect: 'manual' };
    const answer = await fetch(href, asked);
    if (answer.type === 'opaqueredirect') return 'elsewhere';
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function goOn({ href }) {
  say('状态已更新，正在打开结果。');
  if (!href) return location.reload();
  const to = new URL(href, location.href);
  // Only to our own pages; and the waiting page is not what the back button should show next.
  if (to.origin === location.origin) location.replace(to);
}

function tell(place, told) {
  for (const [name, text] of Object.entries(told)) {
    for (const element of all(`[data-told="${CSS.escape(name)}"]`, place)) {
      if (element instanceof HTMLProgressElement) element.value = Number(text);
      else if (element.textContent !== String(text)) element.textContent = text;
    }
  }
}
