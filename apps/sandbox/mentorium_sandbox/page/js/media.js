// Pictures, films, documents and stickers.

import { fileUrl } from "/page/js/api.js";
import { h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";
import { icon } from "/page/js/icons.js";
import { lightbox } from "/page/js/lightbox.js";

export function photo(message) {
  const size = message.photo.reduce((best, other) => (other.width > best.width ? other : best));
  const alt = message.caption?.slice(0, 120) || t("kind.photo");
  const image = h("img", {
    src: fileUrl(size.file_id),
    width: size.width,
    height: size.height,
    alt,
    draggable: "false",
  });
  const veiled = message.has_media_spoiler ?? false;
  const button = h(
    "button",
    { type: "button", class: veiled ? "photo veiled" : "photo", "aria-label": `${t("photo.open")}: ${alt}` },
    image,
  );
  button.addEventListener("click", () => {
    if (!button.classList.replace("veiled", "unveiled")) lightbox(image);
  });
  return button;
}

export function album(messages) {
  const cells = messages.map((message) =>
    message.photo
      ? photo(message)
      : message.video
        ? moving(message, message.video)
        : file(message.document ?? message.audio),
  );
  const pictures = messages.every((message) => message.photo || message.video);
  return h("div", { class: pictures ? "album" : "files", data: { count: String(Math.min(cells.length, 5)) } }, cells);
}

// Films, animations and round video messages: the browser's own player.
export function moving(message, video, loops = false) {
  return h("video", {
    src: fileUrl(video.file_id),
    controls: true,
    preload: "none",
    loop: loops,
    muted: loops,
    playsinline: true,
    width: video.width ?? video.length,
    height: video.height ?? video.length,
    "aria-label": message.caption || t("kind.video"),
  });
}

export function file(document) {
  const name = document.file_name ?? t("kind.document");
  const words = h("span", {}, h("strong", {}, name), h("small", {}, bytes(document.file_size)));
  return h(
    "a",
    {
      class: "card file",
      href: fileUrl(document.file_id),
      download: name,
      "aria-label": `${t("file.download")}: ${name}`,
    },
    h("span", { class: "round" }, icon("download")),
    words,
  );
}

function bytes(size) {
  if (size === undefined) return "";
  if (size < 1024) return `${size} B`;
  return size < 1024 ** 2 ? `${(size / 1024).toFixed(1)} kB` : `${(size / 1024 ** 2).toFixed(1)} MB`;
}

// A sticker that is no picture the browser can draw is shown as its emoji.
export function sticker(given) {
  const node = h(
    "span",
    { class: "sticker", role: "img", "aria-label": `${t("kind.sticker")} ${given.emoji ?? ""}` },
    given.emoji ?? "🙂",
  );
  const image = new Image();
  image.onload = () => image.width > 1 && node.replaceChildren(image);
  image.alt = "";
  image.src = fileUrl(given.file_id);
  return node;
}
