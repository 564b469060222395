// Elements are made here; whatever comes from outside goes in as text and never as markup.

export const $ = (id) => document.getElementById(id);

export function h(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) give(node, name, value);
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function give(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "class") node.className = value;
  else if (name === "data") Object.assign(node.dataset, value);
  else node.setAttribute(name, value === true ? "" : value);
}

export const hidden = (text) => h("span", { class: "visually-hidden" }, text);

export function initials(name) {
  const [first = "", second = ""] = name.trim().split(/\s+/);
  return ([...first].slice(0, 1).join("") + [...second].slice(0, 1).join("")).toUpperCase() || "?";
}

export function avatar(id, name) {
  const node = h("span", { class: "avatar", "aria-hidden": "true" }, initials(name));
  node.style.setProperty("--hue", String((id * 137) % 360));
  return node;
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export async function copy(text) {
  await navigator.clipboard.writeText(text);
}
