// The page: who you are, where you are, and what is said there.

import { act, listen, me, read } from "/static/api.js";
import * as dialogs from "/static/dialogs.js";
import { make, names } from "/static/dom.js";
import { showMessage } from "/static/message.js";

const at = (id) => document.getElementById(id);
const world = { people: [], places: [], channel: null };
const draft = { files: [], reply: null };
const started = new Set(); // interactions of this tab, so that a modal opens only where it was asked for
const shownModals = new Set();
let stop = () => {};
let hush = 0;

function say(text, bad = false) {
  at("status").textContent = text;
  at("status").className = bad ? "bad" : "";
  clearTimeout(hush);
  hush = setTimeout(() => (at("status").textContent = ""), bad ? 15000 : 5000);
}

async function attempt(work) {
  try {
    return await work();
  } catch (problem) {
    say(problem.message, true);
    return null;
  }
}

// -- places and people -------------------------------------------------------------------------

async function load() {
  const seen = await read("overview");
  me.id = seen.me.id;
  Object.assign(world, { people: seen.people, places: seen.places, bot: seen.bot });
  Object.assign(names, { people: seen.names, channels: seen.channels });
  at("person").replaceChildren(
    ...seen.people.map((one) => make("option", { value: one.id, selected: one.id === me.id }, one.name)),
  );
  const known = seen.places.flatMap((place) => place.channels);
  const wanted = location.hash.slice(1) || (world.channel && world.channel.id) || seen.home;
  await enter(known.find((one) => one.id === wanted) || known[0]);
}

async function enter(channel) {
  world.channel = channel;
  history.replaceState(null, "", `#${channel.id}`);
  const label = (one) => (one.dm ? `@ ${one.name}` : `# ${one.name}${one.nsfw ? " 🔞" : ""}`);
  at("title").textContent = label(channel);
  at("places").replaceChildren(
    ...world.places.flatMap((place) => [
      make("h3", {}, place.name),
      ...place.channels.map((one) =>
        make(
          "button",
          { class: "place", type: "button", "aria-current": one.id === channel.id && "page", onclick: () => attempt(() => enter(one)) },
          label(one),
        ),
      ),
    ]),
  );
  reply(null);
  const messages = await read("messages", { channel: channel.id });
  if (world.channel !== channel) return;
  at("messages").replaceChildren(...messages.map((one) => showMessage(one, use)));
  at("messages").scrollTop = at("messages").scrollHeight;
}

function onEvent(event) {
  if (event.type === "reload") return attempt(load);
  if (event.type === "interaction") return onInteraction(event.interaction);
  if (event.channel !== world.channel.id) return null;
  const list = at("messages");
  if (event.type === "typing") return say(`${event.name} is typing…`);
  const id = event.id || event.message.id;
  const old = [...list.children].find((one) => one.dataset.id === id);
  if (event.type === "gone") return old && old.remove();
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const fresh = showMessage(event.message, use);
  if (old) old.replaceWith(fresh);
  else list.append(fresh);
  if (atEnd) {
    list.scrollTop = list.scrollHeight;
    for (const image of fresh.querySelectorAll("img")) {
      image.addEventListener("load", () => (list.scrollTop = list.scrollHeight));
    }
  }
  return null;
}

function onInteraction(one) {
  if (one.state === "failed") {
    if (!shownModals.has(one.id)) say(`${one.name || "The app"}: the application did not respond`, true);
  } else if (one.modal && started.has(one.id) && !shownModals.has(one.id)) {
    shownModals.add(one.id);
    dialogs.modal(one);
  }
}

// -- using the bot -----------------------------------------------------------------------------

// The bot may open its modal before the answer to our own request is here.
async function useBot(path, payload) {
  const early = [];
  waiting.add(early);
  const one = await attempt(() => act(path, payload));
  waiting.delete(early);
  if (!one) return;
  started.add(one.id);
  early.filter((event) => event.id === one.id).forEach(onInteraction);
}

