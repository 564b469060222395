// The control strip: the clock, what happens to the chosen parent, and the sections of the other modules.

import { controlButton } from "/page/js/control_button.js";
import * as api from "/page/js/api.js";
import { $, h } from "/page/js/dom.js";
import { drawers } from "/page/js/drawers.js";
import { faultsSection } from "/page/js/faults.js";
import { LANGUAGES, exactTime, longDay, onLanguage, t } from "/page/js/i18n.js";
import { preference, savePreference } from "/page/js/preferences.js";
import { partsSection } from "/page/js/parts.js";
import { field, select } from "/page/js/sheets.js";
import { emailOf, guardianOf, schoolSection } from "/page/js/school.js";
import { starsSection } from "/page/js/stars.js";
import { chosen, on, readWorld, store } from "/page/js/store.js";
import { attempt, toast } from "/page/js/toast.js";

const TASHKENT_MS = 5 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;

// A foldable part of the strip; the browser remembers which are open.
function section(name, content, open = false) {
  const remembered = preference(`section.${name}`);
  const node = h(
    "details",
    { open: remembered === null ? open : remembered === "open" },
    h("summary", {}, h("h3", {}, t(`section.${name}`))),
    h("div", { class: "section" }, content),
  );
  node.addEventListener("toggle", () => savePreference(`section.${name}`, node.open ? "open" : "closed"));
  return node;
}

// Days and hours of Tashkent (no summer time there), as moments in milliseconds.
export function nextMonday(now) {
  const local = new Date(now + TASHKENT_MS);
  const midnight = Math.floor((now + TASHKENT_MS) / DAY_MS) * DAY_MS;
  const days = (8 - local.getUTCDay()) % 7;
  const nine = midnight + days * DAY_MS + 9 * 3600 * 1000 - TASHKENT_MS;
  return nine > now ? nine : nine + 7 * DAY_MS;
}

export function nextFirst(now) {
  const local = new Date(now + TASHKENT_MS);
  const first = (month) => Date.UTC(local.getUTCFullYear(), month, 1, 10) - TASHKENT_MS;
  const thisMonth = first(local.getUTCMonth());
  return thisMonth > now ? thisMonth : first(local.getUTCMonth() + 1);
}

const inTashkent = (ms) => `${new Date(ms + TASHKENT_MS).toISOString().slice(0, 19)}+05:00`;

function clockSection() {
  const shown = h("p", { class: "clock" }, h("strong", { id: "clock-time" }), h("span", { id: "clock-day" }));
  const said = h("p", { class: "said", role: "status" });
  const buttons = [
    ["clock.day", null, () => ({ advance: "P1D" })],
    ["clock.month", null, () => ({ advance: "P30D" })],
    ["clock.monday", "9:00", (now) => ({ to: inTashkent(nextMonday(now)) })],
    ["clock.first", "10:00", (now) => ({ to: inTashkent(nextFirst(now)) })],
  ].map(([key, note, body]) =>
    h(
      "button",
      { type: "button", class: "act", data: { clock: key }, onclick: () => move(body) },
      t(key),
      note && h("small", {}, note),
    ),
  );
  const bar = h("progress", { hidden: true, "aria-label": t("clock.moving") });

  async function move(body) {
    buttons.forEach((button) => {
      button.disabled = true;
    });
    bar.hidden = false;
    said.textContent = t("clock.moving");
    const done = await attempt(() => api.moveClock(body(currentTime())));
    bar.hidden = true;
    buttons.forEach((button) => {
      button.disabled = false;
    });
    said.textContent = done
      ? t("clock.ran", { jobs: done.ran?.length ? done.ran.join(", ") : t("clock.nothing") })
      : "";
    if (done) await readWorld();
  }
  return section("clock", [shown, h("div", { class: "pair" }, buttons), bar, said], true);
}

let readAt = 0;
const currentTime = () => new Date(store.world.now).getTime() + (performance.now() - readAt);

function showClock() {
  if (!store.world.now || !$("clock-time")) return;
  const now = new Date(currentTime());
  $("clock-time").textContent = exactTime(now);
  $("clock-day").textContent = longDay(now);
}

function parentSection() {
  const tariff = select(
    "tariff",
    Object.fromEntries(["monthly", "quarterly", "annual"].map((name) => [name, t(`tariff.${name}`)])),
    "monthly",
  );
  const give = controlButton(t("parent.grant"), async () => toast((await api.grant(store.chosen, tariff.value)).output.trim()));
  const block = controlButton("", async () => {
    await api.setBlocked(store.chosen, !chosen().blocked);
    await readWorld();
  });
  block.id = "block";
  return section(
    "parent",
    [
      h("dl", { id: "who", class: "facts" }),
      h("div", { class: "with-choice" }, field(t("parent.tariff"), tariff), give),
      h("p", { class: "soft" }, t("parent.grant_note")),
      block,
    ],
    true,
  );
}

function showParent() {
  const user = chosen();
  if (!user || !$("who")) return;
  const facts = {
    "parents.language": LANGUAGES[user.language_code] ?? user.language_code,
    "parent.email": emailOf() ?? "—",
    "parents.phone": user.phone ?? "—",
    "parent.id": user.id,
    "parent.guardian": guardianOf() ?? t("parent.no_account"),
  };
  $("who").replaceChildren(
    ...Object.entries(facts).map(([key, value]) => h("div", {}, h("dt", {}, t(key)), h("dd", {}, String(value)))),
  );
  $("block").firstChild.textContent = t(user.blocked ? "parent.unblock" : "parent.block");
}

function draw() {
  $("controls").replaceChildren(
    parentSection(),
    clockSection(),
    section("school", schoolSection(), true),
    section("stars", starsSection()),
    section("behind", drawers(), true),
    section("faults", faultsSection()),
    section("parts", partsSection()),
  );
  showClock();
  showParent();
}

export function prepareControls() {
  on("world", () => {
    readAt = performance.now();
    showClock();
    showParent();
  });
  for (const topic of ["chosen", "family"]) on(topic, showParent);
  on("talk", ({ change }) => change === "blocked" && showParent());
  onLanguage(draw);
  setInterval(showClock, 1000);
  draw();
}
