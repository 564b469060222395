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
let ordered = [];
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
  showOrdered();
  return [
    field(t("faults.target"), target), field(t("faults.kind"), kind),
    h("div", { class: "pair" }, field(t("faults.times"), times), field(t("faults.match"), match)),
    h("div", { class: "pair" }, add, act(t("faults.clear"), clear)), list,
    h("label", { class: "switch" }, limiter, h("span", {}, t("faults.limiter"), h("small", {}, t("faults.limiter_note")))),
  ];
}

async function order(fault) {
  const { id } = await api.fault(fault);
  ordered.push({ id, ...fault });
  await showStanding();
}

async function clear() {
  await api.clearFaults();
  ordered = [];
  showOrdered();
}

// The sandbox knows which are used up; one that cannot tell leaves the page with what it has ordered.
async function showStanding() {
  const standing = await api.faults().catch(() => null);
  if (standing?.faults) ordered = standing.faults;
  showOrdered();
}

function showOrdered() {
  const entry = ({ target, kind, match, times }) => h("li", {}, h("strong", {}, t(`target.${target}`)), ` ${t(`fault.${kind}`)}`, match ? h("code", {}, ` ${match}`) : null, times ? ` × ${times}` : null);
  list.replaceChildren(...ordered.map(entry));
  list.hidden = ordered.length === 0;
}

async function switchLimiter(box) {
  const wanted = box.checked;
  const done = await attempt(() => api.setLimits(wanted));
  if (done === undefined) box.checked = !wanted;
}

function showLimiter() {
  if (limiter) limiter.checked = store.world.limits?.telegram ?? limiter.checked;
}

on("world", showLimiter);
