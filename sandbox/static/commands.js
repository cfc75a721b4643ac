// Slash commands: the list that "/" opens, and the form of a command's options.

import { act, read } from "/static/api.js";
import { suggestions } from "/static/combobox.js";
import { at, iconButton, make } from "/static/dom.js";
import { channelsHere, peopleHere, rolesHere, world } from "/static/world.js";

const [INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT] = [4, 5, 6, 7, 8, 9, 10, 11];
const [SLASH, PERSON, MESSAGE] = [1, 2, 3];
const PAUSE_MS = 120; // after a key press, before the bot is asked for suggestions

export const offered = async (kind) => (await read("commands", { channel: world.channel.id })).filter((one) => one.type === kind);
export const messageCommands = () => offered(MESSAGE);
export const personCommands = () => offered(PERSON);

// `use(path, payload, files)` runs the command; `done()` gives the keyboard back.
export function wireCommands(field, use, done) {
  const panel = at("command");
  const list = at("suggested");

  async function suggest(typed) {
    if (!typed.startsWith("/") || typed.includes("\n") || field.dataset.plain) return [];
    const wanted = typed.slice(1).toLowerCase();
    const found = await offered(SLASH).catch(() => []);
    const fits = found.filter((one) => one.label.toLowerCase().includes(wanted) || one.name.includes(wanted));
    const starts = (one) => Number(!one.label.toLowerCase().startsWith(wanted));
    return fits.sort((a, b) => starts(a) - starts(b)).map((one) => ({ label: `/${one.label}`, note: one.description, value: one }));
  }

  const picker = suggestions(field, list, "Commands", suggest, (item) => {
    field.value = "";
    start(item.value);
  });

  async function start(command) {
    if (!command.options.length) {
      await use("slash", { channel: world.channel.id, name: command.name, options: {} });
      return;
    }
    fill(command);
  }

  function fill(command) {
    const inputs = command.options.map((option) => ({ option, ...input(option, command, () => collect(inputs)) }));
    const wrong = make("p", { class: "wrong", role: "alert", hidden: true });
    const run = make("button", { class: "primary" }, "Run");
    const head = make("header", {}, make("b", {}, `/${command.label}`), make("small", {}, command.description), iconButton("close", "Cancel the command", leave));
    panel.replaceChildren(head, make("div", { class: "options" }, inputs.map(row)), wrong, make("div", { class: "buttons" }, make("small", {}, "Enter runs it, Esc cancels"), run));
    panel.hidden = false;
    at("composer").hidden = true;
    panel.onsubmit = async (event) => {
      event.preventDefault();
      run.disabled = true;
      const { options, files } = collect(inputs);
      const problem = await use("slash", { channel: world.channel.id, name: command.name, options }, files, true);
      run.disabled = false;
      if (!problem) return leave();
      wrong.textContent = problem;
      wrong.hidden = false;
      return null;
    };
    panel.onkeydown = (event) => {
      const sends = event.ctrlKey || event.target.matches("select"); // browsers leave Enter there to us
      if (event.key === "Escape") leave();
      else if (event.key === "Enter" && sends) {
        event.preventDefault();
        panel.requestSubmit();
      }
    };
    panel.ondrop = (event) => dropInto(event, inputs);
    panel.onpaste = (event) => dropInto(event, inputs);
    inputs[0].focus.focus();
  }

  function leave() {
    panel.hidden = true;
    panel.replaceChildren();
    at("composer").hidden = false;
    done();
  }

  return { open: picker.open, close: () => panel.hidden || leave() };
}

function row({ option, node }) {
  const name = make("span", { class: "option-name" }, option.label, option.required ? make("span", { class: "needed", "aria-hidden": "true" }, " *") : null);
  return make("label", { class: "option", title: option.description }, name, node, make("small", {}, option.description));
}

