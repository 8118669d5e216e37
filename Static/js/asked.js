// "Has this been asked?": while a question or a proposal is typed, what may serve it. The markup is asked_before.mustache, or
//   <section data-asked="/api/v1/search?in=proposals" data-asked-field="text" data-asked-to="/proposals/" hidden><ul></ul></section>
// Without scripts the server shows a question's once it is sent; without network the section stays hidden, and it is sent all the same.

const PAUSE = 400;
const ENOUGH = 8;
// Below this the words have little to do with each other; /api/v1/asked has sorted that out itself.
const LIKELY = 0.45;

function start(section) {
  const field = document.querySelector(`[name="${section.dataset.askedField}"]`);
  if (!field) return;
  let timer;
  let running;

  async function look() {
    running?.abort();
    running = new AbortController();
    const text = field.value.trim();
    if (text.length < ENOUGH) return show(section, { results: [] });
    const url = new URL(section.dataset.asked, document.baseURI);
    url.searchParams.set("q", text.slice(0, 500));
    try {
      const reply = await fetch(url, { signal: running.signal, headers: { Accept: "application/json" } });
      if (reply.ok) show(section, await reply.json());
    } catch {
      // Another letter was typed, or there is no network.
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
}

function show(section, { results: found, notice = "" }) {
  const results = found.filter(({ score = 1 }) => score >= LIKELY);
  section.hidden = results.length === 0 && !notice;
  section.querySelector("ul").replaceChildren(
    ...results.map(({ id, path, text, language }) => {
      const link = document.createElement("a");
      link.href = path ?? section.dataset.askedTo + encodeURIComponent(id);
      link.lang = language;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = text;
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
  const told = section.querySelector("[data-asked-notice]");
  if (told) [told.textContent, told.hidden] = [notice, !notice];
  // What was shown need not be shown again before the question is taken.
  const seen = section.closest("form")?.elements.namedItem("seen");
  if (seen) seen.value = section.hidden ? "" : "1";
}

for (const section of document.querySelectorAll("[data-asked]")) start(section);
