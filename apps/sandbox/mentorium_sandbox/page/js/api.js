// The control API of the sandbox, as the page uses it.

export class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }

  // The call is not there (yet): the sandbox is older than the page, or the thing comes with a later version.
  get missing() {
    return [405, 501].includes(this.status) || (this.status === 404 && /^404: /.test(this.message));
  }
}

export async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const data = parsed(await answer.text());
  if (!answer.ok)
    throw new Refused(answer.status, data.error ?? data.description ?? `${answer.status} ${answer.statusText}`);
  return data;
}

function parsed(text) {
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    return { error: text.slice(0, 300) };
  }
}

const get = (path) => call("GET", path);
const post = (path, body = {}) => call("POST", path, body);
const ofUser = (user, deed, body) => post(`/sandbox/users/${user}/${deed}`, body);

export const state = () => get("/sandbox/state");
export const chat = (user) => get(`/sandbox/users/${user}/chat`);
export const addUser = (user) => post("/sandbox/users", user);

// The page hears of what follows by events, so it does not wait for the bot's replies.
export const send = (user, message) => ofUser(user, "messages", { ...message, wait_s: 0 });
export const start = (user, payload) => ofUser(user, "start", payload ? { payload, wait_s: 0 } : { wait_s: 0 });
export const pressKey = (user, message, text) =>
  ofUser(user, "press", { message_id: message, button: text, wait_s: 0 });
export const press = (user, message, button) => ofUser(user, "press", { message_id: message, button, wait_s: 30 });
export const stop = (user, draft) => ofUser(user, "stop", { draft_id: draft, wait_s: 0 });
export const pay = (user, what) => ofUser(user, "pay", { ...what, wait_s: 0 });
export const stars = (user, asked = {}) => get(`/sandbox/users/${user}/stars?${new URLSearchParams(asked)}`);
export const setStars = (user, balance) => ofUser(user, "stars", { balance });
export const changeStarSubscription = (user, charge, action) =>
  ofUser(user, "star_subscription", { charge_id: charge, action });
export const grant = (user, tariff) => ofUser(user, "grant", { tariff });
export const setBlocked = (user, blocked) => ofUser(user, blocked ? "block" : "unblock");

export const link = (guardian) => post("/sandbox/platform/links", { guardian_id: guardian });
export const enrol = (body) => post("/sandbox/platform/students", body);
export const family = (by) => get(`/sandbox/platform/family?${new URLSearchParams(by)}`);
export const activity = (body) => post("/sandbox/platform/activity", body);

export const moveClock = (body) => post("/sandbox/clock", body);
export const fault = (body) => post("/sandbox/faults", body);
export const faults = () => get("/sandbox/faults");
export const clearFaults = () => call("DELETE", "/sandbox/faults");
export const setLimits = (on) => post("/sandbox/limits", { telegram: on });
export const part = (name, action) => post(`/sandbox/parts/${name}`, { action });
export const botCalls = (after) => get(`/sandbox/calls?after=${after}`);
export const modelRequests = (after) => get(`/sandbox/openai?after=${after}`);
export const mailbox = () => get("/sandbox/mailbox");
export const outbox = (state) => get(`/sandbox/outbox${state ? `?state=${encodeURIComponent(state)}` : ""}`);
export const sentry = () => get("/sandbox/sentry");
export const fileUrl = (file) => `/sandbox/files/${encodeURIComponent(file)}`;

// Not ready is an answer here (503), no error.
export async function health() {
  const answer = await fetch("/sandbox/health");
  return answer.json();
}

export async function ofBot(token, method, parameters = {}) {
  return (await post(`/bot${token}/${method}`, parameters)).result;
}

// The browser tries again by itself when the line is lost.
export function listen(onEvent, onOpen, onLost) {
  const source = new EventSource("/sandbox/events");
  source.onmessage = (event) => onEvent(JSON.parse(event.data));
  source.onopen = onOpen;
  source.onerror = onLost;
}
