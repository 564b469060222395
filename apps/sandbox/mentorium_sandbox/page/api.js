// The control API of the sandbox, as the page uses it.

export async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  const data = text ? JSON.parse(text) : {};
  if (!answer.ok) throw new Error(data.error ?? `${answer.status} ${answer.statusText}`);
  return data;
}

export const state = () => call("GET", "/sandbox/state");
export const chat = (user) => call("GET", `/sandbox/users/${user}/chat`);
export const addUser = (user) => call("POST", "/sandbox/users", user);
export const grant = (user) => call("POST", `/sandbox/users/${user}/grant`, { tariff: "monthly" });
export const fault = (body) => call("POST", "/sandbox/faults", body);
export const clearFaults = () => call("DELETE", "/sandbox/faults");
export const link = (guardian) => call("POST", "/sandbox/platform/links", { guardian_id: guardian });
export const enrol = (body) => call("POST", "/sandbox/platform/students", body);

// The page hears of what follows by events, so it does not wait for the bot's replies.
export const send = (user, message) => call("POST", `/sandbox/users/${user}/messages`, { ...message, wait_s: 0 });
export const start = (user, payload) => call("POST", `/sandbox/users/${user}/start`, payload ? { payload, wait_s: 0 } : { wait_s: 0 });
export const press = (user, message, button) => call("POST", `/sandbox/users/${user}/press`, { message_id: message, button });
export const stop = (user, draft) => call("POST", `/sandbox/users/${user}/stop`, { draft_id: draft });
export const fileUrl = (file) => `/sandbox/files/${encodeURIComponent(file)}`;

export function listen(onEvent) {
  const source = new EventSource("/sandbox/events");
  source.onmessage = (event) => onEvent(JSON.parse(event.data));
  source.onopen = () => onEvent({ type: "open" });
}
