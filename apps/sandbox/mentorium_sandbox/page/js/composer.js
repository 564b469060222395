// The line of writing: text, the bot's menu, what one can attach, voice.

import * as api from "/page/js/api.js";
import { toEnd } from "/page/js/chat.js";
import { $ } from "/page/js/dom.js";
import { agreesToShare, sendSomebodysContact } from "/page/js/chat_actions.js";
import { t } from "/page/js/i18n.js";
import { icon } from "/page/js/icons.js";
import { openMenu } from "/page/js/sheets.js";
import { sendPicture } from "/page/js/pictures.js";
import { chosen, on, store } from "/page/js/store.js";
import { attempt, attemptFrom, toast } from "/page/js/toast.js";
import { recordVoice } from "/page/js/voice.js";
import { commandsFor } from "/page/js/welcome.js";

const text = $("text");
const unsent = new Map();

function fit() {
  text.style.height = "";
  text.style.height = `${Math.min(text.scrollHeight + 2, 160)}px`;
  const empty = text.value.trim() === "";
  $("send").hidden = empty;
  $("voice").hidden = !empty;
}

async function send() {
  const words = text.value.trim();
  const user = store.chosen;
  if (!words || user === null) return;
  text.value = "";
  fit();
  toEnd();
  if ((await attempt(() => api.send(user, { text: words }))) === undefined) giveBack(user, words);
}

// What could not be sent is not lost.
function giveBack(user, words) {
  if (user === store.chosen && !text.value) text.value = words;
  else unsent.set(user, words);
  fit();
}

const ATTACHMENTS = [
  { key: "photo", glyph: "picture", act: () => $("pick-photo").click() },
  { key: "voice", glyph: "mic", act: recordVoice },
  { key: "own_contact", glyph: "person", act: shareOwn },
  { key: "other_contact", glyph: "card", act: sendSomebodysContact },
  { key: "sticker", glyph: "smile", act: () => attempt(() => api.send(store.chosen, { sticker: true })) },
];

async function shareOwn() {
  if (await agreesToShare()) await attempt(() => api.send(store.chosen, { contact: true }));
}

export async function openCommands() {
  const commands = await attemptFrom($("commands"), () => commandsFor(chosen()));
  if (!commands) return;
  if (!commands.length) return void toast(t("chat.no_commands"));
  openMenu(
    $("commands"),
    t("chat.commands"),
    commands.map(({ command, description }) => ({
      words: `/${command}`,
      note: description,
      act: () => attempt(() => api.send(store.chosen, { text: `/${command}` })),
    })),
  );
}

function openAttachments() {
  openMenu(
    $("attach"),
    t("chat.attach"),
    ATTACHMENTS.map(({ key, glyph, act }) => ({ words: t(`attach.${key}`), glyph: icon(glyph), act })),
  );
}

let writingTo = null;
on("chosen", () => {
  if (writingTo !== null) unsent.set(writingTo, text.value);
  writingTo = store.chosen;
  text.value = unsent.get(writingTo) ?? "";
  fit();
});

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
text.addEventListener("input", fit);
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
text.addEventListener("paste", (event) => {
  const picture = [...event.clipboardData.files].find((file) => file.type.startsWith("image/"));
  if (!picture) return;
  event.preventDefault();
  sendPicture(picture);
});
$("chat").addEventListener("dragover", (event) => event.preventDefault());
$("chat").addEventListener("drop", (event) => {
  event.preventDefault();
  const picture = [...event.dataTransfer.files].find((file) => file.type.startsWith("image/"));
  if (picture) sendPicture(picture);
});
$("pick-photo").addEventListener("change", ({ target }) => {
  if (target.files[0]) sendPicture(target.files[0]);
  target.value = "";
});
$("attach").addEventListener("click", openAttachments);
$("commands").addEventListener("click", openCommands);
$("voice").addEventListener("click", recordVoice);
$("start").addEventListener("click", (event) =>
  attemptFrom(event.currentTarget, () => api.start(store.chosen)).then(() => text.focus()),
);
$("restart").addEventListener("click", (event) => attemptFrom(event.currentTarget, () => api.start(store.chosen)));
fit();
