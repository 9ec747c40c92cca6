// Time. The server's clock counts, never the visitor's: the page says when it was written (`data-clock`), the
// browser only measures how long ago its answer came.

const clocks = all('time[data-clock]');
const opened = performance.timeOrigin + (performance.getEntriesByType('navigation')[0]?.responseStart || 0);
const written = clocks.length ? Date.parse(clocks[0].dateTime) : opened;

/** The server's time in milliseconds. */
const now = () => written + (Date.now() - opened);

const OFFICE_MS = 8 * 3_600_000;
const two = (number) => String(number).padStart(2, '0');

/** Date and time of day at the office (+08:00), in the two ways the pages write them. */
function office(instant) {
  const at = new Date(instant + OFFICE_MS);
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  return {
    clock: `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`,
    words: `${year}年${month}月${day}日`,
    digits: `${year}-${two(month)}-${two(day)}`,
  };
}

function tick() {
  const at = office(now());
  for (const clock of clocks) {
    clock.textContent = clock.textContent
      .replace(/\d{1,2}:\d{2}:\d{2}/, at.clock)
      .replace(/\d{4}年\d{1,2}月\d{1,2}日/, at.words)
      .replace(/\d{4}-\d{2}-\d{2}/, at.digits);
  }
  for (const place of waits) count(place);
}

const waits = all('[data-until]').map((element) => {
  const until = Date.parse(element.dataset.until);
  return { element, until, name: element.dataset.untilName, last: until - now() };
});

/** The moments that are said aloud. */
const SAID = [[300_000, '还剩5分钟'], [60_000, '还剩1分钟'], [0, '时间已到']];

function count(place) {
  const left = Math.max(0, place.until - now());
  if (place.element instanceof HTMLProgressElement) {
    place.element.value = left / 1000;
    return;
  }
  place.element.textContent = lasting(left);
  const passed = SAID.findLast(([mark]) => place.last > mark && left <= mark);
  if (passed) say(`${place.name}${passed[1]}。`);
  place.last = left;
}

/** How the pages write what is left: two units, the smaller ones where they matter. */
function lasting(ms) {
  const seconds = Math.floor(ms / 1000);
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24];
  const minutes = Math.floor(seconds / 60) % 60;
  if (days) return `${days}天${hours}小时`;
  if (hours) return `${hours}小时${minutes}分`;
  if (minutes) return `${minutes}分${seconds % 60}秒`;
  return `${seconds}秒`;
}

if (clocks.length || waits.length) setInterval(tick, 1000);
