// Small helpers: elements built node by node, Discord's markdown, avatars.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function avatar(person) {
  const hue = Number(BigInt(person.id) % 360n);
  const initials = (person.name || person.username || "?").slice(0, 2);
  const circle = make("div", { class: "avatar", "aria-hidden": "true" }, initials);
  circle.style.background = person.bot ? "#5865f2" : `hsl(${hue} 45% 40%)`;
  return circle;
}

// Only http(s) and our own files become links or pictures.
export function safe(url) {
  return /^(https?:\/\/|\/cdn\/)/.test(url || "") ? url : null;
}

const PATTERN = new RegExp(
  [
    "```(?:\\w+\\n)?([\\s\\S]+?)```", // 1 code block
    "`([^`]+)`", // 2 code
    "\\|\\|([\\s\\S]+?)\\|\\|", // 3 spoiler
    "\\*\\*([\\s\\S]+?)\\*\\*", // 4 bold
    "__([\\s\\S]+?)__", // 5 underline
    "~~([\\s\\S]+?)~~", // 6 struck
    "\\*([^*\\n]+?)\\*|\\b_([^_\\n]+?)_\\b", // 7, 8 italics
    "\\[([^\\]]+)\\]\\((https?://[^\\s)]+)\\)", // 9, 10 link
    "(https?://[^\\s<>)]+)", // 11 address
    "<@!?(\\d+)>", // 12 person
    "<#(\\d+)>", // 13 channel
    "<t:(-?\\d+)(?::([tTdDfFR]))?>", // 14, 15 time
  ].join("|"),
  "g",
);

export const names = { people: {}, channels: {} };

export function markdown(text) {
  const lines = (text || "").split("\n");
  const parts = [];
  lines.forEach((line, index) => {
    const heading = /^(#{1,3}|-#) (.*)$/.exec(line);
    if (heading) {
      parts.push(make("span", { class: heading[1] === "-#" ? "small" : "who" }, inline(heading[2])));
    } else {
      parts.push(line.startsWith("> ") ? make("em", {}, inline(line.slice(2))) : line);
    }
    if (index < lines.length - 1) parts.push("\n");
  });
  // Plain lines are joined again, so that marks may span several of them.
  const joined = [];
  for (const part of parts) {
    const last = joined.length - 1;
    if (typeof part === "string" && typeof joined[last] === "string") joined[last] += part;
    else joined.push(part);
  }
  return joined.flatMap((part) => (typeof part === "string" ? inline(part) : [part]));
}

function inline(text) {
  const found = [];
  let at = 0;
  for (const match of text.matchAll(PATTERN)) {
    if (match.index > at) found.push(text.slice(at, match.index));
    found.push(mark(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push(text.slice(at));
  return found;
}

function mark(match) {
  const [, block, code, veil, bold, under, struck, star, low, label, href, address, person, channel, time, style] = match;
  if (block || code) return make("code", {}, block || code);
  if (veil) return spoiler(inline(veil));
  if (bold) return make("b", {}, inline(bold));
  if (under) return make("u", {}, inline(under));
  if (struck) return make("s", {}, inline(struck));
  if (star || low) return make("i", {}, inline(star || low));
  if (label) return link(href, label);
  if (address) return link(address, address);
  if (person) return make("span", { class: "mention" }, `@${names.people[person] || "someone"}`);
  if (channel) return make("span", { class: "mention" }, `#${names.channels[channel] || "unknown"}`);
  return timestamp(Number(time), style);
}

function link(href, label) {
  return make("a", { href, target: "_blank", rel: "noopener noreferrer" }, label);
}

function spoiler(children) {
  const open = (event) => event.currentTarget.classList.add("open");
  return make("button", { class: "veil", type: "button", title: "Show the spoiler", onclick: open }, children);
}

function timestamp(seconds, style) {
  const moment = new Date(seconds * 1000);
  const shown = make("span", { class: "mention", title: moment.toLocaleString() });
  const write = () => {
    const left = Math.round((moment - Date.now()) / 1000);
    const soon = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
    const minutes = Math.round(left / 60);
    const far = Math.abs(left) < 60 ? soon.format(left, "second") : soon.format(minutes, "minute");
    shown.textContent = style === "R" ? far : moment.toLocaleString();
    if (style === "R" && shown.isConnected) setTimeout(write, 1000);
  };
  write();
  if (style === "R") setTimeout(write, 1000);
  return shown;
}