// A picture dropped or pasted onto the form goes to the first empty attachment option.
function dropInto(event, inputs) {
  const { files } = event.dataTransfer || event.clipboardData;
  const empty = inputs.find((one) => one.option.type === ATTACHMENT && !one.focus.files.length);
  if (!files.length || !empty) return;
  event.preventDefault();
  event.stopPropagation();
  const held = new DataTransfer();
  held.items.add(files[0]);
  empty.focus.files = held.files;
  empty.focus.dispatchEvent(new Event("change"));
}

function collect(inputs) {
  const [options, files] = [{}, {}];
  for (const { option, focus, value } of inputs) {
    if (option.type === ATTACHMENT) {
      if (focus.files.length) files[option.name] = focus.files[0];
    } else if (value() !== "") options[option.name] = value();
  }
  return { options, files };
}

function input(option, command, collected) {
  const required = Boolean(option.required);
  if (option.type === ATTACHMENT) return upload(required);
  const choices = choicesOf(option);
  if (choices) {
    const items = choices.map((choice, index) => make("option", { value: String(index) }, choice.name));
    const node = make("select", { required }, make("option", { value: "" }, "—"), items);
    return { node, focus: node, value: () => (node.value === "" ? "" : choices[Number(node.value)].value) };
  }
  const isNumber = option.type === INTEGER || option.type === NUMBER;
  const bounds = isNumber ? { min: option.min_value, max: option.max_value, step: option.type === INTEGER ? 1 : "any" } : { minlength: option.min_length, maxlength: option.max_length };
  const field = make("input", { type: isNumber ? "number" : "text", required, ...bounds });
  if (option.autocomplete) return completed(field, option, command, collected);
  return { node: field, focus: field, value: () => (isNumber && field.value !== "" ? Number(field.value) : field.value) };
}

function upload(required) {
  const field = make("input", { type: "file", required });
  const preview = make("img", { alt: "", hidden: true });
  field.addEventListener("change", () => {
    URL.revokeObjectURL(preview.src);
    const [file] = field.files;
    preview.hidden = !file || !file.type.startsWith("image/");
    if (!preview.hidden) preview.src = URL.createObjectURL(file);
  });
  return { node: make("span", { class: "upload" }, preview, field), focus: field, value: () => "" };
}

function choicesOf(option) {
  const entity = (one) => ({ name: one.name, value: { id: one.id } });
  const people = () => peopleHere().map(entity);
  const roles = () => rolesHere().map(entity);
  const fits = (one) => !option.channel_types || option.channel_types.includes(one.type);
  if (option.choices) return option.choices;
  if (option.type === BOOLEAN) return [{ name: "True", value: true }, { name: "False", value: false }];
  if (option.type === USER) return people();
  if (option.type === ROLE) return roles();
  if (option.type === MENTIONABLE) return [...people(), ...roles()];
  return option.type === CHANNEL ? channelsHere().filter(fits).map((one) => ({ ...entity(one), name: `#${one.name}` })) : null;
}

// Suggestions come from the bot; what is shown is a choice's name, what is sent is its value.
function completed(field, option, command, collected) {
  const list = make("div", { class: "suggested" });
  let picked = null;
  let timer = 0;
  const suggest = async (typed) => {
    clearTimeout(timer);
    await new Promise((resolve) => (timer = setTimeout(resolve, PAUSE_MS)));
    const question = { channel: world.channel.id, name: command.name, option: option.name, typed, options: collected().options };
    const found = await act("autocomplete", question).catch(() => ({ choices: [] }));
    return found.choices.map((choice) => ({ label: choice.name, value: choice.value }));
  };
  const { open } = suggestions(field, list, option.label, suggest, (item) => {
    picked = item;
    field.value = item.label;
  });
  field.addEventListener("input", () => (picked = null));
  field.addEventListener("focus", () => picked || open());
  const typed = () => (option.type === INTEGER || option.type === NUMBER ? Number(field.value) : field.value);
  return { node: make("span", { class: "complete" }, field, list), focus: field, value: () => (picked ? picked.value : field.value && typed()) };
}
