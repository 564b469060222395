// Short words at the edge of the page; errors of control calls come here, too.

import { $, h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";

const SHOWN_MS = 6000;

export function toast(text, kind = "") {
  const node = h("p", { class: `toast ${kind}`.trim() }, text);
  const place = $("toasts");
  place.append(node);
  // above a dialog that has been opened since
  place.hidePopover();
  place.showPopover();
  setTimeout(() => node.remove(), SHOWN_MS);
}

// Do it; what goes wrong is told. Resolves to undefined then.
export async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    toast(error.missing ? t("later") : error.message, "error");
    return undefined;
  }
}

// The same, with the button resting meanwhile.
export async function attemptFrom(button, act) {
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    return await attempt(act);
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}
