// Finds one element by what it is and what it is called, as a person would.
// Gives {element} or {missing: why}; asked for "focus" it gives the name of what has it.
const [what, called, beside] = arguments;

const KINDS = {
  button: "button, summary, [role=button], " +
    "input:is([type=submit], [type=button], [type=reset], [type=image])",
  link: "a[href], area[href]",
  field: "textarea, select, " +
    "input:not([type=hidden], [type=submit], [type=button], [type=reset], [type=image])",
};
// What a thing stands in: its row where there is one, so that the words of the next row never count.
const ROWS = "tr, li, article, [role=row]";
const GROUPS = "fieldset, dl, form, section, main";

const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();

const said = (element) => {
  const text = plain(element.innerText);
  if (text) return text;
  const pictures = [...element.querySelectorAll("img[alt], svg title")];
  return plain(pictures.map((it) => it.alt ?? it.textContent).join(" "));
};

const name = (element) => {
  const ids = plain(element.getAttribute("aria-labelledby")).split(" ").filter(Boolean);
  const labelled = ids.map((id) => document.getElementById(id)).filter(Boolean);
  if (labelled.length) return plain(labelled.map(said).join(" "));
  if (element.ariaLabel) return plain(element.ariaLabel);
  if (element.labels?.length) return plain([...element.labels].map(said).join(" "));
  if (element.matches("input")) return plain(element.alt || element.value || element.title);
  return said(element) || plain(element.title);
};

const shown = (element) =>
  element.getClientRects().length > 0 && getComputedStyle(element).visibility === "visible";

if (what === "focus") {
  const element = document.activeElement;
  return element && element !== document.body ? name(element) : "";
}

const here = [...document.querySelectorAll(KINDS[what])]
  .filter(shown)
  .filter((it) => !beside ||
    plain((it.closest(ROWS) ?? it.closest(GROUPS))?.innerText).includes(beside));
const exactly = here.filter((it) => name(it) === called);
// A label may go on: 证件号码 必填.
const found = exactly.length ? exactly : here.filter((it) => name(it).startsWith(called));
if (found.length === 1) return { element: found[0] };

const names = here.map(name).filter(Boolean).join("」「");
const where = beside ? ` beside 「${beside}」` : "";
return {
  missing: found.length
    ? `${found.length} are called 「${called}」${where}`
    : `no ${what} is called 「${called}」${where}; there are 「${names}」`,
};
