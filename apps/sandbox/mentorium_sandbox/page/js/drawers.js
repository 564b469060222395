// What one looks at behind the scenes: calls, model requests, mails, errors, each as a readable list.

import * as api from "/page/js/api.js";
import { h } from "/page/js/dom.js";
import { anchor } from "/page/js/format.js";
import { exactTime, shortDay, t } from "/page/js/i18n.js";
import { icon } from "/page/js/icons.js";
import { outboxByState, stateLook, stateWords } from "/page/js/outbox.js";
import { on, store } from "/page/js/store.js";

const MOST_SHOWN = 150;
const EVERY_MS = 1500;
// polling, and what this page itself asks in the bot's name
const UNTOLD = new Set(["getUpdates", "getMyCommands", "getMyDescription"]);
const links = { metrics: null, admin: null, mini_app: null, cabinet: null, scenarios: null };
const OWN_PAGES = { cabinet: "/payme/cabinet", scenarios: "/payme/scenarios" };

const DRAWERS = {
  mailbox: { read: async () => (await api.mailbox()).messages, entry: mail, page: "/mailbox", live: true },
  outbox: { above: outboxByState, entry: outboxEntry, page: "/outbox", live: true },
  calls: {
    read: async () => (await api.botCalls(0)).calls.filter(({ method }) => !UNTOLD.has(method)),
    entry: botCall,
    page: "/sandbox/calls",
  },
  model: { read: async () => (await api.modelRequests(0)).requests, entry: modelRequest, page: "/sandbox/openai" },
  sentry: { read: async () => (await api.sentry()).events, entry: sentryEvent, page: "/sandbox/sentry" },
};

export function drawers() {
  const buttons = Object.entries(DRAWERS).map(([name, drawer]) =>
    h(
      "button",
      { type: "button", class: "act", data: { drawer: name }, onclick: () => open(name, drawer) },
      t(`drawer.${name}`),
    ),
  );
  for (const name of Object.keys(links))
    links[name] = h("a", { class: "act", target: "_blank", rel: "noopener", hidden: true }, t(`drawer.${name}`), " ↗");
  showLinks();
  return h("div", { class: "pair" }, buttons, Object.values(links));
}

function showLinks() {
  for (const [name, link] of Object.entries(links)) {
    const url = OWN_PAGES[name] ?? store.world.urls?.[name];
    if (!link) continue;
    link.hidden = !url;
    if (url) link.href = url;
  }
}

async function open(name, { above, read, entry, page, live }) {
  const top = above?.(() => show());
  const readAll = top?.read ?? read;
  const list = h("ol", { class: "entries" });
  const find = h("input", {
    type: "search",
    autofocus: true,
    placeholder: t("drawer.find"),
    "aria-label": t("drawer.find"),
  });
  const button = (glyph, words, act) =>
    h("button", { type: "button", class: "icon", "aria-label": t(words), title: t(words), onclick: act }, icon(glyph));
  const box = h(
    "dialog",
    { class: "drawer", "aria-label": t(`drawer.${name}`) },
    h(
      "header",
      { class: "side-head" },
      h("h2", {}, t(`drawer.${name}`)),
      button("refresh", "drawer.refresh", () => show()),
      h(
        "a",
        {
          class: "icon",
          href: page,
          target: "_blank",
          rel: "noopener",
          "aria-label": t("drawer.page"),
          title: t("drawer.page"),
        },
        icon("link"),
      ),
      button("close", "close", () => box.close()),
    ),
    top?.node,
    h("div", { class: "find" }, find),
    list,
  );
  let entries = [];
  const filter = () => {
    const wanted = find.value.toLowerCase();
    const fitting = entries
      .filter((one) => !wanted || JSON.stringify(one).toLowerCase().includes(wanted))
      .slice(-MOST_SHOWN)
      .reverse();
    list.replaceChildren(
      ...(fitting.length ? fitting.map(entry) : [h("li", { class: "soft centred" }, t("drawer.empty"))]),
    );
  };
  const show = async () => {
    try {
      entries = await readAll();
      filter();
    } catch (error) {
      list.replaceChildren(h("li", { class: "soft centred" }, error.missing ? t("later") : error.message));
    }
  };
  find.addEventListener("input", filter);
  box.addEventListener("click", (event) => event.target === box && box.close());
  // who waits for a letter need not ask for it; one that is being read stays
  const waiting = setInterval(() => live && !document.hidden && !list.querySelector("[open]") && show(), EVERY_MS);
  box.addEventListener("close", () => {
    clearInterval(waiting);
    box.remove();
  });
  document.body.append(box);
  box.showModal();
  await show();
}

