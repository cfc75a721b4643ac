// The page: wires places, messages, composer, commands and live events together.

import { act, listen, me, read } from "/static/api.js";
import { clearDraft, replyTo, wireComposer } from "/static/composer.js";
import { messageCommands, personCommands, wireCommands } from "/static/commands.js";
import { openForm } from "/static/dialog.js";
import { at, avatar, make } from "/static/dom.js";
import { EPHEMERAL } from "/static/message.js";
import { openModal } from "/static/modal.js";
import { intro, label, showHead, showMe, showMembers, showPlaces } from "/static/places.js";
import { choose, menu } from "/static/popup.js";
import { applyTheme, openSettings } from "/static/settings.js";
import * as timeline from "/static/timeline.js";
import { everyChannel, refresh, world } from "/static/world.js";

const EMOJI = ["👍", "❤️", "😂", "🎉", "🤔", "👀", "😮", "😢", "🙏", "✅", "❌", "🔥"];
const started = new Map(); // interactions of this tab: what to do when they fail
const openedModals = new Set();
const early = []; // events that came before the answer to our own request
let stop = () => {};

// -- telling people ----------------------------------------------------------------------------

let hush = 0;

function say(text, bad = false) {
  const toast = at("status");
  toast.textContent = text;
  toast.classList.toggle("bad", bad);
  toast.hidden = !text;
  clearTimeout(hush);
  hush = setTimeout(() => say(""), bad ? 12000 : 5000);
}

async function attempt(work) {
  try {
    return await work();
  } catch (problem) {
    say(problem.message, true);
    return undefined;
  }
}

// -- places ------------------------------------------------------------------------------------

async function load() {
  const seen = await refresh();
  const known = everyChannel();
  const before = world.channel && world.channel.id;
  const wanted = known.find((one) => one.id === location.hash.slice(1)) || known.find((one) => one.id === before) || known.find((one) => one.id === seen.home);
  showMe();
  await enter(wanted || known[0]);
}

async function enter(channel) {
  const moved = !world.channel || world.channel.id !== channel.id;
  world.channel = channel;
  world.unread.delete(channel.id);
  history.replaceState(null, "", `#${channel.id}`);
  showPlaces((one) => attempt(() => enter(one)));
  showHead();
  showMembers(onPerson);
  if (moved) {
    clearDraft();
    commands.close();
    at("typing").textContent = "";
  }
  const messages = await read("messages", { channel: channel.id });
  if (world.channel.id === channel.id) timeline.show(messages, intro());
  document.body.classList.remove("drawer");
}

function onPerson(one, anchor) {
  const isMe = one.id === world.me.id;
  const items = [{ note: `@${one.username}${one.bot ? " · app" : ""}` }];
  if (!one.bot && !isMe) items.push({ label: `Be ${one.name}`, icon: "people", onPick: () => become(one.id) });
  const dm = everyChannel().find((place) => place.type === 1 && place.people.some((who) => who.id === one.id) && !isMe);
  if (dm) items.push({ label: "Message", icon: "chat", onPick: () => attempt(() => enter(dm)) });
  items.push({ label: "Mention", icon: "reply", onPick: () => insert(`<@${one.id}> `) });
  attempt(personCommands).then((found) => {
    if (found && found.length) items.push({ heading: "Apps" }, ...found.map((command) => ({ label: command.label, picture: avatar(world.bot, "tiny"), onPick: () => useBot("user-command", { channel: world.channel.id, target: one.id, name: command.name }) })));
    menu(one.name, anchor, items);
  });
}

function insert(text) {
  at("text").value += text;
  at("text").focus();
}

async function become(id) {
  me.id = id;
  localStorage.setItem("person", id);
  world.unread.clear();
  await attempt(load);
  connect();
  say(`You are ${world.me.name} now.`);
}

// -- what one can do with a message ------------------------------------------------------------

const use = {
  reply: replyTo,
  jump: timeline.jump,
  person: onPerson,
  dismiss: (message) => timeline.remove(message.id),
  react: (message, emoji, added) => attempt(() => act("react", { message: message.id, emoji, added })),
  press: (message, component) => useBot("click", { message: message.id, key: component.custom_id }),
  select: (message, component, values) => useBot("select", { message: message.id, key: component.custom_id, values }),
  emoji: (message, anchor) => choose("React with", anchor, EMOJI.map((one) => ({ label: one, value: one })), { onChoose: ([one]) => use.react(message, one, true) }),
  apps: async (message, anchor) => menu("Apps", anchor, await appItems(message), anchor),
  menu: async (message, anchor, back) => {
    const mine = message.author.id === world.me.id;
    const open = !(message.flags & EPHEMERAL);
    const items = [
      open && { label: "Reply", icon: "reply", onPick: () => replyTo(message) },
      open && { label: "Add reaction", icon: "smile", onPick: () => use.emoji(message, back) },
      open && { label: "Forward", icon: "forward", onPick: () => forward(message, back) },
      mine && { label: "Edit message", icon: "edit", onPick: () => edit(message) },
      open && (mine || world.channel.may_manage) && { label: "Delete message", icon: "trash", danger: true, onPick: () => attempt(() => act("delete", { message: message.id })) },
      !open && { label: "Dismiss message", icon: "close", onPick: () => use.dismiss(message) },
      null,
      { heading: "Apps" },
      ...(await appItems(message)),
    ];
    menu("Message", anchor, items.filter((one) => one !== false), back);
  },
};

