// After success the cashier goes back to the merchant by itself, as the manual has it (等待5秒左右，跳转回缴费页面).
// The page says so, counts, and can be kept; without a script the button does the same.

const back = document.querySelector('[data-return]');
const note = document.querySelector('[data-return-note]');

if (back && note) {
  const left = note.querySelector('[data-return-left]');
  note.hidden = false;
  const timer = setInterval(() => {
    left.textContent = String(Number(left.textContent) - 1);
    if (Number(left.textContent) > 0) return;
    clearInterval(timer);
    location.replace(back.href);
  }, 1000);
  note.querySelector('[data-return-stay]').addEventListener('click', () => {
    clearInterval(timer);
    note.hidden = true;
    back.focus();
  });
}
