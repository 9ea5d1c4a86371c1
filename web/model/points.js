// Points as integer hundredths, so that sums are exact.

/** The hundredths of a text or number such as `4.5`; `null` if it is not a number of points. */
export function hundredths(text) {
  const match = /^(-?)(\d{1,9})(?:\.(\d{1,2}))?$/.exec(String(text === undefined || text === null ? '' : text).trim());
  if (!match) return null;
  const value = Number(match[2]) * 100 + Number((match[3] || '').padEnd(2, '0'));
  return match[1] ? -value : value;
}

/** Digits of an input method in full-width mode as ordinary digits. @param {string} text */
export function halfWidth(text) {
  return text.replace(/[０-９．－]/g, wide => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
}

/** The shortest text of some hundredths. @param {number} value */
export function text(value) {
  const whole = Math.floor(Math.abs(value) / 100);
  const part = String(Math.abs(value) % 100).padStart(2, '0').replace(/0+$/, '');
  return (value < 0 ? '-' : '') + whole + (part ? '.' + part : '');
}

/** The sum of texts; `null` if one is not a number or there are none. @param {any[]} texts */
export function sum(texts) {
  if (texts.length === 0) return null;
  let total = 0;
  for (const one of texts) {
    const value = hundredths(one);
    if (value === null) return null;
    total += value;
  }
  return total;
}