function row(time, title, note, status, details) {
  const head = h(
    "summary",
    {},
    time && h("time", {}, exactTime(new Date(time))),
    h("span", { class: "entry-title" }, h("strong", {}, title), note && h("small", {}, note)),
    status,
  );
  return h("li", {}, h("details", {}, head, details));
}

const json = (value) => h("pre", { tabindex: "0" }, JSON.stringify(value, null, 2));
const chip = (status) =>
  h("span", { class: status >= 200 && status < 300 ? "chip good" : "chip bad" }, String(status ?? "—"));

function botCall({ time, method, params, status, error }) {
  const note = params.text ?? params.caption ?? params.action ?? params.callback_query_id ?? "";
  return row(time, method, String(note).slice(0, 120), chip(status), [
    error && h("p", { class: "wrong" }, error),
    json(params),
  ]);
}

function modelRequest({ time, path, body, status }) {
  const messages = Array.isArray(body?.messages) ? body.messages : Array.isArray(body?.input) ? body.input : [];
  const turns = messages.map((message) =>
    h("div", { class: "turn" }, h("strong", {}, message.role ?? message.type), h("p", {}, wordsOf(message))),
  );
  const raw = h("details", {}, h("summary", {}, "JSON"), json(body));
  return row(time, body?.model ?? path, wordsOf(messages.at(-1) ?? {}).slice(0, 120), chip(status), [...turns, raw]);
}

function wordsOf(message) {
  const { content = message.output, tool_calls: calls } = message;
  const text = Array.isArray(content)
    ? content.map((piece) => piece.text ?? `[${piece.type}]`).join(" ")
    : (content ?? "");
  const asked = (calls ?? []).map(({ function: { name, arguments: given } }) => `${name}(${given})`).join("\n");
  return [String(text), asked].filter(Boolean).join("\n");
}

function mail({ time, to, subject, text }) {
  const pieces = text.split(/(https?:\/\/[^\s<>"]+)/).map((piece, index) => (index % 2 ? linked(piece) : piece));
  return row(time, subject, [to].flat().join(", "), null, h("p", { class: "letter" }, pieces));
}

function linked(address) {
  const link = anchor(address);
  link.textContent = address;
  return link;
}

function outboxEntry(one) {
  const { of, kind, state, message, reason, dedup_key: key, sent_at: sent, send_at: due, created } = one;
  const time = sent ?? due ?? created;
  const note = [time && shortDay(new Date(time)), reason, message ? message.slice(0, 120) : key];
  const chip = h("span", { class: stateLook(state), title: state }, stateWords(of, state));
  return row(time, kind, note.filter(Boolean).join(" · "), chip, json(one));
}

function sentryEvent(event) {
  const [error] = event.exception?.values?.slice(-1) ?? [];
  const title = error ? `${error.type}: ${error.value}` : (event.message ?? event.logentry?.message ?? event.event_id);
  const note = [event.tags?.handler, event.user?.id && `user ${event.user.id}`, event.level]
    .filter(Boolean)
    .join(" · ");
  return row(
    event.timestamp && (typeof event.timestamp === "number" ? event.timestamp * 1000 : event.timestamp),
    title,
    note,
    null,
    json(event),
  );
}

on("world", showLinks);
