// The page begins here: words and icons are put in, the world is read, and from then on it is listened to.

import * as api from "/page/js/api.js";
import "/page/js/chat.js";
import "/page/js/composer.js";
import { prepareControls } from "/page/js/controls.js";
import { hearAnswer } from "/page/js/chat_actions.js";
import { $ } from "/page/js/dom.js";
import { translate } from "/page/js/i18n.js";
import { fillIcons } from "/page/js/icons.js";
import { preparePanels } from "/page/js/panels.js";
import { watchParts } from "/page/js/parts.js";
import { prepareShortcuts } from "/page/js/shortcuts.js";
import { choose, hear, readChats, readWorld, store } from "/page/js/store.js";
import { attempt } from "/page/js/toast.js";

const WORLD_EVERY_MS = 30_000;
const REST_MS = 300;

// After a gap (the page was asleep, the sandbox was started anew) everything is read again.
async function catchUp() {
  const first = store.botId === null;
  await readWorld();
  if (first && store.chosen !== null) choose(store.chosen);
  await readChats();
}

// A crowd may move in at once: at most one reading is under way, and one more follows it.
const readWorldSoon = (() => {
  let reading = null;
  let again = false;
  return async () => {
    again = true;
    reading ??= (async () => {
      while (again) {
        again = false;
        await readWorld();
        await new Promise((rest) => setTimeout(rest, REST_MS));
      }
    })().finally(() => {
      reading = null;
    });
    await reading;
  };
})();

function follow(event) {
  if (event.type !== "chat") return void attempt(readWorldSoon);
  if (event.change === "callback_answer") hearAnswer(event);
  else hear(event);
}

translate(document);
fillIcons(document);
preparePanels();
prepareControls();
watchParts();
prepareShortcuts();
api.listen(
  follow,
  () => {
    $("lost").hidden = true;
    attempt(catchUp);
  },
  () => {
    $("lost").hidden = false;
  },
);
setInterval(() => $("lost").hidden && attempt(readWorldSoon), WORLD_EVERY_MS);
