// Writing a message: text, files with alt texts and spoilers, replies.

import { act } from "/static/api.js";
import { at, icon, iconButton, make } from "/static/dom.js";
import { world } from "/static/world.js";

const MOST_FILES = 10;
const TYPING_MS = 8000;
const field = at("text");
const draft = { files: [], reply: null };
let typedAt = 0;

export function replyTo(message) {
  draft.reply = message;
  at("replying").hidden = !message;
  // With a reply, "/whois" is plain text, as in Discord.
  if (message) field.dataset.plain = "1";
  else delete field.dataset.plain;
  if (!message) return at("replying").replaceChildren();
  at("replying").replaceChildren(make("span", {}, "Replying to ", make("b", {}, message.author.name)), iconButton("close", "Cancel the reply", () => replyTo(null)));
  return field.focus();
}

export function addFiles(files) {
  const room = MOST_FILES - draft.files.length;
  draft.files.push(...[...files].slice(0, room).map((file) => ({ file, alt: "", spoiler: false, preview: file.type.startsWith("image/") ? URL.createObjectURL(file) : null })));
  showFiles();
  if (draft.files.length) field.focus();
}

function showFiles() {
  at("picked").replaceChildren(
    ...draft.files.map((one, index) => {
      const alt = make("input", { placeholder: "Alt text", maxlength: 1024, "aria-label": `Alt text of ${one.file.name}` });
      alt.value = one.alt;
      alt.addEventListener("input", () => (one.alt = alt.value));
      const spoiler = iconButton(one.spoiler ? "hide" : "eye", `Spoiler: ${one.file.name}`, () => {
        one.spoiler = !one.spoiler;
        showFiles();
      }, { "aria-pressed": String(one.spoiler) });
      const drop = iconButton("trash", `Remove ${one.file.name}`, () => {
        URL.revokeObjectURL(one.preview);
        draft.files.splice(index, 1);
        showFiles();
        field.focus();
      });
      const shown = one.preview ? make("img", { src: one.preview, alt: "" }) : icon("file");
      return make("li", { class: one.spoiler ? "spoiler" : null }, make("div", { class: "preview" }, shown), make("div", { class: "picked-tools" }, spoiler, drop), make("div", { class: "name" }, one.file.name), alt);
    }),
  );
}

function grow() {
  field.style.height = "";
  if (field.value) field.style.height = `${Math.min(field.scrollHeight, 200)}px`;
  else field.scrollTop = 0;
}

export function clearDraft() {
  draft.files.forEach((one) => URL.revokeObjectURL(one.preview));
  draft.files = [];
  field.value = "";
  showFiles();
  replyTo(null);
  grow();
}

// `attempt` runs a request and tells people what went wrong; it returns undefined then.
export function wireComposer(attempt) {
  async function send() {
    const content = field.value.trim();
    if (!content && !draft.files.length) return;
    const payload = { channel: world.channel.id, content, alts: draft.files.map((one) => one.alt), reply_to: draft.reply && draft.reply.id };
    const files = draft.files.map((one) => (one.spoiler ? new File([one.file], `SPOILER_${one.file.name}`, { type: one.file.type }) : one.file));
    if (await attempt(() => act("post", payload, { files }))) clearDraft();
  }
  at("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") replyTo(null);
  });
  field.addEventListener("input", () => {
    grow();
    if (!field.value || field.value.startsWith("/") || Date.now() - typedAt < TYPING_MS) return;
    typedAt = Date.now();
    act("typing", { channel: world.channel.id }).catch(() => {});
  });
  field.addEventListener("paste", (event) => event.clipboardData.files.length && (event.preventDefault(), addFiles(event.clipboardData.files)));
  at("files").addEventListener("change", (event) => {
    addFiles(event.target.files);
    event.target.value = "";
  });
  let depth = 0;
  const over = (change) => (event) => {
    event.preventDefault();
    depth = Math.max(0, depth + change);
    document.body.classList.toggle("over", depth > 0);
  };
  document.addEventListener("dragenter", over(1));
  document.addEventListener("dragleave", over(-1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    over(-9)(event);
    if (event.dataTransfer.files.length && !at("composer").hidden && world.channel.may_post) addFiles(event.dataTransfer.files);
  });
}
