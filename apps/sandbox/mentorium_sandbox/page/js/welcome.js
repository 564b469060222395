// An empty chat: what the bot says of itself in the parent's language, as a messenger shows it before Start.

import * as api from "/page/js/api.js";
import { $, h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";
import { store } from "/page/js/store.js";

let shownFor = null;
const known = new Map();

export async function showWelcome(user) {
  const place = $("welcome");
  place.hidden = user === null;
  const key = user && `${user.id} ${document.documentElement.lang}`;
  if (key === shownFor) return;
  shownFor = key;
  if (!user) return;
  const face = h("span", { class: "avatar bot large", "aria-hidden": "true" }, "M");
  place.replaceChildren(face, h("p", {}, t("chat.empty")));
  const { description } = await askBot("getMyDescription", { language_code: user.language_code }).catch(() => ({}));
  if (description && shownFor === key)
    place.replaceChildren(face, h("strong", {}, t("chat.what_can")), h("p", {}, description));
}

// Asked once: what a bot says of itself seldom changes, and the journal of calls is for others.
async function askBot(method, parameters) {
  const key = JSON.stringify([method, parameters]);
  if (!known.has(key)) known.set(key, await api.ofBot(store.token, method, parameters));
  return known.get(key);
}

// The commands in the user's language, found as Telegram's clients find them: by scope first, then by language.
export async function commandsFor(user) {
  const scopes = [{ type: "chat", chat_id: user.id }, { type: "all_private_chats" }, { type: "default" }];
  for (const scope of scopes) {
    for (const language of [user.language_code, ""]) {
      const commands = await askBot("getMyCommands", { scope, language_code: language });
      if (commands.length) return commands;
    }
  }
  return [];
}
