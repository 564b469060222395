// Buttons under messages and under the line of writing.

import { $, copy, h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";
import { icon } from "/page/js/icons.js";
import { toast } from "/page/js/toast.js";

export function inlineKeyboard(user, message, actions) {
  const rows = message.reply_markup.inline_keyboard.map((row) =>
    h(
      "div",
      {},
      row.map((button) => inlineButton(user, message, button, actions)),
    ),
  );
  return h("div", { class: "inline-keyboard", role: "group", "aria-label": t("chat.buttons") }, rows);
}

function inlineButton(user, message, button, actions) {
  const style = ["danger", "success", "primary"].includes(button.style) ? button.style : "";
  if (button.url) {
    const link = h(
      "a",
      {
        class: style,
        href: /^(https?|tg):/i.test(button.url) ? button.url : `http://${button.url}`,
        target: "_blank",
        rel: "noopener noreferrer",
      },
      button.text,
      h("span", { class: "corner", "aria-hidden": "true" }, "↗"),
    );
    link.addEventListener("click", (event) => {
      if (actions.visit(button.url)) event.preventDefault();
    });
    return link;
  }
  const node = h(
    "button",
    { type: "button", class: style, disabled: button.disabled !== undefined },
    button.text,
    corner(button),
  );
  node.addEventListener("click", () => act(user, message, button, actions, node));
  return node;
}

function corner(button) {
  if (button.copy_text) return h("span", { class: "corner" }, icon("copy"));
  if (button.web_app) return h("span", { class: "corner" }, icon("phone"));
  return h("span", { class: "spinner", "aria-hidden": "true" });
}

async function act(user, message, button, actions, node) {
  if (button.copy_text) {
    await copy(button.copy_text.text);
    toast(t("copied"));
  } else if (button.pay) actions.pay(message);
  else if (button.web_app) actions.openApp(button);
  else if (button.callback_data !== undefined) await actions.press(user, message, button, node);
  else toast(t("button.unknown"));
}

// `keyboard` is the chat's own, null for none; `onKey` gets the button.
export function showReplyKeyboard(keyboard, onKey) {
  const place = $("reply-keyboard");
  place.hidden = keyboard === null;
  const rows = (keyboard?.keyboard ?? []).map((row) =>
    h(
      "div",
      {},
      row.map((button) => {
        const words = button.text ?? button;
        return h("button", { type: "button", class: button.style ?? "", onclick: () => onKey(button) }, words);
      }),
    ),
  );
  place.classList.toggle("tall", !(keyboard?.resize_keyboard ?? false));
  place.replaceChildren(...rows);
}
