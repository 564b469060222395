// An empty chat: what the bot says of itself in the parent's language, as a messenger shows it before Start.

import * as api from "/page/js/api.js";
import { $, h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";
import { store } from "/page/js/store.js";

let shownFor = null;

export async function showWelcome(user) {
  const place = $("welcome");
  place.hidden = user === null;
  const key = user && `${user.id} ${document.documentElement.lang}`;
  if (key === shownFor) return;
  shownFor = key;
  if (!user) return;
  const words = h("p", {}, t("chat.empty"));
  place.replaceChildren(h("span", { class: "avatar bot large", "aria-hidden": "true" }, "M"), h("strong", {}, t("chat.what_can")), words);
  const description = await aboutBot("getMyDescription", user.language_code, "description").catch(() => "");
  if (description && shownFor === key) words.textContent = description;
}

async function aboutBot(method, language, field) {
  return (await api.ofBot(store.token, method, { language_code: language }))[field];
}

// The commands in the user's language, found as Telegram's clients find them: by scope first, then by language.
export async function commandsFor(user) {
  const scopes = [{ type: "chat", chat_id: user.id }, { type: "all_private_chats" }, { type: "default" }];
  for (const scope of scopes) {
    for (const language of [user.language_code, ""]) {
      const commands = await api.ofBot(store.token, "getMyCommands", { scope, language_code: language });
      if (commands.length) return commands;
    }
  }
  return [];
}
