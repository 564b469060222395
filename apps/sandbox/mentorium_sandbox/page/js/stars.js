// Stars: the pay sheet of an invoice, and what the chosen parent has and is subscribed to.

import * as api from "/page/js/api.js";
import { controlButton } from "/page/js/control_button.js";
import { h } from "/page/js/dom.js";
import { money, shortDay, t } from "/page/js/i18n.js";
import { cancel, field, sheet } from "/page/js/sheets.js";
import { chosen, on, store } from "/page/js/store.js";
import { attempt, toast } from "/page/js/toast.js";

const STARS = "XTR";
const SLUG = /^(?:https?:\/\/)?t\.me\/(?:\$|invoice\/)[\w-]{1,64}$/i;
let list = null;
let reading = 0;

export const isInvoiceLink = (address) => SLUG.test(address.trim());

export const payMessage = (message) => payInvoice(message.invoice, { message_id: message.message_id });

export async function payLink(link) {
  const told = await attempt(() => api.stars(store.chosen, { link }));
  if (told) await payInvoice(told.invoice, { link });
}

async function payInvoice(invoice, what) {
  const amount = money(invoice.total_amount, invoice.currency);
  const words = [
    h(
      "div",
      { class: "bill" },
      h("strong", {}, invoice.title),
      h("p", {}, invoice.description),
      h("span", { class: "price" }, amount),
      invoice.subscription_period && h("small", {}, t("pay.monthly")),
    ),
    h("p", { class: "soft" }, t("pay.balance", { amount: money(chosen().stars, STARS) })),
    h("p", { class: "soft" }, t("pay.sandbox")),
  ];
  const outcome = await sheet(t("pay.title"), words, [
    cancel(),
    { value: "ok", words: t("pay.now", { amount }), main: true },
  ]);
  const paid = await attempt(() => api.pay(store.chosen, { ...what, outcome: outcome === "ok" ? "ok" : "cancel" }));
  // What was paid stands in the chat.
  if (["declined", "timed_out"].includes(paid?.outcome)) toast(paid.pre_checkout?.error_message ?? t("pay.silent"), "error");
}

export function starsSection() {
  const balance = h("input", { type: "number", min: "0", max: "1000000000", inputmode: "numeric", required: true });
  const set = controlButton(t("stars.set"), async () => {
    if (!balance.reportValidity()) return;
    await api.setStars(store.chosen, Number(balance.value));
    balance.value = "";
  });
  list = h("div", { class: "subscriptions" });
  show();
  return [h("div", { class: "with-choice" }, field(t("stars.balance"), balance), set), list];
}

// The newest answer wins: a slower one of before is passed over.
async function show() {
  if (list === null || store.chosen === null) return;
  const mine = (reading += 1);
  const told = await attempt(() => api.stars(store.chosen));
  if (!told || mine !== reading) return;
  const balance = h("p", { class: "stars-balance" }, money(told.balance, STARS));
  const subscriptions = told.subscriptions.length
    ? told.subscriptions.map(subscriptionCard)
    : [h("p", { class: "soft" }, t("stars.none"))];
  list.replaceChildren(balance, ...subscriptions);
}

function subscriptionCard(subscription) {
  const { state } = subscription;
  const renews = state === "active";
  const deed = (action, words) =>
    controlButton(words, () => api.changeStarSubscription(store.chosen, subscription.charge_id, action));
  return h(
    "div",
    { class: "subscription" },
    h("strong", {}, t("pay.a_month", { amount: money(subscription.amount, STARS) })),
    h("small", {}, t(`stars.${state}`, { day: shortDay(new Date(subscription.until)) })),
    subscription.fails_next && h("small", { class: "wrong" }, t("stars.will_fail")),
    h(
      "div",
      { class: "pair" },
      renews && deed("cancel", t("stars.cancel")),
      renews && !subscription.fails_next && deed("fail_next", t("stars.fail_next")),
      ["canceled", "failed"].includes(state) && deed("resume", t("stars.resume")),
    ),
  );
}

for (const topic of ["world", "chosen"]) on(topic, show);
