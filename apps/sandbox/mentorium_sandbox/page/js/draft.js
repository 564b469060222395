// The bubble that is being written.

import { h, hidden } from "/page/js/dom.js";
import { formatted } from "/page/js/format.js";
import { t } from "/page/js/i18n.js";
import { icon } from "/page/js/icons.js";

// What the bot is writing right now; only the new tail of the text fades in.
export function draftBubble(onStop) {
  const words = h("div", { class: "words" });
  const stop = h("button", { type: "button", class: "stop", onclick: onStop }, icon("stop"), t("chat.stop"));
  const node = h(
    "li",
    { class: "message draft" },
    h("div", { class: "bubble" }, hidden(`${t("chat.writing")} `), words),
    stop,
  );
  let shown = "";
  const show = (draft) => {
    words.replaceChildren(
      draft.text
        ? formatted(draft.text, draft.entities)
        : h("span", { class: "dots", role: "img", "aria-label": t("chat.thinking") }, h("i"), h("i"), h("i")),
    );
    if (draft.text) fadeFrom(words, draft.text.startsWith(shown) ? shown.length : 0);
    shown = draft.text;
    stop.hidden = !draft.can_stop;
  };
  return { node, show };
}

function fadeFrom(root, offset) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const fresh = [];
  let position = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const end = position + node.length;
    if (end > offset) fresh.push([node, Math.max(0, offset - position)]);
    position = end;
  }
  for (const [node, from] of fresh) {
    const tail = from ? node.splitText(from) : node;
    const span = h("span", { class: "fresh" });
    tail.replaceWith(span);
    span.append(tail);
  }
}