async function appItems(message) {
  const found = (await attempt(messageCommands)) || [];
  if (!found.length) return [{ note: "No app offers anything here." }];
  return found.map((one) => ({ label: one.label, picture: avatar(world.bot, "tiny"), onPick: () => useBot("message-command", { message: message.id, name: one.name }) }));
}

function forward(message, anchor) {
  const options = everyChannel().filter((one) => one.may_post).map((one) => ({ label: label(one), value: one.id }));
  choose("Forward to", anchor, options, {
    onChoose: async ([channel]) => {
      if (await attempt(() => act("forward", { message: message.id, channel }))) say(`Forwarded to ${label(everyChannel().find((one) => one.id === channel))}.`);
    },
  });
}

function edit(message) {
  const field = make("textarea", { rows: 4, maxlength: 2000, "aria-label": "Message" });
  field.value = message.content;
  openForm("Edit message", [field], "Save", () => act("edit", { message: message.id, content: field.value }));
}

// -- using the bot -----------------------------------------------------------------------------

// Returns what went wrong, so that a form can show it; without a form it is told at once.
async function useBot(path, payload, files = {}, inForm = false) {
  try {
    begun(await act(path, payload, files), payload);
    return null;
  } catch (problem) {
    if (!inForm) say(problem.message, true);
    return problem.message;
  }
}

function begun(one, payload = {}) {
  started.set(one.id, payload);
  early.filter((event) => event.id === one.id).forEach(onInteraction);
}

function onInteraction(one) {
  if (!started.has(one.id)) return;
  if (one.modal && !openedModals.has(one.id)) {
    openedModals.add(one.id);
    openModal(one, begun);
  } else if (one.state === "failed") fail(one);
}

// As in Discord: a notice that only this person sees.
function fail(one) {
  if (one.source) return say("This interaction failed: the application did not respond in time.", true);
  if (one.channel !== world.channel.id) return say(`${one.name}: the application did not respond.`, true);
  return timeline.upsert({
    id: `failed-${one.id}`,
    local: true,
    failed: true,
    author: world.bot,
    used: `${world.me.name} used ${one.name}`,
    content: "The application did not respond.",
    timestamp: new Date().toISOString(),
    flags: EPHEMERAL,
    mentions: [],
    attachments: [],
    embeds: [],
  });
}

// -- live --------------------------------------------------------------------------------------

let typists = new Map();

function onTyping(event) {
  if (event.id === world.me.id) return;
  typists.set(event.name, Date.now() + 9000);
  showTyping();
}

function showTyping() {
  typists = new Map([...typists].filter(([, until]) => until > Date.now()));
  const names = [...typists.keys()];
  at("typing").textContent = names.length ? `${names.join(", ")} ${names.length > 1 ? "are" : "is"} typing…` : "";
  if (names.length) setTimeout(showTyping, 1000);
}

function onEvent(event) {
  if (event.type === "reload") return soon(load);
  if (event.type === "interaction") {
    early.push(event.interaction);
    early.splice(0, early.length - 50);
    return onInteraction(event.interaction);
  }
  if (event.channel !== world.channel.id) return event.type === "message" && noteUnread(event);
  if (event.type === "typing") return onTyping(event);
  if (event.type === "gone") return timeline.remove(event.id);
  typists.delete(event.message.author.name);
  showTyping();
  return timeline.upsert(event.message);
}

async function noteUnread(event) {
  if (event.message.author.id === world.me.id) return;
  world.unread.add(event.channel);
  if (!everyChannel().some((one) => one.id === event.channel)) await attempt(refresh);
  showPlaces((one) => attempt(() => enter(one)));
}

let waiting = 0;

function soon(work) {
  clearTimeout(waiting);
  waiting = setTimeout(() => attempt(work), 100);
}

function connect() {
  stop();
  stop = listen(onEvent, () => attempt(load), () => say("The connection to the sandbox was lost; trying again…", true));
}

// -- wiring ------------------------------------------------------------------------------------

applyTheme();
timeline.setHandlers(use);
// The list of commands hears keys before the composer: Enter takes a command, it does not send.
const commands = wireCommands(at("text"), useBot, () => at("text").focus());
wireComposer(attempt);
at("slash").addEventListener("click", () => {
  replyTo(null);
  at("text").value = "/";
  at("text").focus();
  commands.open();
});
at("me").addEventListener("click", () =>
  menu("Be somebody", at("me"), world.people.map((one) => ({ label: one.name, hint: one.standing, picture: avatar(one, "small"), checked: one.id === world.me.id, onPick: () => become(one.id) }))),
);
at("settings").addEventListener("click", () => openSettings(attempt));
at("drawer").addEventListener("click", () => document.body.classList.toggle("drawer"));
at("shade").addEventListener("click", () => document.body.classList.remove("drawer"));
at("people").addEventListener("click", () => {
  const shown = document.body.classList.toggle("with-members");
  at("people").setAttribute("aria-pressed", String(shown));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.body.classList.remove("drawer");
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-message]");
  const channel = link && everyChannel().find((one) => `#${one.id}` === link.getAttribute("href"));
  if (!channel) return;
  event.preventDefault();
  attempt(async () => {
    if (channel.id !== world.channel.id) await enter(channel);
    if (link.dataset.message) timeline.jump(link.dataset.message);
  });
});
addEventListener("hashchange", () => {
  const wanted = everyChannel().find((one) => one.id === location.hash.slice(1));
  if (wanted && wanted.id !== world.channel.id) attempt(() => enter(wanted));
});

await attempt(load);
connect();
