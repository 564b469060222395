// The chosen parent's chat: bubbles are made once and kept until their message changes.

import { $, avatar, calm, h } from "/page/js/dom.js";
import { chatActions, stopDraft } from "/page/js/chat_actions.js";
import { draftBubble } from "/page/js/draft.js";
import { dayKey, longDay, onLanguage, t } from "/page/js/i18n.js";
import { showReplyKeyboard } from "/page/js/keyboards.js";
import { bubble, isMine, snippet } from "/page/js/message.js";
import { chosen, on, store, talkOf } from "/page/js/store.js";
import { showWelcome } from "/page/js/welcome.js";

const NEAR_END = 140;
const scroller = $("scroller");
const list = $("messages");
let bubbles = new Map();
let draft = null;
let shownUser = null;
let newBelow = 0;
let staysAtEnd = true;

export function toEnd(gently = false) {
  scroller.scrollTo({ top: scroller.scrollHeight, behavior: gently && !calm() ? "smooth" : "auto" });
  staysAtEnd = true;
  newBelow = 0;
  showDown();
}

function show({ fresh = false } = {}) {
  const user = chosen();
  if (!user) return;
  const talk = talkOf(user.id);
  const entering = !fresh && shownUser === user.id;
  shownUser = user.id;
  const nodes = nodesOf(user, [...talk.messages.values()], entering);
  reconcile(nodes);
  showDraft(talk.draft);
  showAround(user, talk);
  if (fresh) toEnd();
}

function nodesOf(user, messages, entering) {
  const kept = new Map();
  const nodes = [];
  let day = "";
  for (const group of albums(messages)) {
    const when = new Date(group[0].date * 1000);
    if (dayKey(when) !== day) {
      day = dayKey(when);
      nodes.push(keep(kept, `day ${day}`, [], () => h("li", { class: "day" }, h("span", {}, longDay(when)))));
    }
    const make = () => {
      const node = bubble(user.id, group, chatActions);
      if (entering) node.classList.add("entering");
      return node;
    };
    nodes.push(keep(kept, `message ${user.id} ${group[0].message_id}`, group, make));
  }
  bubbles = kept;
  return nodes;
}

function keep(kept, key, source, make) {
  const old = bubbles.get(key);
  const unchanged =
    old && old.source.length === source.length && old.source.every((message, index) => message === source[index]);
  const entry = unchanged ? old : { source, node: make() };
  kept.set(key, entry);
  return entry.node;
}

function albums(messages) {
  const groups = [];
  for (const message of messages) {
    const last = groups.at(-1);
    const id = message.media_group_id;
    if (id !== undefined && last?.[0].media_group_id === id) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

function reconcile(nodes) {
  const wanted = new Set(nodes);
  for (const node of [...list.children]) if (!wanted.has(node) && node !== draft?.node) node.remove();
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
}

function showDraft(given) {
  if (!given) {
    draft?.node.remove();
    draft = null;
    return;
  }
  if (draft?.id !== given.draft_id || draft.user !== shownUser) {
    draft?.node.remove();
    draft = { id: given.draft_id, user: shownUser, ...draftBubble(stopDraft) };
    list.append(draft.node);
  }
  draft.show(given);
}

function showAround(user, talk) {
  const empty = talk.loaded && talk.messages.size === 0;
  showWelcome(empty ? user : null);
  $("start").hidden = !empty || talk.blocked;
  $("restart").hidden = !talk.blocked;
  $("composer").hidden = talk.blocked || empty;
  showReplyKeyboard(talk.blocked ? null : talk.keyboard, (button) => chatActions.key(button));
  $("text").placeholder =
    talk.forced?.input_field_placeholder ?? talk.keyboard?.input_field_placeholder ?? t("chat.placeholder");
  $("forced").hidden = !talk.forced;
  $("forced").textContent = talk.forced ? t("chat.reply_to", { words: snippet(talk.forced.message).slice(0, 80) }) : "";
  showStatus(talk);
}

function showStatus(talk) {
  const action = talk.draft ? "typing" : talk.action;
  const words = action ? t(`action.${action}`) : t("chat.bot");
  $("chat-status").classList.toggle("busy", Boolean(action));
  if ($("chat-status").textContent !== words) $("chat-status").textContent = words;
}

function showHead() {
  const user = chosen();
  $("chat-who").replaceChildren(...(user ? [avatar(user.id, user.first_name), h("span", {}, user.first_name)] : []));
}

function showDown() {
  $("down").hidden = staysAtEnd;
  $("down-count").hidden = newBelow === 0;
  $("down-count").textContent = String(newBelow);
}

// A screen reader hears whole messages, not each word of a draft.
function announce(message) {
  $("spoken").textContent = `${message.from.first_name}: ${snippet({ ...message, reply_markup: undefined })}`;
}

function follow({ id, change, event }) {
  if (id !== store.chosen) return;
  const fromBot = change === "message" && !isMine(event.message);
  if (fromBot) announce(event.message);
  if (fromBot && !staysAtEnd) newBelow += 1;
  if (change === "draft" && event.draft && draft?.id === event.draft.draft_id) {
    draft.show(event.draft);
    showStatus(talkOf(id));
  } else show({ fresh: change === "read" });
  showDown();
}

on("talk", follow);
on("chosen", () => {
  showHead();
  show({ fresh: true });
});
on("world", showHead);
onLanguage(() => {
  bubbles.clear();
  draft?.node.remove();
  draft = null;
  show();
});
scroller.addEventListener(
  "scroll",
  () => {
    staysAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
    if (staysAtEnd) newBelow = 0;
    showDown();
  },
  { passive: true },
);
// Whoever reads the newest stays there when it grows, when a picture loads, when a keyboard takes room.
const growing = new ResizeObserver(() => staysAtEnd && toEnd());
growing.observe(list);
growing.observe(scroller);
$("down").addEventListener("click", () => toEnd(true));
// Tab goes from the chat to the newest buttons, not to the oldest ones, which would drag it to its beginning; Shift+Tab
// walks on to the older.
scroller.addEventListener("keydown", (event) => {
  if (event.key !== "Tab" || event.shiftKey || event.target !== scroller) return;
  const newest = [...list.querySelectorAll("button:not(:disabled), a[href]")].filter((one) => one.checkVisibility());
  const first = newest.at(-1)?.closest(".message, li")?.querySelector("button:not(:disabled), a[href]");
  if (!first) return;
  event.preventDefault();
  first.focus();
});
