// A picture of the visitor's own: looked at once more, then sent as Telegram takes it (PNG or JPEG).

import * as api from "/page/js/api.js";
import { h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";
import { confirmSheet } from "/page/js/sheets.js";
import { store } from "/page/js/store.js";
import { attempt, toast } from "/page/js/toast.js";

const LONGEST_SIDE = 2560;
const QUALITY = 0.87;

export async function sendPicture(file) {
  const user = store.chosen;
  const picture = await asPhoto(file).catch(() => null);
  if (!picture) return void toast(t("photo.unreadable"), "error");
  const address = URL.createObjectURL(picture);
  const sure = await confirmSheet(
    t("photo.send"),
    [h("img", { class: "preview", src: address, alt: file.name || t("kind.photo") })],
    t("send"),
  );
  URL.revokeObjectURL(address);
  if (sure) await attempt(async () => api.send(user, { photo_base64: await base64(picture) }));
}

async function asPhoto(file) {
  const image = await createImageBitmap(file);
  const longest = Math.max(image.width, image.height);
  if (longest <= LONGEST_SIDE && ["image/png", "image/jpeg"].includes(file.type)) return file;
  const scale = Math.min(1, LONGEST_SIDE / longest);
  const canvas = h("canvas", { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

export function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
