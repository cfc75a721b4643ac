// What a person sets for themselves: how the page looks, their language, the app on their account.

import { act } from "/static/api.js";
import { closeDialog, openDialog } from "/static/dialog.js";
import { make } from "/static/dom.js";
import { world } from "/static/world.js";

const LANGUAGES = ["en-US", "en-GB", "ja", "de", "es-ES", "es-419", "fr", "pt-BR", "it", "pl", "ko", "zh-CN"];
const THEMES = { system: "Like the system", light: "Light", dark: "Dark" };

export function applyTheme(theme = localStorage.getItem("theme") || "system") {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function openSettings(attempt) {
  const chosen = localStorage.getItem("theme") || "system";
  const themes = Object.entries(THEMES).map(([value, name]) => {
    const pick = () => {
      localStorage.setItem("theme", value);
      applyTheme(value);
    };
    return make("label", { class: "tick" }, make("input", { type: "radio", name: "theme", value, checked: value === chosen, onchange: pick }), name);
  });
  const names = new Intl.DisplayNames(undefined, { type: "language" });
  const locale = make("select", {}, LANGUAGES.map((one) => make("option", { value: one, selected: one === world.me.locale }, names.of(one))));
  locale.addEventListener("change", () => change({ locale: locale.value }));
  const change = async (what) => {
    const fresh = await attempt(() => act("me", what));
    if (fresh) Object.assign(world.me, fresh);
  };
  const tick = (name, text) => make("label", { class: "tick" }, make("input", { type: "checkbox", checked: world.me[name], onchange: (event) => change({ [name]: event.target.checked }) }), text);
  openDialog(
    "Settings",
    make("fieldset", {}, make("legend", {}, "Appearance"), themes),
    make("fieldset", {}, make("legend", {}, `${world.me.name}'s account`), make("label", { class: "field-row" }, make("span", {}, "Language that the bot is told"), locale), tick("installed", `${world.bot.name} is added to my account: its commands work everywhere I am`), tick("accepts_dms", `${world.bot.name} may send me direct messages`)),
    make("div", { class: "buttons" }, make("button", { type: "button", class: "primary", onclick: closeDialog }, "Done")),
  );
}
