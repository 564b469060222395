// What a parent does in the chat: presses, links, the pay sheet, contacts.

import * as api from "/page/js/api.js";
import { copy, h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";
import { alertSheet, cancel, confirmSheet, field, select, sheet } from "/page/js/sheets.js";
import { isInvoiceLink, payLink, payMessage } from "/page/js/stars.js";
import { choose, chosen, store, talkOf, tell } from "/page/js/store.js";
import { attempt, toast } from "/page/js/toast.js";

const pending = [];

export const chatActions = {
  press,
  pay: payMessage,
  openApp,
  visit,
  key,
  command: (text) => attempt(() => api.send(store.chosen, { text })),
};

export const stopDraft = () => {
  const { draft } = talkOf(store.chosen);
  return draft && attempt(() => api.stop(store.chosen, draft.draft_id));
};

// The button spins until the bot has answered the press; what it says is shown once, whichever way it comes.
async function press(user, message, button, node) {
  const waiting = { user, answered: false, node };
  pending.push(waiting);
  node.classList.add("waiting");
  node.setAttribute("aria-busy", "true");
  try {
    const result = await api.press(user, message.message_id, button.callback_data);
    if (!waiting.answered) answered(waiting, result.callback_answer);
  } catch (error) {
    toast(error.message, "error");
  } finally {
    rest(waiting);
  }
}

function rest(waiting) {
  const at = pending.indexOf(waiting);
  if (at >= 0) pending.splice(at, 1);
  waiting.node.classList.remove("waiting");
  waiting.node.removeAttribute("aria-busy");
}

export function hearAnswer({ user_id: user, answer }) {
  const waiting = pending.find((press) => press.user === user && !press.answered);
  if (!waiting) return;
  answered(waiting, answer);
  rest(waiting);
}

function answered(waiting, answer) {
  waiting.answered = true;
  if (answer?.text && answer.show_alert) alertSheet(t("chat.alert"), answer.text);
  else if (answer?.text) toast(answer.text);
  if (answer?.url) openLink(answer.url);
}

async function openLink(url) {
  if (visit(url)) return;
  if (await confirmSheet(t("link.open"), [h("p", { class: "address" }, url)], t("link.go")))
    window.open(url, "_blank", "noopener");
}

// A link into the bot (or the sharing of one) opens here, as the parent of one's choice; so does an invoice's.
// True if it is one of these.
function visit(address) {
  if (isInvoiceLink(address)) {
    payLink(address);
    return true;
  }
  const payload = startPayload(address);
  if (payload === null) return false;
  openAs(address, payload);
  return true;
}

function startPayload(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const shared = url.searchParams.get("url");
  if (/^\/share\//.test(url.pathname) && shared) return startPayload(shared);
  const bot = store.world.bot.username.toLowerCase();
  const ours =
    url.pathname.toLowerCase() === `/${bot}` ||
    (url.protocol === "tg:" && url.searchParams.get("domain")?.toLowerCase() === bot);
  return ours ? (url.searchParams.get("start") ?? "") : null;
}

async function openAs(address, payload) {
  const parents = Object.fromEntries(store.world.users.map((user) => [String(user.id), user.first_name]));
  const who = select("who", parents, String(store.chosen));
  const copyButton = h(
    "button",
    { type: "button", class: "quiet", onclick: () => copy(address).then(() => toast(t("copied"))) },
    t("link.copy"),
  );
  const words = [
    h("p", {}, t("link.into_bot")),
    h("p", { class: "address" }, address),
    copyButton,
    field(t("link.as"), who),
  ];
  if (!(await confirmSheet(t("link.open"), words, t("link.go")))) return;
  const id = Number(who.value);
  choose(id);
  await attempt(() => api.start(id, payload));
}

async function openApp(button) {
  const url = button.web_app.url;
  await sheet(button.text, [h("p", {}, t("app.later")), h("p", { class: "address" }, url)]);
}

async function key(button) {
  const talk = talkOf(store.chosen);
  const words = button.text ?? button;
  if (button.web_app) return openApp(button);
  if (button.request_location || button.request_poll || button.request_users || button.request_chat)
    return toast(t("button.unknown"));
  if (button.request_contact && !(await agreesToShare())) return undefined;
  const { keyboard } = talk;
  const pressed = await attempt(() => api.pressKey(store.chosen, talk.last.message_id, words));
  if (pressed && keyboard.one_time_keyboard) talk.keyboard = null;
  return tell("talk", { id: store.chosen, change: "keyboard" });
}

export async function agreesToShare() {
  const { phone, first_name: name } = chosen();
  if (phone)
    return confirmSheet(
      t("contact.share"),
      [h("p", {}, t("contact.will_see", { phone, name }))],
      t("contact.share_now"),
    );
  await alertSheet(t("contact.share"), t("contact.no_phone"));
  return false;
}

export async function sendSomebodysContact() {
  const [name, phone] = [
    h("input", { required: true, maxlength: "64", autocomplete: "off", autofocus: true }),
    h("input", {
      required: true,
      type: "tel",
      pattern: "\\+?[0-9]{7,15}",
      placeholder: "+998901234567",
      autocomplete: "off",
    }),
  ];
  const done = await sheet(
    t("contact.other"),
    [field(t("contact.name"), name), field(t("contact.phone"), phone)],
    [cancel(), { value: "ok", words: t("send"), main: true }],
  );
  if (done === "ok")
    await attempt(() =>
      api.send(store.chosen, { contact: { first_name: name.value.trim(), phone_number: phone.value } }),
    );
}
