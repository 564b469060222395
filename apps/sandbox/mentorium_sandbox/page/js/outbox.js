// The outbox and the jobs by state: how many there are of each, and the newest rows, all or those of one state.

import * as api from "/page/js/api.js";
import { h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";

const STATES = {
  messages: ["pending", "sending", "sent", "skipped", "expired", "unknown", "failed"],
  jobs: ["queued", "picked", "successful", "failed"],
};
const BAD = new Set(["expired", "unknown", "failed", "exception", "canceled"]);

export const stateWords = (of, state) => t(`state.${of}.${state}`);
export const stateLook = (state) => (BAD.has(state) ? "chip bad" : "chip good");

// What the drawer shows above its list; `changed` is told when another state was picked.
export function outboxByState(changed) {
  const node = h("div", { class: "states" });
  let picked = null;
  let counts = {};

  const pick = (of, state) => {
    picked = picked?.of === of && picked.state === state ? null : { of, state };
    draw();
    changed();
  };

  const total = (of, state) =>
    counts[of].filter((row) => row.state === state).reduce((sum, { count }) => sum + count, 0);

  const button = (of, state) => {
    const count = total(of, state);
    return h(
      "button",
      {
        type: "button",
        class: count === 0 ? "state none" : BAD.has(state) ? "state bad" : "state",
        title: state,
        data: { of, state },
        "aria-pressed": String(picked?.of === of && picked.state === state),
        onclick: () => pick(of, state),
      },
      h("strong", {}, String(count)),
      h("span", {}, stateWords(of, state)),
    );
  };

  const draw = () => {
    const focused = [...node.querySelectorAll("button")].indexOf(document.activeElement);
    const groups = Object.entries(STATES).map(([of, states]) =>
      h(
        "section",
        { "aria-label": t(`states.${of}`) },
        h("h3", {}, t(`states.${of}`)),
        h("div", {}, states.map((state) => button(of, state))),
      ),
    );
    node.replaceChildren(...groups);
    if (focused >= 0) node.querySelectorAll("button")[focused]?.focus();
  };

  // Oldest first, as every drawer reads. Jobs that are done are not kept, only counted.
  const read = async () => {
    const told = await api.outbox(picked?.state);
    counts = { messages: told.messages.counts, jobs: told.jobs.counts };
    draw();
    const rows = (of) => told[of].latest.reverse().map((row) => ({ of, ...row }));
    return picked ? rows(picked.of) : [...rows("jobs"), ...rows("messages")];
  };

  return { node, read };
}
