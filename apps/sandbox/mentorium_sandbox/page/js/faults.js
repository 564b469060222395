// Faults of the outside world: which of them, how, how often; and the limiter of the Bot API.

import { controlButton } from "/page/js/control_button.js";
import * as api from "/page/js/api.js";
import { h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";
import { field } from "/page/js/sheets.js";
import { on, store } from "/page/js/store.js";
import { attempt } from "/page/js/toast.js";

let list = null;
let limiter = null;
let choice = null;

export function faultsSection() {
  choice = { target: h("select", { name: "target" }), kind: h("select", { name: "kind" }), kinds: {} };
  choice.target.addEventListener("change", showKinds);
  const times = h("input", { type: "number", min: "1", max: "1000", value: "3" });
  const match = h("input", { placeholder: "sendMessage", maxlength: "60", autocomplete: "off" });
  const wanted = () => ({
    target: choice.target.value,
    kind: choice.kind.value,
    ...(times.value ? { times: Number(times.value) } : {}),
    ...(match.value ? { match: match.value } : {}),
  });
  list = h("ul", { class: "faults", hidden: true });
  limiter = h("input", { type: "checkbox", role: "switch" });
  limiter.addEventListener("change", switchLimiter);
  showLimiter();
  if (store.botId !== null) attempt(showStanding);
  return [
    field(t("faults.target"), choice.target),
    field(t("faults.kind"), choice.kind),
    h("div", { class: "pair" }, field(t("faults.times"), times), field(t("faults.match"), match)),
    h(
      "div",
      { class: "pair" },
      controlButton(t("faults.add"), () => change(() => api.fault(wanted()))),
      controlButton(t("faults.clear"), () => change(api.clearFaults)),
    ),
    list,
    h(
      "label",
      { class: "switch" },
      limiter,
      h("span", {}, t("faults.limiter"), h("small", {}, t("faults.limiter_note"))),
    ),
  ];
}

async function change(action) {
  await action();
  await showStanding();
}

// What is used up is not there any more: the sandbox is asked, and asked anew while the section is open.
async function showStanding() {
  const { faults, kinds } = await api.faults();
  const entry = ({ target, kind, match, times }) =>
    h(
      "li",
      {},
      h("strong", {}, t(`target.${target}`)),
      ` ${t(`fault.${kind}`)}`,
      match ? h("code", {}, ` ${match}`) : null,
      times ? ` × ${times}` : null,
    );
  list.replaceChildren(...faults.map(entry));
  list.hidden = faults.length === 0;
  if (!choice.target.options.length) showTargets(kinds);
}

// The sandbox tells what it can break; a later one can break more.
function showTargets(kinds) {
  choice.kinds = kinds;
  choice.target.replaceChildren(
    ...Object.keys(kinds).map((name) => new Option(t(`target.${name}`), name, false, name === "openai")),
  );
  showKinds();
}

function showKinds() {
  choice.kind.replaceChildren(
    ...choice.kinds[choice.target.value].map((name) => new Option(t(`fault.${name}`), name, false, name === "down")),
  );
}

async function switchLimiter() {
  const wanted = limiter.checked;
  const done = await attempt(() => api.setLimits(wanted));
  if (done === undefined) limiter.checked = !wanted;
}

function showLimiter() {
  limiter.checked = store.world.limits?.telegram ?? limiter.checked;
}

on("world", () => {
  if (!list) return;
  showLimiter();
  if (list.parentNode.checkVisibility() || !choice.target.options.length) attempt(showStanding);
});
