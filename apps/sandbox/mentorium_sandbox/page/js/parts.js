// The product's processes and servers: how they are, and buttons to let them fall and stand up.

import * as api from "/page/js/api.js";
import { h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";
import { on } from "/page/js/store.js";
import { attemptFrom } from "/page/js/toast.js";

const EVERY_MS = 5000;
const CONTROLLABLE = new Set(["bot", "webhook", "worker", "bot_db", "redis"]);
const ACTIONS = ["kill", "stop", "start"];
let list = null;
let shown = "";

export function partsSection() {
  list = h("ul", { class: "parts" });
  shown = "";
  look();
  return list;
}

async function look() {
  const health = await api.health().catch(() => ({ parts: { sandbox: "away" } }));
  const now = JSON.stringify(health.parts);
  if (now === shown) return;
  shown = now;
  const focused = [...list.querySelectorAll("button")].indexOf(document.activeElement);
  // that the first parent has come in is news only while it is not so
  const told = Object.entries(health.parts).filter(([name, state]) => name !== "first_family" || state !== "ok");
  list.replaceChildren(...told.map(([name, state]) => entry(name, state)));
  if (focused >= 0) list.querySelectorAll("button")[focused]?.focus();
}

function entry(name, state) {
  const well = state === "ok";
  const words = h("span", { class: "part-words" }, h("strong", {}, name), h("small", {}, state));
  const buttons = CONTROLLABLE.has(name)
    ? ACTIONS.map((action) => button(name, action))
    : [];
  return h(
    "li",
    { class: well ? "well" : "ill" },
    h("span", { class: "dot", role: "img", "aria-label": t(well ? "parts.well" : "parts.ill") }),
    words,
    buttons,
  );
}

function button(name, action) {
  const node = h(
    "button",
    { type: "button", class: "mini", title: t(`parts.${action}`), "aria-label": `${t(`parts.${action}`)}: ${name}` },
    t(`parts.${action}_short`),
  );
  node.addEventListener("click", () =>
    attemptFrom(node, async () => {
      await api.part(name, action);
      await look();
    }),
  );
  return node;
}

export function watchParts() {
  on("world", () => list && look());
  setInterval(() => {
    if (!document.hidden && list?.checkVisibility()) look();
  }, EVERY_MS);
}
