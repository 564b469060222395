// One chat as it stands: what was read of it, and each change as it is told.

export class Talk {
  constructor() {
    this.messages = new Map();
    this.draft = null;
    this.keyboard = null;
    this.forced = null;
    this.action = null;
    this.blocked = false;
    this.loaded = false;
    this.unread = 0;
    this.reading = null;
  }

  // Changes that come while the chat is being read are applied once more on top of it.
  async read(fetchView) {
    const told = (this.reading = []);
    try {
      const view = await fetchView();
      if (this.reading !== told) return;
      this.take(view);
      told.forEach((event) => this.#follow(event));
    } finally {
      if (this.reading === told) this.reading = null;
    }
  }

  take(view) {
    const before = this.messages;
    this.messages = new Map(
      view.messages.map((message) => [message.message_id, same(before.get(message.message_id), message)]),
    );
    this.draft = view.drafts[0] ?? null;
    this.action = view.chat_action ?? null;
    this.blocked = view.blocked ?? false;
    this.keyboard = null;
    this.forced = null;
    for (const message of view.messages) this.#followMarkup(message);
    if (view.reply_keyboard === null) this.keyboard = null;
    this.loaded = true;
  }

  apply(event) {
    this.reading?.push(event);
    this.#follow(event);
  }

  #follow(event) {
    this.#changes[event.change]?.(event);
  }

  #changes = {
    message: ({ message }) => {
      this.messages.set(message.message_id, message);
      this.#followMarkup(message);
      if (!message.from?.is_bot) return;
      this.draft = null;
      this.action = null;
    },
    edited: ({ message }) => this.messages.set(message.message_id, message),
    deleted: ({ message_id }) => this.messages.delete(message_id),
    draft: ({ draft }) => {
      this.draft = draft;
      if (draft) this.action = null;
    },
    chat_action: ({ chat_action }) => {
      this.action = chat_action;
    },
    blocked: ({ blocked }) => {
      this.blocked = blocked;
    },
  };

  // A keyboard belongs to the chat: it stands until a message removes or replaces it.
  #followMarkup(message) {
    const markup = message.reply_markup;
    if (!message.from?.is_bot) {
      this.forced = null;
      return;
    }
    if (markup?.keyboard) this.keyboard = { ...markup, message_id: message.message_id };
    if (markup?.remove_keyboard) this.keyboard = null;
    if (markup?.force_reply) this.forced = { ...markup, message };
  }

  get last() {
    return [...this.messages.values()].at(-1) ?? null;
  }
}

// Telegram's message that has not changed stays the same object, so that its bubble is not drawn anew.
function same(old, fresh) {
  return old && JSON.stringify(old) === JSON.stringify(fresh) ? old : fresh;
}
