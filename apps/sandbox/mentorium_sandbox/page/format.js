// Telegram's text with entities (offsets in UTF-16 units, which are JavaScript's own) as DOM nodes.

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", spoiler: "mark",
};

export function formatted(text, entities = []) {
  const root = document.createDocumentFragment();
  append(root, text, 0, text.length, [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length));
  return root;
}

function append(parent, text, from, to, entities) {
  let position = from;
  while (entities.length && entities[0].offset < to) {
    const entity = entities.shift();
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < position) continue;
    parent.append(text.slice(position, entity.offset));
    const inside = [];
    while (entities.length && entities[0].offset < end) inside.push(entities.shift());
    const node = element(entity, text.slice(entity.offset, end));
    append(node, text, entity.offset, end, inside);
    parent.append(node);
    position = end;
  }
  parent.append(text.slice(position, to));
}

function element(entity, text) {
  const address = entity.type === "text_link" ? entity.url : entity.type === "url" ? text : null;
  if (address !== null) {
    const anchor = document.createElement("a");
    if (/^https?:\/\//.test(address)) anchor.href = address;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    return anchor;
  }
  return document.createElement(TAGS[entity.type] ?? "span");
}
