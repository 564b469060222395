// The page: who is chosen, what is typed, what the controls do.

import * as api from "/page/api.js";
import { show, toast } from "/page/chat.js";

const $ = (id) => document.getElementById(id);
const LANGUAGES = { uz: "oʻzbekcha", ru: "русский", en: "English" };
const TINTS = ["#e2615b", "#e8963c", "#3aa876", "#3e8de0", "#a05be0", "#d9559a"];
const unread = new Map();
let world = { users: [] };
let chosen = null;
let refreshing = null;

async function refreshWorld() {
  world = await api.state();
  chosen ??= (world.users.find((user) => `#${user.id}` === location.hash) ?? world.users[0])?.id ?? null;
  $("metrics").href = world.urls.metrics;
  $("clock").textContent = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short", timeZone: "Asia/Tashkent" }).format(new Date(world.now));
  $("clock").dateTime = world.now;
  showParents();
}

function showParents() {
  $("parents").replaceChildren(...world.users.map((user, index) => {
    const button = document.createElement("button");
    button.className = "parent";
    if (user.id === chosen) button.setAttribute("aria-current", "true");
    const avatar = document.createElement("span");
    avatar.className = "avatar";
    avatar.style.setProperty("--tint", TINTS[index % TINTS.length]);
    avatar.setAttribute("aria-hidden", "true");
    avatar.textContent = user.first_name.slice(0, 1).toUpperCase();
    const name = document.createElement("span");
    name.textContent = user.first_name;
    const language = document.createElement("small");
    language.textContent = LANGUAGES[user.language_code] ?? user.language_code ?? "";
    name.append(language);
    button.append(avatar, name);
    if (unread.get(user.id)) {
      const count = document.createElement("span");
      count.className = "unread";
      count.textContent = unread.get(user.id);
      button.append(count);
    }
    button.addEventListener("click", () => choose(user.id));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
  const user = current();
  $("who").textContent = user ? `${user.first_name}, ${user.phone ?? "no phone"}, id ${user.id}` : "";
}

const current = () => world.users.find((user) => user.id === chosen);

function choose(id) {
  chosen = id;
  history.replaceState(null, "", `#${id}`);
  unread.delete(id);
  openPanel("parents", false);
  showParents();
  $("messages").scrollTop = $("messages").scrollHeight;
  refreshChat();
  $("text").focus();
}

// Events come quicker than one needs to draw: at most one read is under way, and one more follows it.
async function refreshChat() {
  if (refreshing) {
    refreshing.again = true;
    return;
  }
  refreshing = { again: false };
  try {
    do {
      refreshing.again = false;
      const user = chosen;
      if (user === null) break;
      const talk = await api.chat(user);
      if (user !== chosen) { refreshing.again = true; continue; }
      show(user, talk, (button) => reply(button));
      $("start").hidden = talk.messages.length > 0;
      $("chat-status").textContent = talk.drafts.length ? "is writing…" : "bot";
    } while (refreshing.again);
  } finally {
    refreshing = null;
  }
}

function reply(button) {
  if (button.request_contact) return attempt(() => api.send(chosen, { contact: true }));
  return attempt(() => api.send(chosen, { text: button.text ?? button }));
}

async function attempt(action) {
  $("notice").textContent = "";
  try {
    return await action();
  } catch (error) {
    $("notice").textContent = error.message;
    toast(error.message);
    return null;
  }
}

const ACTIONS = {
  async connect() {
    const { guardian_id: guardian } = current();
    if (!guardian) throw new Error("This parent has no account on the platform yet: enrol a child first.");
    const { payload } = await api.link(guardian);
    await api.start(chosen, payload);
  },
  async enrol() {
    const user = current();
    const phone = user.phone ?? undefined;
    const email = phone ? undefined : `parent${user.id}@example.uz`;
    const child = await api.enrol({ first_name: "Timur", last_name: "Alimov", guardian: { full_name: user.first_name, phone, email } });
    await api.start(chosen, child.link_code);
  },
  async grant() { $("notice").textContent = (await api.grant(chosen)).output; },
  sticker: () => api.send(chosen, { sticker: true }),
  "openai-down": () => api.fault({ target: "openai", kind: "status_500", times: 3 }),
  "telegram-429": () => api.fault({ target: "telegram", kind: "status_429", match: "sendMessage", times: 1, retry_after: 2 }),
  "clear-faults": () => api.clearFaults(),
};

function openPanel(name, open) {
  document.querySelector(`.${name}`).classList.toggle("open", open);
  $(`open-${name}`).setAttribute("aria-expanded", String(open));
}

for (const name of ["parents", "strip"]) {
  $(`open-${name}`).addEventListener("click", () => openPanel(name, !document.querySelector(`.${name}`).classList.contains("open")));
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") ["parents", "strip"].forEach((name) => openPanel(name, false));
});
for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    await attempt(ACTIONS[button.dataset.act]);
    button.disabled = false;
    openPanel("strip", false);
  });
}
$("start").addEventListener("click", () => attempt(() => api.start(chosen)));
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text || chosen === null) return;
  $("text").value = "";
  $("text").style.height = "";
  $("messages").scrollTop = $("messages").scrollHeight;
  attempt(() => api.send(chosen, { text }));
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
});
$("text").addEventListener("input", ({ target }) => {
  target.style.height = "";
  target.style.height = `${target.scrollHeight}px`;
});
$("new-parent").addEventListener("submit", async (event) => {
  event.preventDefault();
  const values = Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value !== ""));
  const user = await attempt(() => api.addUser(values));
  if (!user) return;
  event.target.reset();
  await refreshWorld();
  choose(user.id);
});

api.listen((event) => {
  if (event.type === "chat" && event.user_id !== chosen) {
    unread.set(event.user_id, (unread.get(event.user_id) ?? 0) + 1);
    showParents();
  } else if (event.type === "chat") {
    refreshChat();
  } else {
    refreshWorld().then(refreshChat);
  }
});
setInterval(refreshWorld, 30_000);
