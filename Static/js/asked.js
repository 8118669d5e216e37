// "Has this been asked?": while a question is typed, answers that may serve it. Markup:
//   <section data-asked="/api/v1/search?in=answers" data-asked-field="text" data-asked-to="/answers/" hidden><ul></ul></section>
// Without scripts or network the section stays hidden, and the question is sent all the same.

const PAUSE = 400;
const ENOUGH = 8;
// Below this the words have little to do with each other.
const LIKELY = 0.5;
const LONGEST = 160;

function start(section) {
  const field = document.querySelector(`[name="${section.dataset.askedField}"]`);
  if (!field) return;
  let timer;
  let running;

  async function look() {
    running?.abort();
    running = new AbortController();
    const text = field.value.trim();
    if (text.length < ENOUGH) return show(section, []);
    const url = new URL(section.dataset.asked, document.baseURI);
    url.searchParams.set("q", text.slice(0, 500));
    try {
      const reply = await fetch(url, { signal: running.signal, headers: { Accept: "application/json" } });
      if (reply.ok) show(section, (await reply.json()).results.filter(({ score }) => score >= LIKELY));
    } catch {
      // Another letter was typed, or there is no network.
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
}

function show(section, results) {
  section.hidden = results.length === 0;
  section.querySelector("ul").replaceChildren(
    ...results.map(({ id, text, language }) => {
      const link = document.createElement("a");
      link.href = section.dataset.askedTo + encodeURIComponent(id);
      link.lang = language;
      link.textContent = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
}

for (const section of document.querySelectorAll("[data-asked]")) start(section);
