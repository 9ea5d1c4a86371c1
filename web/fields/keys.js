// Keys: what the input method takes, marks for bold, and the shortcuts of the editor.

/** Whether a key belongs to the input method, which uses Enter and others itself. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/** Puts `**` around the selection, or removes it, so that the browser's own undo still works. */
export function toggleBold(area) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const inner = value.slice(start, end);
  const isBold = value.slice(start - 2, start) === '**' && value.slice(end, end + 2) === '**';
  if (isBold) area.setSelectionRange(start - 2, end + 2);
  document.execCommand('insertText', false, isBold ? inner : `**${inner}**`);
  const from = isBold ? start - 2 : start + 2;
  area.setSelectionRange(from, from + inner.length);
}
