// Forms. A form carries its own key, so that a second press changes nothing at the server either; what stands
// here only keeps people from wondering.

const sent = new WeakSet();
const sure = new WeakSet();

/** Answers are waited for this long before a form may be sent once more (a download never answers here). */
const RESEND_AFTER_MS = 10_000;

// A question first, where a form or its button has data-confirm.
document.addEventListener('submit', (event) => {
  const form = event.target;
  const button = event.submitter;
  const words = button?.dataset.confirm ?? form.dataset.confirm;
  if (!words || sure.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(words, button?.textContent.trim() || '继续', '返回').answer.then((on) => {
    if (!on) return;
    sure.add(form);
    form.requestSubmit(button);
  });
});

// Then once only. `disabled` would take the button's own name and value out of the form, and the focus away.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post' || event.defaultPrevented) return;
  if (sent.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  sent.add(form);
  event.submitter?.setAttribute('aria-disabled', 'true');
  say('正在提交，请稍候。');
  setTimeout(() => release(form), RESEND_AFTER_MS);
});

function release(form) {
  sent.delete(form);
  for (const button of all('[aria-disabled="true"]', form)) button.removeAttribute('aria-disabled');
}

// Back from the next page, by the browser's own memory: the form may be sent again.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) for (const form of document.forms) release(form);
});

// A form that came back: the summary of errors is read first.
one('.k-errors')?.focus();

for (const button of all('[data-reveal]')) {
  const field = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener('click', () => {
    const shown = field.type === 'password';
    field.type = shown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(shown));
  });
  // A shown password is hidden again before it is sent, so that no browser keeps it as plain text.
  field.form?.addEventListener('submit', () => { field.type = 'password'; });
}

for (const place of all('[data-captcha]')) {
  const field = one('#captcha', place);
  const picture = one('img', place);
  const sound = one('[data-listen]', place);
  const renew = one('[data-renew]', place);
  renew.addEventListener('click', async (event) => {
    event.preventDefault();
    const next = await fetched(renew.href);
    if (!next?.image) return location.assign(renew.href);
    picture.src = next.image;
    sound.href = next.sound;
    one('[name="challenge"]', place).value = next.challenge;
    field.value = '';
    field.focus();
    say('验证码已更换。');
  });
  sound.addEventListener('click', (event) => {
    event.preventDefault();
    // Where the policy or the browser will not play it here, the link itself opens the sound.
    new Audio(sound.href).play().then(() => field.focus(), () => location.assign(sound.href));
  });
}

/** What an address answers as JSON, or null: another kind of answer, another page, no connection. */
async function fetched(href) {
  try {
    const answer = await fetch(href, { headers: { Accept: 'application/json' }, cache: 'no-store' });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

for (const button of all('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}

for (const cross of all('[data-shut]')) {
  cross.addEventListener('click', (event) => {
    event.preventDefault();
    cross.parentElement.remove();
    one('#main')?.focus();
  });
}
