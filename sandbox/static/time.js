// Moments as people read them, in the browser's language and time zone.

import { make } from "/static/dom.js";

const format = (options) => {
  const made = new Intl.DateTimeFormat(undefined, options);
  return (moment) => made.format(moment);
};

export const clock = format({ hour: "2-digit", minute: "2-digit" });
export const day = format({ year: "numeric", month: "long", day: "numeric" });
export const full = format({ dateStyle: "full", timeStyle: "short" });

// The seven styles of Discord's timestamps (Reference, "Timestamp Styles").
const STYLES = {
  t: clock,
  T: format({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  d: format({ year: "numeric", month: "2-digit", day: "2-digit" }),
  D: day,
  f: format({ dateStyle: "long", timeStyle: "short" }),
  F: full,
};

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function distance(moment) {
  const seconds = Math.round((moment - Date.now()) / 1000);
  const [unit, size] = UNITS.find(([, many]) => Math.abs(seconds) >= many) || ["second", 1];
  return relative.format(Math.trunc(seconds / size), unit);
}

export function sameDay(a, b) {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

export function said(timestamp) {
  const moment = new Date(timestamp);
  const text = sameDay(moment, new Date()) ? clock(moment) : `${STYLES.d(moment)} ${clock(moment)}`;
  return make("time", { datetime: timestamp, title: full(moment) }, text);
}

// `<t:seconds:style>`; the relative style counts on.
export function stamp(seconds, style = "f") {
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return make("span", {}, `<t:${seconds}>`);
  const shown = make("time", { class: "stamp", datetime: moment.toISOString(), title: full(moment) });
  if (style !== "R") {
    shown.textContent = (STYLES[style] || STYLES.f)(moment);
    return shown;
  }
  const write = () => (shown.textContent = distance(moment));
  write();
  const timer = setInterval(() => {
    if (shown.isConnected) write();
    else clearInterval(timer);
  }, 1000);
  return shown;
}
