// One message (or an album of several) as a bubble.

import { $, avatar, calm, h, hidden } from "/page/js/dom.js";
import { formatted } from "/page/js/format.js";
import { clockTime, money, t } from "/page/js/i18n.js";
import { inlineKeyboard } from "/page/js/keyboards.js";
import { album, file, moving, photo, sticker } from "/page/js/media.js";
import { player } from "/page/js/player.js";

const MOST_SNIPPET = 90;
const DEEP_LINK = /^\/start \S+$/;

export const isMine = (message) => !message.from?.is_bot;

// `messages` are one message, or those of one album; `actions` is what a tap sets off.
export function bubble(user, messages, actions) {
  const [first] = messages;
  const service = serviceWords(first);
  if (service) return h("li", { class: "service" }, h("span", {}, service));
  const said = messages.find((message) => message.caption) ?? first;
  const body = h(
    "div",
    { class: kindOf(first) },
    hidden(`${senderOf(first)}: `),
    forwarded(first),
    replied(first),
    ...content(messages, said, actions),
  );
  body.append(meta(messages.at(-1)));
  const keyboard = messages.at(-1).reply_markup?.inline_keyboard;
  return h(
    "li",
    { class: isMine(first) ? "message mine" : "message", data: { id: first.message_id } },
    body,
    keyboard && inlineKeyboard(user, messages.at(-1), actions),
  );
}

function kindOf(message) {
  const bare = (message.sticker || message.dice) && !message.caption;
  const pictured = message.photo || message.video || message.animation;
  return ["bubble", bare && "bare", pictured && "pictured"].filter(Boolean).join(" ");
}

export const senderOf = (message) =>
  isMine(message) ? (message.from?.first_name ?? t("message.you")) : message.from.first_name;

function content(messages, said, actions) {
  const [message] = messages;
  const media =
    messages.length > 1
      ? [album(messages)]
      : Object.keys(MEDIA)
          .filter((kind) => message[kind])
          .slice(0, 1)
          .map((kind) => MEDIA[kind](message));
  const text = textOf(said);
  if (!text) return media.length ? media : [h("em", { class: "unknown" }, t("message.unknown"))];
  const words = h("div", { class: "words" }, formatted(text, said.entities ?? said.caption_entities, actions));
  return said.show_caption_above_media ? [words, ...media] : [...media, words];
}

// As in Telegram, whoever follows a deep link sees no more than the command.
function textOf(message) {
  return isMine(message) && DEEP_LINK.test(message.text ?? "") ? "/start" : (message.text ?? message.caption);
}

const MEDIA = {
  photo: (message) => photo(message),
  animation: (message) => moving(message, message.animation, true),
  video: (message) => moving(message, message.video),
  video_note: (message) => moving(message, message.video_note),
  voice: (message) => player(message.voice),
  audio: (message) => player(message.audio, message.audio.title ?? message.audio.file_name),
  document: (message) => file(message.document),
  sticker: (message) => sticker(message.sticker),
  dice: ({ dice }) =>
    h(
      "span",
      { class: "dice", role: "img", "aria-label": `${dice.emoji} ${dice.value}` },
      dice.emoji,
      h("b", {}, String(dice.value)),
    ),
  venue: ({ venue }) => place(venue.location, venue.title, venue.address),
  location: ({ location }) => place(location, t("message.location")),
  contact: ({ contact }) => contactCard(contact),
  poll: ({ poll }) => pollCard(poll),
  invoice: ({ invoice }) =>
    h(
      "div",
      { class: "invoice" },
      h("strong", {}, invoice.title),
      h("p", {}, invoice.description),
      h("span", { class: "price" }, money(invoice.total_amount, invoice.currency)),
    ),
};

function place({ latitude, longitude }, title, address) {
  const map = h("span", { class: "map", "aria-hidden": "true" }, "📍");
  const words = h(
    "span",
    {},
    h("strong", {}, title),
    h("small", {}, address ?? `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`),
  );
  return h("div", { class: "card" }, map, words);
}

function contactCard(contact) {
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
  const words = h(
    "span",
    {},
    hidden(`${t("message.contact")}: `),
    h("strong", {}, name),
    h("small", {}, contact.phone_number),
  );
  return h("div", { class: "card" }, avatar(contact.user_id ?? 7, name), words);
}

function pollCard(poll) {
  const votes = Math.max(1, poll.total_voter_count);
  const answer = (option) => {
    const share = Math.round((option.voter_count / votes) * 100);
    return h(
      "li",
      {},
      h("span", {}, option.text),
      h("progress", { max: "100", value: String(share), "aria-label": option.text }),
      h("small", {}, `${share}%`),
    );
  };
  const kind = t(poll.type === "quiz" ? "message.quiz" : "message.poll");
  return h(
    "div",
    { class: "poll" },
    h("strong", {}, formatted(poll.question, poll.question_entities)),
    h("small", {}, kind),
    h("ul", {}, poll.options.map(answer)),
  );
}

function forwarded(message) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const name =
    origin.sender_user_name ?? origin.sender_user?.first_name ?? origin.chat?.title ?? origin.sender_chat?.title ?? "";
  return h("div", { class: "forwarded" }, t("message.forwarded", { name }));
}

function replied(message) {
  const original = message.reply_to_message;
  if (!original) return null;
  const words = message.quote?.text ?? snippet(original);
  const go = () => {
    const node = $("messages").querySelector(`[data-id="${original.message_id}"]`);
    node?.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "center" });
    node?.classList.add("found");
    setTimeout(() => node?.classList.remove("found"), 1400);
  };
  return h(
    "button",
    { type: "button", class: "replied", onclick: go },
    h("strong", {}, senderOf(original)),
    h("span", {}, words.slice(0, MOST_SNIPPET)),
  );
}

function meta(message) {
  const when = new Date(message.date * 1000);
  const time = h("time", { datetime: when.toISOString() }, clockTime(when));
  return h("span", { class: "meta" }, message.edit_date ? h("span", {}, `${t("message.edited")} `) : null, time);
}

const WORDLESS = {
  photo: "🖼",
  video: "🎬",
  animation: "GIF",
  voice: "🎤",
  audio: "🎵",
  document: "📄",
  sticker: "🙂",
  location: "📍",
  venue: "📍",
  contact: "👤",
  poll: "📊",
  invoice: "🧾",
  dice: "🎲",
  video_note: "🎬",
};

// One line that tells what a message holds, for lists, replies and screen readers.
export function snippet(message) {
  const kind = Object.keys(WORDLESS).find((name) => message[name]);
  const service = serviceWords(message);
  const mark = kind === "sticker" ? (message.sticker.emoji ?? WORDLESS.sticker) : (WORDLESS[kind] ?? "");
  const words =
    service ??
    textOf(message) ??
    (kind === "invoice" ? message.invoice.title : kind ? t(`kind.${kind}`) : t("message.unknown"));
  return `${mark} ${words.replace(/\s+/g, " ")}`.trim();
}

function serviceWords(message) {
  if (message.pinned_message)
    return t("service.pinned", { name: senderOf(message), words: snippet(message.pinned_message).slice(0, 60) });
  if (message.successful_payment)
    return t("service.paid", {
      amount: money(message.successful_payment.total_amount, message.successful_payment.currency),
    });
  if (message.refunded_payment)
    return t("service.refunded", {
      amount: money(message.refunded_payment.total_amount, message.refunded_payment.currency),
    });
  if (message.write_access_allowed) return t("service.write_access");
  if (message.web_app_data) return t("service.web_app", { name: message.web_app_data.button_text });
  if (message.users_shared || message.chat_shared) return t("service.shared");
  return null;
}
