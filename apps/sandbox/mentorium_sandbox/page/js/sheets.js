// Dialogs: words to agree to, small forms, menus.

import { h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";

let count = 0;

// A modal sheet; resolves to the value of the button that closed it, "" for Escape. `content` are nodes.
export function sheet(title, content, buttons = [{ value: "ok", words: t("ok"), main: true }]) {
  const id = `sheet-${(count += 1)}`;
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", { id }, title),
    content,
    h(
      "div",
      { class: "sheet-buttons" },
      buttons.map((button) => sheetButton(button, () => box.close(""))),
    ),
  );
  const box = h("dialog", { class: "sheet", "aria-labelledby": id }, form);
  const before = document.activeElement;
  document.body.append(box);
  box.showModal();
  box.scrollTop = 0; // the focus of a long one's button would begin at its end
  return new Promise((resolve) => {
    box.addEventListener("close", () => {
      box.remove();
      before?.focus?.();
      resolve(box.returnValue);
    });
  });
}

// Enter in a field presses the form's first submit button, so what only closes is none.
function sheetButton({ value, words, main }, close) {
  if (value) return h("button", { value, class: main ? "main" : "" }, words);
  return h("button", { type: "button", onclick: close }, words);
}

export const cancel = () => ({ value: "", words: t("cancel") });
export const alertSheet = (title, text) => sheet(title, [h("p", {}, text)]);

export async function confirmSheet(title, content, words) {
  return (await sheet(title, content, [cancel(), { value: "yes", words, main: true }])) === "yes";
}

export function field(label, input) {
  return h("label", { class: "field" }, h("span", {}, label), input);
}

export function select(name, options, chosen) {
  return h(
    "select",
    { name },
    Object.entries(options).map(([value, words]) => h("option", { value, selected: value === chosen }, words)),
  );
}

// Values of a sheet's form, without those left empty.
export function values(inputs) {
  return Object.fromEntries(
    Object.entries(inputs)
      .map(([key, input]) => [key, input.value.trim()])
      .filter(([, value]) => value !== ""),
  );
}

// A menu that hangs at its button: arrows move, Escape or a click elsewhere closes.
export function openMenu(button, label, items) {
  const menu = h(
    "div",
    { class: "menu", role: "menu", popover: "auto", "aria-label": label },
    items.map(({ words, note, glyph, act }) =>
      h(
        "button",
        {
          type: "button",
          role: "menuitem",
          onclick: () => {
            menu.hidePopover();
            act();
          },
        },
        glyph,
        h("span", {}, words, note && h("small", {}, note)),
      ),
    ),
  );
  document.body.append(menu);
  button.setAttribute("aria-expanded", "true");
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    button.setAttribute("aria-expanded", "false");
    const inside = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    if (inside) button.focus();
  });
  menu.addEventListener("keydown", (event) => moveFocus(event, [...menu.children]));
  menu.showPopover();
  place(menu, button);
  menu.firstElementChild?.focus();
}

function moveFocus(event, items) {
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items[(to + items.length) % items.length]?.focus();
}

function place(menu, button) {
  const from = button.getBoundingClientRect();
  const left = Math.max(8, Math.min(from.left, innerWidth - menu.offsetWidth - 8));
  const above = from.top - menu.offsetHeight - 8;
  menu.style.setProperty("--left", `${left}px`);
  menu.style.setProperty("--top", `${above > 8 ? above : from.bottom + 8}px`);
}
