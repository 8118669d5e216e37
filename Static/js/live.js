// Keeps a board fresh. The page says where to listen and what to fetch:
//   <body data-live="/live/…" data-live-fragment="/board/…?fragment=1">
// Any message on the stream means "something changed": the fragment is fetched and every element with
// [data-live-part] and an id is replaced by its namesake when they differ. Focus and opened details are kept.

const { live: stream, liveFragment: fragment } = document.body.dataset;
const pause = 400; // ms: many messages in a burst cost one fetch
const markTime = 2600; // ms a changed part carries its mark

let waiting = 0;
let fetching = false;
let again = false;

function keepOpen(old, fresh) {
  const opened = [...old.querySelectorAll("details[open]")].map((part) => part.id).filter(Boolean);
  for (const id of opened) fresh.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
}

/** A path of child positions, so that focus can return to the same link of the new part. */
function pathTo(element, root) {
  const path = [];
  for (let at = element; at !== root; at = at.parentElement) path.unshift([...at.parentElement.children].indexOf(at));
  return path;
}

function swap(old, fresh) {
  const marked = old.classList.contains("just-changed");
  old.classList.remove("just-changed");
  keepOpen(old, fresh);
  if (old.isEqualNode(fresh)) {
    old.classList.toggle("just-changed", marked);
    return;
  }
  const focused = old.contains(document.activeElement) && document.activeElement !== old;
  // Someone is typing or choosing inside: leave the part alone, the next message will bring it.
  if (focused && document.activeElement.matches("input, select, textarea")) return;
  const path = focused ? pathTo(document.activeElement, old) : null;
  const part = document.importNode(fresh, true);
  old.replaceWith(part);
  path?.reduce((at, index) => at?.children[index], part)?.focus({ preventScroll: true });
  part.classList.add("just-changed");
  setTimeout(() => part.classList.remove("just-changed"), markTime);
}

async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    const answer = await fetch(fragment, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of document.querySelectorAll("[data-live-part][id]")) {
      const fresh = page.getElementById(old.id);
      if (fresh) swap(old, fresh);
    }
  } catch {
    // The network is away: what is shown stays, with its as-of line; the stream reconnects by itself.
  } finally {
    fetching = false;
    if (again) {
      again = false;
      soon();
    }
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, pause);
}

if (stream && fragment && "EventSource" in window) {
  const source = new EventSource(stream);
  const state = (name) => {
    document.body.dataset.liveState = name;
  };
  source.addEventListener("open", () => state("open"));
  source.addEventListener("error", () => state(source.readyState === EventSource.CLOSED ? "closed" : "waiting"));
  source.addEventListener("message", soon);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) soon();
  });
  addEventListener("pagehide", () => source.close());
  // A page restored from the browser's memory has a closed source: load it anew.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
