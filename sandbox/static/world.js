// What the page knows: who you are, the places you see, who is there, and where you are.

import { me, read } from "/static/api.js";

export const world = {
  me: null,
  people: [],
  places: [],
  names: {},
  channels: {},
  roles: {},
  bot: null,
  channel: null,
  unread: new Set(),
};

export async function refresh() {
  const seen = await read("overview");
  me.id = seen.me.id;
  Object.assign(world, seen);
  return seen;
}

export const everyChannel = () => world.places.flatMap((place) => place.channels);
export const placeOf = (channel) => world.places.find((place) => place.channels.includes(channel));

// People who may be chosen or mentioned where you are.
export function peopleHere() {
  const place = placeOf(world.channel);
  return (place && place.members) || world.channel.people;
}

export const rolesHere = () => (placeOf(world.channel) || {}).roles || [];
export const channelsHere = () => (placeOf(world.channel) || { channels: [] }).channels;
