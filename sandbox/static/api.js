// Talking to the sandbox. Changes are multipart: a JSON payload, and files by option name.

export const me = { id: localStorage.getItem("person") || "" };

async function answer(response) {
  const body = await response.json().catch(() => ({ error: `the sandbox answered ${response.status}` }));
  if (!response.ok) throw new Error(body.error || "it did not work");
  return body;
}

export async function read(path, query = {}) {
  const parameters = new URLSearchParams({ user: me.id, ...query });
  return answer(await fetch(`/page/${path}?${parameters}`));
}

export async function act(path, payload, files = {}) {
  const form = new FormData();
  form.append("payload", JSON.stringify({ user: me.id, ...payload }));
  for (const [name, given] of Object.entries(files)) {
    for (const file of [].concat(given)) form.append(name, file, file.name);
  }
  const headers = { "X-Sandbox-Page": "1" };
  return answer(await fetch(`/page/${path}`, { method: "POST", body: form, headers }));
}

// Live events of this person. It comes back by itself; what happened until `onOpen` was missed.
export function listen(onEvent, onOpen) {
  const source = new EventSource(`/page/events?user=${encodeURIComponent(me.id)}`);
  source.onopen = onOpen;
  source.onmessage = (event) => onEvent(JSON.parse(event.data));
  return () => source.close();
}
