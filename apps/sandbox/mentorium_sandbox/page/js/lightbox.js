// One photo, large; the arrows go through all photos of the chat.

import { $, h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";
import { icon } from "/page/js/icons.js";

export function lightbox(chosen) {
  const images = [...$("messages").querySelectorAll(".photo:not(.veiled) img")];
  let at = images.indexOf(chosen);
  const large = h("img", { alt: "" });
  const count = h("span", { role: "status" });
  const step = (by) => {
    at = (at + by + images.length) % images.length;
    large.src = images[at].src;
    large.alt = images[at].alt;
    count.textContent = images.length > 1 ? `${at + 1} / ${images.length}` : "";
    save.href = images[at].src;
  };
  const button = (name, words, act) =>
    h("button", { type: "button", class: `icon ${name}`, "aria-label": t(words), onclick: act }, icon(name));
  const save = h("a", { class: "icon", download: "photo", "aria-label": t("file.download") }, icon("download"));
  const several = images.length > 1;
  const box = h(
    "dialog",
    { class: "lightbox", "aria-label": t("kind.photo") },
    h(
      "div",
      { class: "lightbox-bar" },
      count,
      save,
      button("close", "close", () => box.close()),
    ),
    several && button("left", "photo.previous", () => step(-1)),
    large,
    several && button("right", "photo.next", () => step(1)),
  );
  box.addEventListener("keydown", (event) => {
    if (several && event.key === "ArrowLeft") step(-1);
    if (several && event.key === "ArrowRight") step(1);
  });
  box.addEventListener("click", (event) => event.target === box && box.close());
  box.addEventListener("close", () => {
    box.remove();
    chosen.closest("button").focus();
  });
  document.body.append(box);
  step(0);
  box.showModal();
}
