// Discord's markdown as nodes. Blocks first (code, quotes, headings, lists), then marks inside lines.

import { make, outside } from "/static/dom.js";
import { stamp } from "/static/time.js";
import { world } from "/static/world.js";

const INLINE = new RegExp(
  [
    "\\\\([^\\w\\s])", // 1 escaped sign
    "``([\\s\\S]+?)``|`([^`\\n]+)`", // 2, 3 code
    "\\|\\|([\\s\\S]+?)\\|\\|", // 4 spoiler
    "\\*\\*\\*([\\s\\S]+?)\\*\\*\\*(?!\\*)", // 5 bold italics
    "\\*\\*([\\s\\S]+?)\\*\\*(?!\\*)", // 6 bold
    "__([\\s\\S]+?)__(?!_)", // 7 underline
    "~~([\\s\\S]+?)~~", // 8 struck
    "\\*(?!\\s)((?:\\\\.|[^*\\n])+?)\\*|(?<!\\w)_((?:\\\\.|[^_\\n])+?)_(?!\\w)", // 9, 10 italics
    "\\[([^\\]\\n]+)\\]\\(<?(https?://[^\\s)>]+)>?(?: \"[^\"]*\")?\\)", // 11, 12 link
    "<(https?://[^\\s>]+)>|(https?://[^\\s<>]*[^\\s<>.,:;\"')\\]|*_~])", // 13, 14 address
    "<@!?(\\d+)>", // 15 person
    "<@&(\\d+)>", // 16 role
    "<#(\\d+)>", // 17 channel
    "<t:(-?\\d{1,13})(?::([tTdDfFR]))?>", // 18, 19 time
    "</([^:>]+):\\d+>", // 20 command
    "<a?:(\\w{2,}):\\d+>", // 21 custom emoji
    "@(everyone|here)", // 22
  ].join("|"),
  "g",
);

export function inline(text) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) found.push(text.slice(from, match.index));
    found.push(mark(match));
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push(text.slice(from));
  return found;
}

function mark(m) {
  if (m[1]) return m[1];
  if (m[2] || m[3]) return make("code", {}, (m[2] || m[3]).trim());
  if (m[4]) return spoiler(inline(m[4]));
  if (m[5]) return make("strong", {}, make("em", {}, inline(m[5])));
  if (m[6]) return make("strong", {}, inline(m[6]));
  if (m[7]) return make("u", {}, inline(m[7]));
  if (m[8]) return make("s", {}, inline(m[8]));
  if (m[9] || m[10]) return make("em", {}, inline(m[9] || m[10]));
  if (m[11]) return here(m[12], inline(m[11])) || outside(m[12], inline(m[11]));
  if (m[13] || m[14]) return here(m[13] || m[14]) || outside(m[13] || m[14], m[13] || m[14]);
  if (m[15]) return mention(`@${world.names[m[15]] || "unknown"}`);
  if (m[16]) return mention(`@${world.roles[m[16]] || "unknown role"}`);
  if (m[17]) return mention(`#${world.channels[m[17]] || "unknown"}`);
  if (m[18]) return stamp(Number(m[18]), m[19]);
  if (m[20]) return mention(`/${m[20]}`);
  return m[21] ? `:${m[21]}:` : mention(m[0]);
}

const MESSAGE = /^https:\/\/(?:\w+\.)?discord\.com\/channels\/(?:@me|\d+)\/(\d+)(?:\/(\d+))?\/?$/;

// A link to a channel or message of Discord stays on this page.
function here(address, words) {
  const found = MESSAGE.exec(address);
  if (!found) return null;
  const [, channel, message] = found;
  const name = `#${world.channels[channel] || "conversation"}${message ? " › message" : ""}`;
  return make("a", { class: "mention", href: `#${channel}`, "data-message": message || "" }, words || name);
}

const mention = (text) => make("span", { class: "mention" }, text);

// Hidden words cannot be read, selected or heard until somebody asks for them.
function spoiler(children) {
  const words = make("span", { class: "veiled", "aria-hidden": "true" }, children);
  words.inert = true;
  const veil = make("span", { class: "veil", role: "button", tabindex: "0", "aria-label": "Spoiler, show it" }, words);
  const open = (event) => {
    if (veil.classList.contains("open")) return;
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    veil.classList.add("open");
    for (const name of ["role", "tabindex", "aria-label"]) veil.removeAttribute(name);
    words.inert = false;
    words.removeAttribute("aria-hidden");
  };
  veil.addEventListener("click", open);
  veil.addEventListener("keydown", open);
  return veil;
}

export function markdown(text) {
  const parts = (text || "").split(/```(?:[\w+-]*\n)?([\s\S]+?)```/);
  return parts.flatMap((part, index) =>
    index % 2 ? [make("pre", {}, make("code", {}, part.replace(/\n$/, "")))] : blocks(index ? part.replace(/^\n/, "") : part.replace(/\n$/, "")),
  );
}

const HEADING = /^(#{1,3}) +(.+)$/;
const SMALL = /^-# +(.+)$/;
const ITEM = /^( *)(?:[-*]|(\d+)\.) +(.+)$/;
const QUOTE = /^> ?(.*)$/;

function blocks(text) {
  const lines = text.split("\n");
  const found = [];
  let plain = [];
  const flush = () => {
    if (plain.length) found.push(...inline(plain.join("\n")));
    plain = [];
  };
  // A block ends its line by itself, so no line break follows it.
  const block = (node) => {
    flush();
    found.push(node);
  };
  for (let n = 0; n < lines.length; n += 1) {
    const line = lines[n];
    let match;
    if (line.startsWith(">>> ")) {
      block(make("blockquote", {}, blocks([line.slice(4), ...lines.slice(n + 1)].join("\n"))));
      return found;
    }
    if ((match = HEADING.exec(line))) block(make("div", { class: `heading h${match[1].length}`, role: "heading", "aria-level": match[1].length + 2 }, inline(match[2])));
    else if ((match = SMALL.exec(line))) block(make("div", { class: "subtext" }, inline(match[1])));
    else if (QUOTE.test(line)) {
      const quoted = [];
      for (; n < lines.length && (match = QUOTE.exec(lines[n])); n += 1) quoted.push(match[1]);
      n -= 1;
      block(make("blockquote", {}, blocks(quoted.join("\n"))));
    } else if (ITEM.test(line)) {
      const items = [];
      const start = ITEM.exec(line)[2];
      for (; n < lines.length && (match = ITEM.exec(lines[n])); n += 1) {
        items.push(make("li", { class: match[1].length > 1 ? "deeper" : null }, inline(match[3])));
      }
      n -= 1;
      block(make(start ? "ol" : "ul", { start: start && start !== "1" ? start : null }, items));
    } else plain.push(line);
  }
  flush();
  return found;
}
