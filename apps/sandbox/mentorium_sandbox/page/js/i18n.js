// The page's own language: from early.js at first, then by the switch. The parents' languages are another matter.

import { savePreference } from "/page/js/preferences.js";
import en from "/page/words/en.js";
import ru from "/page/words/ru.js";
import uz from "/page/words/uz.js";

const WORDS = { uz, ru, en };
// Browsers know Uzbek dates badly or not at all: figures come from a locale that writes them alike, names from here.
const LOCALES = { uz: "ru-RU", ru: "ru-RU", en: "en-GB" };
const UZBEK_DAYS = ["yakshanba", "dushanba", "seshanba", "chorshanba", "payshanba", "juma", "shanba"];
const UZBEK_MONTHS = [
  "yanvar",
  "fevral",
  "mart",
  "aprel",
  "may",
  "iyun",
  "iyul",
  "avgust",
  "sentabr",
  "oktabr",
  "noyabr",
  "dekabr",
];
export const LANGUAGES = { uz: "Oʻzbekcha", ru: "Русский", en: "English" };
const listeners = [];

export const language = () => document.documentElement.lang;
export const locale = () => LOCALES[language()];
export const onLanguage = (act) => listeners.push(act);

export function t(key, values = {}) {
  const words = WORDS[language()][key] ?? WORDS.en[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function setLanguage(wanted) {
  document.documentElement.lang = wanted;
  savePreference("language", wanted);
  translate(document);
  listeners.forEach((act) => act());
}

// Static words stand in the page as data-t (text), data-t-label, data-t-placeholder and data-t-title.
export function translate(root) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
  for (const node of root.querySelectorAll("[data-t-title]")) node.title = t(node.dataset.tTitle);
  for (const node of root.querySelectorAll("[data-t-placeholder]")) node.placeholder = t(node.dataset.tPlaceholder);
}

const TASHKENT = { timeZone: "Asia/Tashkent" };
const formats = new Map();

function format(name, options) {
  const key = `${language()} ${name}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale(), { ...options, ...TASHKENT }));
  return formats.get(key);
}

export const clockTime = (date) => format("time", { hour: "2-digit", minute: "2-digit" }).format(date);
export const exactTime = (date) =>
  format("exact", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(date);
export const longDay = (date) =>
  language() === "uz"
    ? uzbekDay(date, true)
    : format("day", { weekday: "long", day: "numeric", month: "long" }).format(date);
export const shortDay = (date) =>
  language() === "uz" ? uzbekDay(date) : format("short", { day: "numeric", month: "short" }).format(date);
export const dayKey = (date) => new Intl.DateTimeFormat("sv-SE", TASHKENT).format(date);

function uzbekDay(date, long = false) {
  const local = new Date(`${dayKey(date)}T12:00Z`);
  const month = UZBEK_MONTHS[local.getUTCMonth()];
  return long
    ? `${UZBEK_DAYS[local.getUTCDay()]}, ${local.getUTCDate()}-${month}`
    : `${local.getUTCDate()}-${month.slice(0, 3)}`;
}

export function money(amount, currency) {
  if (currency === "XTR") return `⭐ ${new Intl.NumberFormat(locale()).format(amount)}`;
  return new Intl.NumberFormat(locale(), { style: "currency", currency, minimumFractionDigits: 0 }).format(
    amount / 100,
  );
}
