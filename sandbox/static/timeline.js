// The messages of a channel: in order, grouped, kept at the end while one reads the end.

import { at, make } from "/static/dom.js";
import { EPHEMERAL, showMessage } from "/static/message.js";
import { day, sameDay } from "/static/time.js";
import { world } from "/static/world.js";

const GROUP_MS = 7 * 60 * 1000;
const list = at("messages");
const pane = at("pane");
let shown = []; // what is in the list, oldest first
let handlers = {};

export const setHandlers = (use) => (handlers = use);
export const find = (id) => shown.find((one) => one.id === id);
export const last = (test) => shown.findLast(test);

const follows = (message, before) =>
  before &&
  before.author.id === message.author.id &&
  !message.used &&
  !message.message_reference &&
  (message.flags & EPHEMERAL) === (before.flags & EPHEMERAL) &&
  new Date(message.timestamp) - new Date(before.timestamp) < GROUP_MS &&
  sameDay(message.timestamp, before.timestamp);

const row = (id) => list.querySelector(`[data-id="${CSS.escape(id)}"]`);

function build(message, before) {
  const nodes = [];
  if (!before || !sameDay(before.timestamp, message.timestamp)) {
    nodes.push(make("li", { class: "day", role: "separator" }, make("span", {}, day(new Date(message.timestamp)))));
  }
  nodes.push(showMessage(message, handlers, Boolean(follows(message, before))));
  return nodes;
}

export function show(messages, intro) {
  shown = messages;
  list.replaceChildren(intro, ...messages.flatMap((one, index) => build(one, messages[index - 1])));
  rove(list.querySelector(".message:last-of-type"));
  toEnd();
}

export function upsert(message) {
  const index = shown.findIndex((one) => one.id === message.id);
  const own = index < 0 && [message.author.id, message.used_by].includes(world.me.id);
  const stay = own || nearEnd();
  if (index >= 0) {
    const old = row(message.id);
    const fresh = showMessage(message, handlers, old.classList.contains("compact"));
    keepOpen(old, fresh);
    const held = old.contains(document.activeElement) && key(document.activeElement);
    fresh.tabIndex = old.tabIndex;
    shown[index] = message;
    old.replaceWith(fresh);
    if (held) refocus(fresh, held);
  } else {
    const before = shown.at(-1);
    shown.push(message);
    list.append(...build(message, before));
    rove(list.lastElementChild, false);
  }
  if (stay) toEnd();
  else if (index < 0) at("to-end").hidden = false;
}

// What somebody had uncovered stays uncovered when the message changes.
function keepOpen(old, fresh) {
  const veils = [...fresh.querySelectorAll(".veil")];
  [...old.querySelectorAll(".veil")].forEach((one, index) => one.classList.contains("open") && veils[index] && veils[index].click());
  const pictures = [...fresh.querySelectorAll(".picture")];
  [...old.querySelectorAll(".picture")].forEach((one, index) => {
    const reveal = pictures[index] && pictures[index].querySelector(".reveal");
    if (reveal && !one.classList.contains("veiled")) reveal.click();
  });
}

const key = (element) => element.dataset.customId || element.getAttribute("aria-label") || element.textContent;

function refocus(fresh, held) {
  const same = [...fresh.querySelectorAll("button, a, [tabindex]")].find((one) => key(one) === held && !one.disabled);
  (same || fresh).focus();
}

export function remove(id) {
  const old = row(id);
  shown = shown.filter((one) => one.id !== id);
  if (!old) return;
  const held = old.contains(document.activeElement);
  const near = old.previousElementSibling || old.nextElementSibling;
  old.remove();
  if (held && near && near.matches(".message")) near.focus();
}

export function jump(id) {
  const target = row(id);
  if (!target) return;
  target.scrollIntoView({ block: "center" });
  rove(target);
  target.focus();
  target.classList.add("found");
  setTimeout(() => target.classList.remove("found"), 1600);
}

// -- the end of the list ------------------------------------------------------------------------

let following = true;
const nearEnd = () => pane.scrollHeight - pane.scrollTop - pane.clientHeight < 60;

export function toEnd() {
  following = true;
  pane.scrollTop = pane.scrollHeight;
  at("to-end").hidden = true;
}

pane.addEventListener("scroll", () => {
  following = nearEnd();
  if (following) at("to-end").hidden = true;
});
at("to-end").addEventListener("click", toEnd);
new ResizeObserver(() => following && toEnd()).observe(list);
new ResizeObserver(() => following && toEnd()).observe(pane);

// -- by keyboard: one message takes part in the tab order, arrows move along ----------------------

function rove(target, force = true) {
  if (!target || (!force && list.contains(document.activeElement))) return;
  const before = list.querySelector(".message[tabindex='0']");
  if (before) before.tabIndex = -1;
  target.tabIndex = 0;
}

list.addEventListener("keydown", (event) => {
  const current = document.activeElement;
  if (!current.matches(".message")) return;
  const rows = [...list.querySelectorAll(".message")];
  const index = rows.indexOf(current);
  const next = { ArrowDown: rows[index + 1], ArrowUp: rows[index - 1], Home: rows[0], End: rows.at(-1) }[event.key];
  const message = find(current.dataset.id);
  if (next) {
    event.preventDefault();
    rove(next);
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && message && !message.local) {
    event.preventDefault();
    handlers.menu(message, current, current);
  } else if (event.key === "r" && !event.ctrlKey && !event.metaKey && message && !message.local) {
    event.preventDefault();
    handlers.reply(message);
  }
});
