// A button of the control strip: rests while its action is under way, and what goes wrong is told.

import { h } from "/page/js/dom.js";
import { attemptFrom } from "/page/js/toast.js";

export function controlButton(words, action, note) {
  const button = h("button", { type: "button", class: "act" }, h("span", {}, words), note && h("small", {}, note));
  button.addEventListener("click", () => attemptFrom(button, action));
  return button;
}
