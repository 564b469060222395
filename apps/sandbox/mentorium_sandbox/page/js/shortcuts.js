// The page by keyboard: what the keys do, and the list of them under "?".

import { $, h } from "/page/js/dom.js";
import { openCommands } from "/page/js/composer.js";
import { stopDraft } from "/page/js/chat_actions.js";
import { t } from "/page/js/i18n.js";
import { closePanels, nextLayout, nextTheme, togglePanel } from "/page/js/panels.js";
import { addParent, inOrder } from "/page/js/parents.js";
import { sheet } from "/page/js/sheets.js";
import { choose, store } from "/page/js/store.js";

const KEYS = [
  ["/", "keys.write", (event) => plain(event) && event.key === "/", () => $("text").focus()],
  ["?", "help", (event) => plain(event) && event.key === "?", showShortcuts],
  [
    "Alt ↑  Alt ↓",
    "keys.parents",
    (event) => event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key),
    (event) => step(event.key === "ArrowUp" ? -1 : 1),
  ],
  ["Alt N", "parents.new", alt("KeyN"), addParent],
  ["Alt S", "chat.stop", alt("KeyS"), stopDraft],
  ["Alt M", "chat.commands", alt("KeyM"), openCommands],
  ["Alt C", "controls", alt("KeyC"), goToControls],
  ["Alt T", "theme", alt("KeyT"), nextTheme],
  ["Alt L", "keys.layout", alt("KeyL"), nextLayout],
];
const TRIES = ["ask", "report", "email", "link", "grant", "break"];
const OTHERS = [
  ["Enter", "send"],
  ["Shift Enter", "keys.line"],
  ["Esc", "close"],
  ["← →", "keys.photos"],
];

function alt(code) {
  return (event) => event.altKey && !event.ctrlKey && !event.metaKey && event.code === code;
}

function plain(event) {
  return !event.ctrlKey && !event.metaKey && !event.target.closest?.("input, textarea, select, [contenteditable]");
}

function step(by) {
  const users = inOrder(store.world.users);
  const at = users.findIndex((user) => user.id === store.chosen);
  choose(users[(at + by + users.length) % users.length].id);
}

function goToControls() {
  if ($("open-controls").offsetParent) togglePanel("controls");
  else $("controls").querySelector("summary").focus();
}

export function showShortcuts() {
  const rows = [...KEYS, ...OTHERS].map(([keys, words]) =>
    h(
      "div",
      {},
      h(
        "dt",
        {},
        keys.split("  ").map((key) => h("kbd", {}, key)),
      ),
      h("dd", {}, t(words)),
    ),
  );
  const tries = TRIES.map((key) => h("li", {}, t(`try.${key}`)));
  sheet(t("help"), [
    h("h3", {}, t("try.title")),
    h("ul", { class: "tries" }, tries),
    h("h3", {}, t("shortcuts")),
    h("dl", { class: "keys" }, rows),
  ]);
}

export function prepareShortcuts() {
  $("help").addEventListener("click", showShortcuts);
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return void closePanels();
    const found = KEYS.find(([, , fits]) => fits(event));
    if (!found) return;
    event.preventDefault();
    found[3](event);
  });
}
