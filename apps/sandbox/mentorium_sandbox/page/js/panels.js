// The sides of the page, the look and the layout.

import { $ } from "/page/js/dom.js";
import { LANGUAGES, onLanguage, setLanguage, t } from "/page/js/i18n.js";
import { icon } from "/page/js/icons.js";
import { savePreference } from "/page/js/preferences.js";

const THEMES = { auto: "auto", light: "sun", dark: "moon" };
const LAYOUTS = { wide: "phone", phone: "wide" };
const root = document.documentElement;
let opener = null;

const panel = (name) => $(`${name}-panel`);
const opens = (name) => $(`open-${name}`);

// Only on narrow screens are the sides drawers; elsewhere they always stand and the buttons are not shown.
export function togglePanel(name) {
  const open = !panel(name).classList.contains("open");
  closePanels();
  if (!open) return;
  panel(name).classList.add("open");
  opens(name).setAttribute("aria-expanded", "true");
  $("shade").hidden = false;
  opener = opens(name);
  panel(name).querySelector("button, input, summary")?.focus();
}

export function closePanels() {
  for (const name of ["parents", "controls"]) {
    panel(name).classList.remove("open");
    opens(name).setAttribute("aria-expanded", "false");
  }
  $("shade").hidden = true;
  opener?.focus();
  opener = null;
}

export function nextTheme() {
  const names = Object.keys(THEMES);
  const theme = names[(names.indexOf(root.dataset.theme) + 1) % names.length];
  root.dataset.theme = theme;
  savePreference("theme", theme);
  show();
}

export function nextLayout() {
  root.dataset.layout = root.dataset.layout === "wide" ? "phone" : "wide";
  savePreference("layout", root.dataset.layout);
  show();
}

function show() {
  const { theme, layout } = root.dataset;
  $("theme").replaceChildren(icon(THEMES[theme]));
  $("theme").setAttribute("aria-label", `${t("theme")}: ${t(`theme.${theme}`)}`);
  $("theme").title = $("theme").getAttribute("aria-label");
  $("layout").replaceChildren(icon(LAYOUTS[layout]));
  $("layout").setAttribute("aria-label", t(layout === "wide" ? "layout.to_phone" : "layout.to_wide"));
  $("layout").title = $("layout").getAttribute("aria-label");
}

export function preparePanels() {
  for (const [code, name] of Object.entries(LANGUAGES))
    $("language").append(new Option(name, code, false, code === root.lang));
  $("language").addEventListener("change", ({ target }) => setLanguage(target.value));
  for (const name of ["parents", "controls"]) opens(name).addEventListener("click", () => togglePanel(name));
  for (const button of document.querySelectorAll(".close-panel")) button.addEventListener("click", closePanels);
  $("shade").addEventListener("click", closePanels);
  $("theme").addEventListener("click", nextTheme);
  $("layout").addEventListener("click", nextLayout);
  onLanguage(show);
  show();
}
