// A computer that others use next. Who is signed in and does nothing for `data-idle` seconds is asked at five
// minutes and at one, and is then signed out with an empty page. Whoever works is kept signed in, also over one
// long form. A page that follows an order has its own end and is left alone: one pays on a telephone meanwhile.

const idle = Number(document.body.dataset.idle || 0) * 1000;
if (idle && !one('[data-follow]')) watch(idle, document.body.dataset.home);

function watch(limit, home) {
  const key = `kaowu-acted:${home}`;
  let asked = Date.now();
  let warning = null;

  /** The last sign of life in any tab of this service. */
  const acted = () => Number(localStorage.getItem(key)) || asked;
  const act = () => {
    if (Date.now() - acted() > 2_000) localStorage.setItem(key, Date.now());
    if (Date.now() - asked < 240_000) return;
    asked = Date.now();
    fetch(home, { method: 'HEAD', cache: 'no-store' }).catch(() => {});
  };
  localStorage.setItem(key, asked);
  for (const sign of ['pointerdown', 'keydown', 'scroll', 'input']) {
    window.addEventListener(sign, act, { passive: true, capture: true });
  }

  const timer = setInterval(() => {
    const left = limit - (Date.now() - acted());
    if (left <= 0) {
      clearInterval(timer);
      return leave(home);
    }
    if (left > 300_000) {
      warning?.shut();
      warning = null;
      return;
    }
    const words = `您已有一段时间没有操作，将在${left > 60_000 ? '5分钟' : '1分钟'}内自动退出。`;
    if (!warning) {
      warning = ask(words, '立即退出', '继续使用');
      warning.answer.then((on) => (on ? leave(home) : act()));
    } else if (warning.text.textContent !== words) {
      warning.text.textContent = words;
      say(words);
    }
  }, 5_000);
}

function leave(home) {
  const exit = one('form[data-exit]');
  one('#main')?.replaceChildren();
  if (exit) exit.requestSubmit();
  else location.replace(home);
}
