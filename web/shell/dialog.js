// A question over the page. Escape and the button that says so close it; focus stays inside.

import { html, useEffect, useRef } from '../vendor/standalone.module.js';

/** @param {{title: string, onClose: () => void, children?: any}} props */
export function Dialog({ title, onClose, children }) {
  const box = useRef(null);
  useEffect(() => {
    const dialog = box.current;
    const before = document.activeElement;
    dialog.showModal();
    return () => {
      if (dialog.open) dialog.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const cancel = event => {
    event.preventDefault();
    onClose();
  };
  return html`<dialog ref=${box} class="dialog" aria-label=${title} onCancel=${cancel}>
    <h2>${title}</h2>
    ${children}
  </dialog>`;
}
