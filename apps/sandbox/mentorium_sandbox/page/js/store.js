// What the page knows: the world, the chats, who is chosen. Views are told what has changed, by topic.

import * as api from "/page/js/api.js";
import { Talk } from "/page/js/talk.js";

const MOST_CHATS_READ_AT_ONCE = 40;
const listeners = new Map();
const talks = new Map();

export const store = { world: { users: [] }, chosen: null, botId: null, token: null };

export function on(topic, act) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), act]);
}

export function tell(topic, detail) {
  for (const act of listeners.get(topic) ?? []) act(detail);
}

export const chosen = () => store.world.users.find((user) => user.id === store.chosen) ?? null;
export const talkOf = (id) => talks.get(id) ?? talks.set(id, new Talk()).get(id);

export async function readWorld() {
  const world = await api.state();
  store.world = world;
  store.token = world.keys.telegram_token;
  store.botId = Number(store.token.split(":")[0]);
  if (!chosen())
    store.chosen = (world.users.find(({ id }) => `#${id}` === location.hash) ?? world.users[0])?.id ?? null;
  for (const user of world.users) talkOf(user.id).blocked = user.blocked ?? false;
  tell("world");
}

// The last lines of a school of parents are not read at once: the others show theirs when something happens.
export async function readChats() {
  const ids = store.world.users.slice(0, MOST_CHATS_READ_AT_ONCE).map((user) => user.id);
  await Promise.all([...new Set([store.chosen, ...ids])].filter((id) => id !== null).map(readChat));
}

export async function readChat(id) {
  await talkOf(id).read(() => api.chat(id));
  tell("talk", { id, change: "read" });
}

export function choose(id) {
  store.chosen = id;
  talkOf(id).unread = 0;
  history.replaceState(null, "", `#${id}`);
  tell("chosen");
  if (!talkOf(id).loaded) readChat(id);
}

export function hear(event) {
  if (event.bot !== undefined && event.bot !== store.botId) return;
  const talk = talkOf(event.user_id);
  talk.apply(event);
  const fromBot = event.change === "message" && event.message.from?.is_bot;
  if (fromBot && (event.user_id !== store.chosen || document.hidden)) talk.unread += 1;
  tell("talk", { id: event.user_id, change: event.change, event });
}
