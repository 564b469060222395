"use strict";
// The card goes from here to PayMe, and to nobody else: our own server is told PayMe's token of it.
(() => {
  const page = JSON.parse(document.getElementById("page").textContent);
  const text = page.texts;
  const at = (id) => document.getElementById(id);
  const cardForm = at("card-form"), codeForm = at("code-form"), number = at("number"), expiry = at("expiry");
  const consent = at("consent"), code = at("code"), resend = at("resend"), status = at("status");
  const ANSWERED_WITHIN_MS = 40000;
  let token = "", verified = "", calls = 0, countdown = 0, busy = false;

  const digits = (field) => field.value.replace(/\D/g, "");

  // ---- errors beside their fields, and one place for all others

  function complain(field, key) {
    const place = at(`${field.id}-error`);
    place.textContent = key ? text[key] : "";
    if (key) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    return !key;
  }

  function say(id, words) {
    at(id).textContent = words;
  }

  function clear() {
    for (const field of [number, expiry, consent, code]) complain(field, "");
    say("card-form-error", "");
    say("code-form-error", "");
  }

  async function during(form, work) {
    if (busy) return;
    busy = true;
    clear();
    const buttons = [...form.querySelectorAll("button:not(#resend)")]; // that one follows its countdown
    const waited = document.activeElement;
    buttons.forEach((button) => { button.disabled = true; });
    status.textContent = text.working;
    try {
      await work();
    } finally {
      status.textContent = "";
      buttons.forEach((button) => { button.disabled = false; });
      busy = false;
      if (document.activeElement === document.body && waited && waited.offsetParent) waited.focus();
    }
  }

  // ---- PayMe

  class Refused extends Error {
    constructor(code) {
      super("refused");
      this.code = code;
    }
  }

  async function send(url, headers, body) {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      signal: AbortSignal.timeout ? AbortSignal.timeout(ANSWERED_WITHIN_MS) : undefined,
    });
    return await answer.json();
  }

  async function payme(method, params) {
    const told = await send(page.payme.url, { "X-Auth": page.payme.merchant }, { id: ++calls, method, params });
    if (told && told.error) throw new Refused(told.error.code);
    if (!told || !told.result) throw new Error("unreadable");
    return told.result;
  }

  const CARD_ERRORS = { "-31300": "card", "-31400": "card", "-31301": "card-closed" };
  const CODE_ERRORS = {
    "-31101": "code-old", "-31102": "code-tries", "-31103": "code-wrong", "-31110": "sms", "-31301": "card-closed",
  };

  // PayMe itself is not well, or we are set up wrongly: it says nothing of the card
  const NOT_OF_THE_CARD = new Set([-32700, -32600, -32601, -32504, -32400, -31601, -31002]);

  function reason(error, known, otherwise = "payme") {
    if (!(error instanceof Refused)) return "error-payme";
    return `error-${known[String(error.code)] || (NOT_OF_THE_CARD.has(error.code) ? "payme" : otherwise)}`;
  }

  // ---- the steps

  function show(section) {
    for (const id of ["card-step", "code-step", "done-step"]) at(id).hidden = id !== section;
  }

  function wait(ms) {
    clearInterval(countdown);
    const until = Date.now() + ms;
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      resend.disabled = left > 0;
      resend.textContent = left > 0 ? text["resend-in"].replace("{seconds}", String(left)) : text.resend;
      if (left <= 0) clearInterval(countdown);
    };
    tick();
    if (ms > 0) countdown = setInterval(tick, 1000);
  }

  async function sendCode() {
    const sent = await payme("cards.get_verify_code", { token });
    say("code-hint", text["code-hint"].replace("{phone}", String(sent.phone || "")));
    wait(Math.min(Number(sent.wait) || 0, 600000));
  }

  function checkCard() {
    const wrong = [];
    if (!complain(number, digits(number).length === 16 ? "" : "error-number")) wrong.push(number);
    const month = Number(digits(expiry).slice(0, 2));
    const whole = digits(expiry).length === 4 && month >= 1 && month <= 12;
    if (!complain(expiry, whole ? "" : "error-expiry")) wrong.push(expiry);
    if (!complain(consent, consent.checked ? "" : "error-consent")) wrong.push(consent);
    if (wrong.length) wrong[0].focus();
    return !wrong.length;
  }

  cardForm.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!checkCard()) return;
    during(cardForm, async () => {
      try {
        const card = { number: digits(number), expire: digits(expiry) };
        token = (await payme("cards.create", { card, save: true })).card.token;
        await sendCode();
      } catch (error) {
        say("card-form-error", text[reason(error, { ...CODE_ERRORS, ...CARD_ERRORS }, "card")]);
        return;
      }
      number.value = "";
      expiry.value = "";
      verified = "";
      at("code-field").hidden = false;
      at("confirm").textContent = text.confirm;
      show("code-step");
      code.focus();
    });
  });

  codeForm.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!verified && !complain(code, digits(code).length === 6 ? "" : "error-code")) {
      code.focus();
      return;
    }
    during(codeForm, async () => {
      if (!verified && !(await verify())) return;
      await save();
    });
  });

  async function verify() {
    try {
      verified = (await payme("cards.verify", { token, code: digits(code) })).card.token || token;
    } catch (error) {
      const key = reason(error, CODE_ERRORS);
      code.value = "";
      if (key.startsWith("error-code")) complain(code, key);
      else say("code-form-error", text[key]);
      if (key === "error-code-old" || key === "error-code-tries") wait(0);
      code.focus();
      return false;
    }
    code.value = "";
    return true;
  }

  async function save() {
    let outcome = "try_again";
    try {
      const body = { page: page.token, card: verified, consent: page.consent };
      outcome = (await send(page.save, {}, body)).outcome;
    } catch (_) {
      // the answer was lost: asked again, it is the same
    }
    if (outcome === "saved") {
      verified = "";
      show("done-step");
      at("done-heading").focus();
      return;
    }
    const keys = { card_refused: "error-refused", no_subscription: "error-no-subscription", link_over: "over" };
    const key = keys[outcome] || "error-save";
    say("code-form-error", text[key]);
    at("code-field").hidden = true;
    resend.hidden = true;
    at("confirm").textContent = text.again;
    at("confirm").hidden = key !== "error-save";
    at("other").hidden = key === "over" || key === "error-no-subscription";
  }

  resend.addEventListener("click", () => during(codeForm, async () => {
    try {
      await sendCode();
    } catch (error) {
      say("code-form-error", text[reason(error, CODE_ERRORS)]);
    }
    code.focus();
  }));

  at("other").addEventListener("click", () => {
    clearInterval(countdown);
    clear();
    token = verified = "";
    code.value = "";
    resend.hidden = at("confirm").hidden = false;
    show("card-step");
    number.focus();
  });

  // ---- typing: in fours, and with a slash

  function typed(field, write) {
    field.addEventListener("input", () => {
      const atEnd = field.selectionStart === field.value.length;
      const said = write(digits(field));
      if (atEnd || said.length > field.maxLength) field.value = said;
    });
  }

  typed(number, (said) => (said.slice(0, 16).match(/.{1,4}/g) || []).join(" "));
  typed(expiry, (said) => (said.length === 6 ? `${said.slice(0, 2)}/${said.slice(4)}` : said.length > 2 ? `${said.slice(0, 2)}/${said.slice(2, 4)}` : said));

  at("card-step").hidden = false;
})();
