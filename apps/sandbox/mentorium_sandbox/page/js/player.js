// Voice and music: a button, a line of bars to seek in, the time.

import { fileUrl } from "/page/js/api.js";
import { h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";
import { icon } from "/page/js/icons.js";
import { toast } from "/page/js/toast.js";

const BARS = 32;

export function player(sound, title) {
  const audio = new Audio();
  audio.preload = "none";
  const button = h("button", { type: "button", class: "round", "aria-label": t("voice.play") }, icon("play"));
  const seek = h("input", { type: "range", min: "0", max: "1000", value: "0", "aria-label": t("voice.position") });
  const time = h("span", { class: "time" }, minutes(sound.duration ?? 0));
  const bars = h("span", { class: "bars", "aria-hidden": "true" }, heights(sound.file_unique_id).map(bar));
  const length = () => (Number.isFinite(audio.duration) ? audio.duration : (sound.duration ?? 0));
  const show = () => {
    const share = length() ? audio.currentTime / length() : 0;
    seek.value = String(Math.round(share * 1000));
    time.textContent = minutes(audio.paused && !audio.currentTime ? length() : audio.currentTime);
    [...bars.children].forEach((node, index) => node.classList.toggle("played", index < share * BARS));
  };
  const showButton = () => {
    button.replaceChildren(icon(audio.paused ? "play" : "pause"));
    button.setAttribute("aria-label", t(audio.paused ? "voice.play" : "voice.pause"));
  };
  button.addEventListener("click", () => {
    if (!audio.src) audio.src = fileUrl(sound.file_id);
    if (audio.paused) audio.play().catch(() => toast(t("voice.silent")));
    else audio.pause();
  });
  seek.addEventListener("input", () => {
    if (audio.src && length()) audio.currentTime = (Number(seek.value) / 1000) * length();
  });
  audio.addEventListener("timeupdate", show);
  audio.addEventListener("ended", () => {
    audio.currentTime = 0;
    show();
  });
  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, showButton);
  return h(
    "div",
    { class: "player", role: "group", "aria-label": title ?? t("kind.voice") },
    button,
    h("div", { class: "wave" }, title && h("strong", {}, title), bars, seek, time),
  );
}

function bar(height) {
  const node = h("i");
  node.style.setProperty("--height", `${height}%`);
  return node;
}

// Telegram's bots get no waveform; the same sound has the same one here.
function heights(id = "") {
  let seed = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  return Array.from({ length: BARS }, () => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return 22 + ((seed >>> 8) % 78);
  });
}

const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
