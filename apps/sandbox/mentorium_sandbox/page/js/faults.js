// Faults of the outside world: which of them, how, how often; and the limiter of the Bot API.

import * as api from "/page/js/api.js";
import { act } from "/page/js/act.js";
import { h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";
import { field, select } from "/page/js/sheets.js";
import { on, store } from "/page/js/store.js";
import { attempt } from "/page/js/toast.js";

const HTTP = ["status_429", "status_500", "timeout", "drop_response", "slow", "down"];
const SERVER = ["down", "timeout", "slow", "drop_response"];
const KINDS = {
  telegram: HTTP, openai: [...HTTP, "stream_cut", "corrupt_chunk", "stall", "quota"], smtp: SERVER,
  platform_db: SERVER, bot_db: SERVER, redis: SERVER, payme: HTTP, click: HTTP,
};
let list = null;
let limiter = null;

export function faultsSection() {
  const target = select("target", Object.fromEntries(Object.keys(KINDS).map((name) => [name, t(`target.${name}`)])), "openai");
  const kind = h("select", { name: "kind" });
  const showKinds = () => kind.replaceChildren(...KINDS[target.value].map((name) => new Option(t(`fault.${name}`), name)));
  target.addEventListener("change", showKinds);
  showKinds();
  const times = h("input", { type: "number", min: "1", max: "1000", value: "3" });
  const match = h("input", { placeholder: "sendMessage", maxlength: "60", autocomplete: "off" });
  list = h("ul", { class: "faults" });
  limiter = h("input", { type: "checkbox", role: "switch" });
  limiter.addEventListener("change", () => switchLimiter(limiter));
  const add = act(t("faults.add"), () => order({ target: target.value, kind: kind.value, ...(times.value ? { times: Number(times.value) } : {}), ...(match.value ? { match: match.value } : {}) }));
  showLimiter();
  attempt(showStanding);
  return [
    field(t("faults.target"), target), field(t("faults.kind"), kind),
    h("div", { class: "pair" }, field(t("faults.times"), times), field(t("faults.match"), match)),
    h("div", { class: "pair" }, add, act(t("faults.clear"), clear)), list,
    h("label", { class: "switch" }, limiter, h("span", {}, t("faults.limiter"), h("small", {}, t("faults.limiter_note")))),
  ];
}

async function order(fault) {
  await api.fault(fault);
  await showStanding();
}

async function clear() {
  await api.clearFaults();
  await showStanding();
}

// What is used up is not there any more: the sandbox is asked, and asked anew while the section is open.
async function showStanding() {
  const { faults } = await api.faults();
  const entry = ({ target, kind, match, times }) => h("li", {}, h("strong", {}, t(`target.${target}`)), ` ${t(`fault.${kind}`)}`, match ? h("code", {}, ` ${match}`) : null, times ? ` × ${times}` : null);
  list.replaceChildren(...faults.map(entry));
  list.hidden = faults.length === 0;
}

async function switchLimiter(box) {
  const wanted = box.checked;
  const done = await attempt(() => api.setLimits(wanted));
  if (done === undefined) box.checked = !wanted;
}

function showLimiter() {
  if (limiter) limiter.checked = store.world.limits?.telegram ?? limiter.checked;
}

on("world", () => { showLimiter(); if (list?.checkVisibility()) attempt(showStanding); });