const waiting = new Set();

const use = {
  people: () => world.people,
  reply,
  apps: async (message) => {
    const found = (await attempt(() => read("commands", { channel: world.channel.id }))) || [];
    const items = found.filter((one) => one.type === 3).map((one) => ({ ...one, label: one.name }));
    dialogs.pick("Apps", items, (one) => {
      dialogs.close();
      useBot("message-command", { message: message.id, name: one.name });
    });
  },
  press: (message, component) => useBot("click", { message: message.id, key: component.custom_id }),
  choose: (message, component, values) =>
    useBot("select", { message: message.id, key: component.custom_id, values }),
};

async function slash() {
  const found = (await attempt(() => read("commands", { channel: world.channel.id }))) || [];
  const items = found
    .filter((one) => one.type === 1)
    .map((one) => ({ ...one, label: `/${one.name}`, note: one.description }));
  const context = { channel: world.channel.id, people: world.people, channels: world.places.flatMap((place) => place.channels) };
  dialogs.pick("Commands", items, async (one) => {
    if (!one.options.length) dialogs.close();
    await attempt(() => dialogs.command(one, context));
  });
}

// -- composing ---------------------------------------------------------------------------------

function reply(message) {
  draft.reply = message;
  at("replying").hidden = !message;
  if (!message) return;
  const cancel = make("button", { type: "button", onclick: () => reply(null) }, "✕");
  at("replying").replaceChildren(`Replying to ${message.author.name} `, cancel);
  at("text").focus();
}

function add(files) {
  draft.files.push(...[...files].map((file) => ({ file, alt: "" })));
  draft.files.splice(10);
  showFiles();
}

function showFiles() {
  at("picked").replaceChildren(
    ...draft.files.map((one, index) => {
      const alt = make("input", { placeholder: "alt text", maxlength: 1024, "aria-label": `Alt text of ${one.file.name}` });
      alt.value = one.alt;
      alt.addEventListener("input", () => (one.alt = alt.value));
      const drop = () => {
        draft.files.splice(index, 1);
        showFiles();
      };
      const preview = one.file.type.startsWith("image/")
        ? make("img", { src: URL.createObjectURL(one.file), alt: "" })
        : null;
      return make("li", {}, preview, one.file.name, alt, make("button", { type: "button", onclick: drop }, "Remove"));
    }),
  );
}

async function send(event) {
  event.preventDefault();
  const content = at("text").value;
  if (content === "/") return slash();
  if (!content && !draft.files.length) return null;
  const payload = {
    channel: world.channel.id,
    content,
    spoiler: at("spoiler").checked,
    alts: draft.files.map((one) => one.alt),
    reply_to: draft.reply && draft.reply.id,
  };
  const sent = await attempt(() => act("post", payload, { files: draft.files.map((one) => one.file) }));
  if (!sent) return null;
  at("text").value = "";
  at("spoiler").checked = false;
  draft.files = [];
  showFiles();
  reply(null);
  return null;
}

at("composer").addEventListener("submit", send);
at("slash").addEventListener("click", slash);
at("text").addEventListener("keydown", (event) => {
  if (event.key !== "/" || at("text").value) return;
  event.preventDefault();
  slash();
});
at("text").addEventListener("paste", (event) => event.clipboardData.files.length && add(event.clipboardData.files));
at("files").addEventListener("change", (event) => {
  add(event.target.files);
  event.target.value = "";
});
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("over");
});
document.addEventListener("dragleave", () => document.body.classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("over");
  add(event.dataTransfer.files);
});

function connect() {
  stop();
  const back = () => attempt(load);
  stop = listen((event) => {
    if (event.type === "interaction") waiting.forEach((early) => early.push(event.interaction));
    onEvent(event);
  }, back);
}

at("person").addEventListener("change", async () => {
  me.id = at("person").value;
  localStorage.setItem("person", me.id);
  await attempt(load);
  connect();
});

await attempt(load);
connect();
