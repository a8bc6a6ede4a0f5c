// What was typed and not sent stays on this machine, apart for each user and each ticket.

const user = document.body.dataset.user;
const WEEK = 7 * 24 * 3600 * 1000;
const keyOf = (field) => `draft:${user}:${field.dataset.draft}`;

function restore(root) {
  for (const field of root.querySelectorAll("[data-draft]")) {
    const draft = read(keyOf(field));
    if (draft && !field.value) field.value = draft.text;
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function keep(field) {
  try {
    if (field.value.trim()) localStorage.setItem(keyOf(field), JSON.stringify({ text: field.value, at: Date.now() }));
    else localStorage.removeItem(keyOf(field));
  } catch {
    // Full or forbidden: typing goes on without a net.
  }
}

function forgetOld() {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith("draft:"))) {
    const draft = read(key);
    if (!draft || Date.now() - draft.at > WEEK) localStorage.removeItem(key);
  }
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-draft]")) keep(event.target);
});
// The server says which draft arrived; only then it is forgotten.
function forgetSent(root) {
  for (const sent of root.querySelectorAll("[data-sent]")) {
    localStorage.removeItem(`draft:${user}:${sent.dataset.sent}`);
  }
}
document.addEventListener("htmx:afterSettle", () => {
  forgetSent(document);
  restore(document);
});
forgetOld();
forgetSent(document);
restore(document);
