// One chat as a messenger shows it.

import { fileUrl, press, stop } from "/page/api.js";
import { formatted } from "/page/format.js";

const list = document.getElementById("messages");
const keyboard = document.getElementById("reply-keyboard");
const picture = document.getElementById("picture");
const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Tashkent" });

picture.addEventListener("click", () => picture.close());

export function show(user, { messages, drafts }, onReply) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 120;
  const bubbles = [...messages.map((message) => bubble(user, message)), ...drafts.map((draft) => draftBubble(user, draft))];
  list.replaceChildren(...(bubbles.length ? bubbles : [empty()]));
  showKeyboard(replyKeyboard(messages), onReply);
  if (atEnd) list.scrollTop = list.scrollHeight;
}

export function toast(text) {
  const node = document.createElement("li");
  node.className = "toast";
  node.textContent = text;
  list.append(node);
  list.scrollTop = list.scrollHeight;
  setTimeout(() => node.remove(), 5000);
}

function empty() {
  const node = document.createElement("li");
  node.className = "empty";
  node.textContent = "Nothing here yet. Press START, or say something.";
  return node;
}

function bubble(user, message) {
  const item = document.createElement("li");
  item.className = message.from?.is_bot ? "message" : "message mine";
  const body = document.createElement("div");
  body.className = message.sticker ? "bubble sticker" : "bubble";
  if (message.photo) body.append(photo(message));
  if (message.sticker) body.append(message.sticker.emoji ?? "🙂");
  if (message.voice) body.append("🎤 voice message");
  if (message.contact) body.append(`👤 ${message.contact.first_name}, ${message.contact.phone_number}`);
  const text = message.text ?? message.caption;
  if (text) body.append(formatted(text, message.entities ?? message.caption_entities));
  const when = document.createElement("time");
  when.textContent = (message.edit_date ? "edited " : "") + time.format(new Date(message.date * 1000));
  body.append(when);
  item.append(body);
  if (message.reply_markup?.inline_keyboard) item.append(inlineKeyboard(user, message));
  return item;
}

function photo(message) {
  const image = document.createElement("img");
  image.src = fileUrl(message.photo.at(-1).file_id);
  image.alt = message.caption ?? "photo";
  image.addEventListener("load", () => { list.scrollTop = list.scrollHeight; }, { once: true });
  image.addEventListener("click", () => {
    picture.querySelector("img").src = image.src;
    picture.querySelector("img").alt = image.alt;
    picture.showModal();
  });
  return image;
}

function draftBubble(user, draft) {
  const item = document.createElement("li");
  item.className = "message draft";
  const body = document.createElement("div");
  body.className = "bubble";
  body.append(draft.text ? formatted(draft.text, draft.entities) : "…");
  item.append(body);
  if (draft.can_stop) {
    const rows = document.createElement("div");
    rows.className = "inline-keyboard";
    const button = document.createElement("button");
    button.textContent = "◼ Stop";
    button.addEventListener("click", () => stop(user, draft.draft_id).catch((error) => toast(error.message)));
    rows.append(button);
    item.append(rows);
  }
  return item;
}

function inlineKeyboard(user, message) {
  const rows = document.createElement("div");
  rows.className = "inline-keyboard";
  for (const row of message.reply_markup.inline_keyboard) {
    const line = document.createElement("div");
    line.append(...row.map((button) => inlineButton(user, message, button)));
    rows.append(line);
  }
  return rows;
}

function inlineButton(user, message, button) {
  if (button.url) {
    const anchor = document.createElement("a");
    anchor.textContent = `${button.text} ↗`;
    anchor.href = button.url;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    return anchor;
  }
  const node = document.createElement("button");
  node.textContent = button.text;
  node.addEventListener("click", async () => {
    try {
      const answer = await press(user, message.message_id, button.callback_data ?? button.text);
      if (answer.callback_answer?.text) toast(answer.callback_answer.text);
    } catch (error) {
      toast(error.message);
    }
  });
  return node;
}

// The keyboard stands until a message removes or replaces it.
function replyKeyboard(messages) {
  for (const { reply_markup: markup } of [...messages].reverse()) {
    if (markup?.remove_keyboard) return null;
    if (markup?.keyboard) return markup.keyboard;
  }
  return null;
}

function showKeyboard(rows, onReply) {
  keyboard.hidden = rows === null;
  keyboard.replaceChildren(...(rows ?? []).map((row) => {
    const line = document.createElement("div");
    line.append(...row.map((button) => {
      const node = document.createElement("button");
      node.type = "button";
      node.textContent = button.text ?? button;
      node.addEventListener("click", () => onReply(button));
      return node;
    }));
    return line;
  }));
}
