// Kaowu 考务 — what a script adds to pages that all work without one.
//
// build.rs joins the files of this folder, in the order of their names, into one module, site.js. Nothing is
// evaluated from text, no style is set, no markup is built from text: script-src 'self', connect-src 'self'.

/** The one element of that kind, or null. */
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** An element with text and attributes. */
function make(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Tells those who listen instead of looking. The same words twice are told twice. */
function say(words) {
  const voice = one('#k-live');
  if (!voice) return;
  voice.textContent = '';
  setTimeout(() => { voice.textContent = words; }, 100);
}

/**
 * Asks before an act or before leaving: words, the button that goes on, the button that stays.
 * Resolves to true where the person goes on. Escape stays; the safe button has the focus.
 */
function ask(words, on, stay) {
  const text = make('p', {}, words);
  const safe = make('button', { class: 'btn btn-secondary', value: '' }, stay);
  const sure = make('button', { class: 'btn btn-danger', value: 'on' }, on);
  const form = make('form', { method: 'dialog' }, text, make('div', { class: 'k-acts' }, safe, sure));
  const dialog = make('dialog', { class: 'k-ask', 'aria-label': words }, form);
  document.body.append(dialog);
  const before = document.activeElement;
  dialog.showModal();
  safe.focus();
  const answer = new Promise((tell) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      before?.focus();
      tell(dialog.returnValue === 'on');
    });
  });
  return { answer, text, shut: () => dialog.close('') };
}
