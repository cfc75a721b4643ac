// Talking to the sandbox. Changes are multipart: a JSON payload, and files by option name.

export const me = { id: localStorage.getItem("person") || "" };

async function answer(response) {
  const body = await response.json().catch(() => ({ error: `The sandbox answered ${response.status}.` }));
  if (!response.ok) throw new Error(body.error || "It did not work.");
  return body;
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The sandbox cannot be reached. Is it still running?");
  }
  return answer(response);
}

export function read(path, query = {}) {
  return ask(`/page/${path}?${new URLSearchParams({ user: me.id, ...query })}`);
}

export function act(path, payload, files = {}) {
  const form = new FormData();
  form.append("payload", JSON.stringify({ user: me.id, ...payload }));
  for (const [name, given] of Object.entries(files)) {
    for (const file of [given].flat()) form.append(name, file, file.name);
  }
  const headers = { "X-Sandbox-Page": "1" };
  return ask(`/page/${path}`, { method: "POST", body: form, headers });
}

// Live events of this person. The stream comes back by itself; what happened until `onOpen` was missed.
export function listen(onEvent, onOpen, onLost) {
  const source = new EventSource(`/page/events?user=${encodeURIComponent(me.id)}`);
  source.onopen = onOpen;
  source.onerror = onLost;
  source.onmessage = (event) => onEvent(JSON.parse(event.data));
  return () => source.close();
}
