// Telegram's text with entities (offsets in UTF-16 units, which are JavaScript's own) as DOM nodes.

import { copy, h } from "/page/js/dom.js";
import { locale, t } from "/page/js/i18n.js";

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

// `actions` tells what a tap on a command does: { command(text) }, and on a link into the bot: { visit(url) -> bool }.
export function formatted(text, entities = [], actions = {}) {
  const root = document.createDocumentFragment();
  append(
    root,
    text,
    0,
    text.length,
    [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length),
    actions,
  );
  return root;
}

function append(parent, text, from, to, entities, actions) {
  let position = from;
  while (entities.length && entities[0].offset < to) {
    const entity = entities.shift();
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < position) continue;
    parent.append(text.slice(position, entity.offset));
    const inside = [];
    while (entities.length && entities[0].offset < end) inside.push(entities.shift());
    const { node, inner } = element(entity, text.slice(entity.offset, end), actions);
    append(inner, text, entity.offset, end, inside, actions);
    parent.append(node);
    // a block ends its line by itself
    position = BLOCKS.has(entity.type) && text[end] === "\n" ? end + 1 : end;
  }
  parent.append(text.slice(position, to));
}

function element(entity, text, actions) {
  const made = MAKERS[entity.type]?.(entity, text, actions) ?? h(TAGS[entity.type] ?? "span", { class: entity.type });
  return made instanceof Node ? { node: made, inner: made } : made;
}

const MAKERS = {
  url: (_, text, actions) => anchor(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `http://${text}`, actions),
  text_link: (entity, _, actions) => anchor(entity.url, actions),
  email: (_, text) => anchor(`mailto:${text}`),
  phone_number: (_, text) => anchor(`tel:${text.replace(/[^\d+]/g, "")}`),
  bot_command: (_, text, actions) =>
    h("button", { type: "button", class: "as-link", onclick: () => actions.command?.(text) }),
  spoiler,
  pre,
  blockquote: () => h("blockquote"),
  expandable_blockquote: expandable,
  date_time: dateTime,
};

export function anchor(address, actions = {}) {
  if (!/^(https?|mailto|tel):/i.test(address) && !/^tg:/i.test(address)) return h("span");
  const link = h("a", { href: address, target: "_blank", rel: "noopener noreferrer", title: address });
  link.addEventListener("click", (event) => {
    if (actions.visit?.(address)) event.preventDefault();
  });
  return link;
}

function spoiler() {
  const inner = h("span", { "aria-hidden": "true" });
  const node = h(
    "span",
    { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("message.spoiler") },
    inner,
  );
  const show = (event) => {
    if (node.classList.contains("shown") || (event.type === "keydown" && !["Enter", " "].includes(event.key))) return;
    event.preventDefault();
    node.classList.add("shown");
    inner.removeAttribute("aria-hidden");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
  };
  node.addEventListener("click", show);
  node.addEventListener("keydown", show);
  return { node, inner };
}

function pre(entity, text) {
  const inner = h("code");
  const button = h("button", { type: "button", class: "quiet", onclick: () => copy(text) }, t("message.copy"));
  const head = h("figcaption", {}, h("span", {}, entity.language ?? t("message.code")), button);
  return { node: h("figure", { class: "code" }, head, h("pre", { tabindex: "0" }, inner)), inner };
}

function expandable(_, text) {
  const inner = h("div", { class: "folded" });
  const node = h("blockquote", {}, inner);
  if (text.length < 120 && text.split("\n").length < 4) {
    inner.className = "";
    return { node, inner };
  }
  const button = h("button", { type: "button", class: "quiet", "aria-expanded": "false" }, t("message.more"));
  button.addEventListener("click", () => {
    const folded = inner.classList.toggle("folded");
    button.setAttribute("aria-expanded", String(!folded));
    button.textContent = t(folded ? "message.more" : "message.less");
  });
  node.append(button);
  return { node, inner };
}

// The Bot API's format: `r` for relative, or any of w (weekday), d or D (date), t or T (time).
function dateTime(entity, text) {
  const moment = new Date(entity.unix_time * 1000);
  const shown = h("time", {
    class: "moment",
    datetime: moment.toISOString(),
    title: new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeStyle: "short" }).format(moment),
  });
  const wanted = entity.date_time_format ?? "";
  if (!wanted) return shown;
  shown.append(wanted === "r" ? relative(moment) : new Intl.DateTimeFormat(locale(), styles(wanted)).format(moment));
  return { node: shown, inner: document.createDocumentFragment() };
}

function styles(wanted) {
  const has = (letter) => wanted.includes(letter);
  return {
    weekday: has("w") ? (has("D") ? "long" : "short") : undefined,
    day: has("d") || has("D") ? "numeric" : undefined,
    month: has("D") ? "long" : has("d") ? "2-digit" : undefined,
    year: has("d") || has("D") ? "numeric" : undefined,
    hour: has("t") || has("T") ? "2-digit" : undefined,
    minute: has("t") || has("T") ? "2-digit" : undefined,
    second: has("T") ? "2-digit" : undefined,
  };
}

function relative(moment) {
  const seconds = Math.round((moment.getTime() - Date.now()) / 1000);
  const units = [
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ];
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.round(seconds / size), unit);
}
