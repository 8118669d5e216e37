// Copies the text of a field. Markup:
//   <textarea id="x" readonly>…</textarea>
//   <button type="button" data-copy="x" hidden>…</button> <span role="status" data-copy-done="Copied" …></span>
// The button is hidden until this module runs: without scripts the reader selects the text by hand.

const textOf = (field) => ("value" in field ? field.value : field.textContent.trim());

async function copy(field) {
  try {
    await navigator.clipboard.writeText(textOf(field));
    return true;
  } catch {
    // No permission, or not a secure address: leave the text selected, so that one key copies it.
    if ("select" in field) {
      field.focus();
      field.select();
    }
    return false;
  }
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  const field = button && document.getElementById(button.dataset.copy);
  if (!field) return;
  const done = await copy(field);
  const status = button.parentElement.querySelector("[data-copy-done]");
  if (status) status.textContent = done ? status.dataset.copyDone : status.dataset.copySelected;
});
