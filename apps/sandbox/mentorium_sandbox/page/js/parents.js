// The list of fake parents: who wrote last, what, and how much of it is unread.

import * as api from "/page/js/api.js";
import { $, avatar, h, hidden } from "/page/js/dom.js";
import { LANGUAGES, clockTime, dayKey, onLanguage, shortDay, t } from "/page/js/i18n.js";
import { isMine, snippet } from "/page/js/message.js";
import { closePanels } from "/page/js/panels.js";
import { cancel, field, select, sheet, values } from "/page/js/sheets.js";
import { choose, on, readWorld, store, talkOf } from "/page/js/store.js";
import { attempt } from "/page/js/toast.js";

const MOST_SHOWN = 200;
let waiting = false;

// Drawn once a frame at most, however many changes come.
function show() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    draw();
  });
}

function draw() {
  const focused = document.activeElement?.closest?.(".parent")?.dataset.id;
  const wanted = $("find").value.trim().toLowerCase();
  const users = store.world.users.filter(
    (user) => user.first_name.toLowerCase().includes(wanted) || String(user.id).includes(wanted),
  );
  const shown = inOrder(users).slice(0, MOST_SHOWN);
  $("parents").replaceChildren(...shown.map(entry));
  $("more-parents").hidden = users.length <= MOST_SHOWN;
  $("more-parents").textContent = t("parents.more", { count: users.length - MOST_SHOWN });
  $("find-row").hidden = store.world.users.length < 8;
  if (focused) $("parents").querySelector(`[data-id="${focused}"]`)?.focus();
  const unread = store.world.users.reduce((sum, user) => sum + talkOf(user.id).unread, 0);
  document.title = (unread ? `(${unread}) ` : "") + t("page.title");
}

export const inOrder = (users) =>
  [...users].sort((a, b) => (talkOf(b.id).last?.date ?? 0) - (talkOf(a.id).last?.date ?? 0));

function entry(user) {
  const talk = talkOf(user.id);
  const { last } = talk;
  const current = user.id === store.chosen;
  const line = h("span", { class: "last" }, ...lastLine(user, talk, last));
  const badge = talk.unread
    ? h("span", { class: "unread" }, String(talk.unread), hidden(` ${t("parents.unread")}`))
    : null;
  const head = h(
    "span",
    { class: "line" },
    h("strong", {}, user.first_name),
    h("span", { class: "tag", title: LANGUAGES[user.language_code] ?? "" }, user.language_code),
    last && h("time", {}, when(last)),
  );
  const button = h(
    "button",
    { type: "button", class: "parent", "aria-current": current && "true", data: { id: user.id } },
    avatar(user.id, user.first_name),
    h("span", { class: "parent-words" }, head, h("span", { class: "line" }, line, badge)),
  );
  button.addEventListener("click", () => {
    choose(user.id);
    closePanels();
    if (matchMedia("(hover: hover)").matches) $("text").focus();
  });
  return h("li", {}, button);
}

function lastLine(user, talk, last) {
  if (talk.blocked) return [h("em", {}, t("parents.blocked"))];
  if (talk.draft || talk.action)
    return [h("em", { class: "busy" }, t(`action.${talk.draft ? "typing" : talk.action}`))];
  if (!last) return [h("em", {}, user.phone ?? t("parents.no_phone"))];
  return [isMine(last) ? `${t("message.you")}: ` : "", snippet(last).slice(0, 90)];
}

function when(message) {
  const date = new Date(message.date * 1000);
  return dayKey(date) === dayKey(new Date(store.world.now)) ? clockTime(date) : shortDay(date);
}

export async function addParent() {
  const inputs = {
    first_name: h("input", { required: true, maxlength: "64", autocomplete: "off", autofocus: true }),
    language_code: select("language_code", LANGUAGES, document.documentElement.lang),
    phone: h("input", { type: "tel", pattern: "\\+?[0-9]{7,15}", placeholder: "+998901234567", autocomplete: "off" }),
  };
  const fields = [
    field(t("parents.name"), inputs.first_name),
    field(t("parents.language"), inputs.language_code),
    field(t("parents.phone"), inputs.phone),
    h("p", { class: "soft" }, t("parents.about_new")),
  ];
  const done = await sheet(t("parents.new"), fields, [cancel(), { value: "ok", words: t("parents.add"), main: true }]);
  const user = done === "ok" && (await attempt(() => api.addUser(values(inputs))));
  if (!user) return;
  await readWorld();
  choose(user.id);
  closePanels();
}

for (const topic of ["world", "talk", "chosen"]) on(topic, show);
onLanguage(show);
$("find").addEventListener("input", show);
$("new-parent").addEventListener("click", addParent);
document.addEventListener("visibilitychange", () => {
  if (document.hidden || store.chosen === null) return;
  talkOf(store.chosen).unread = 0;
  show();
});
