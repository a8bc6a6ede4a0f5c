// What every page of the workspace does beyond htmx. No state lives here that a reload would lose.

const body = document.body;

// Menus close by a click elsewhere and by Escape; only one is open at a time.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (menu.matches?.("details.menu") && menu.open) {
    menu.querySelector("[autofocus], .menu-items input, .menu-items select")?.focus();
  }
}, true);

// Passing messages go away by themselves, errors stay until they are clicked.
function tend(toasts) {
  for (const toast of toasts.querySelectorAll("[data-toast]")) {
    toast.addEventListener("click", () => toast.remove());
    if (!toast.matches(".error, .warning")) setTimeout(() => toast.remove(), 5000);
  }
}
function tell(words) {
  const toasts = document.getElementById("toasts");
  const toast = document.createElement("div");
  toast.className = "banner error";
  toast.dataset.toast = "";
  toast.textContent = words;
  toasts.replaceChildren(toast);
  tend(toasts);
}
document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.id === "toasts") tend(document.getElementById("toasts"));
});
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    // Numbers that could not be refreshed are no news; the next round tries again.
    if (event.detail.elt.id !== "views") tell(body.dataset.failed);
  });
}

// The counts beside the views survive a change of page, so that nothing blinks.
const COUNTS = `counts:${body.dataset.user}`;
const views = document.getElementById("views");
const kept = JSON.parse(sessionStorage.getItem(COUNTS) || "{}");
for (const count of views?.querySelectorAll(".count") ?? []) count.textContent = kept[count.id] ?? "";
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt !== views) return;
  const counts = [...views.querySelectorAll(".count")].map((count) => [count.id, count.textContent]);
  sessionStorage.setItem(COUNTS, JSON.stringify(Object.fromEntries(counts)));
});

// Whatever was done to a ticket: the counts and the list beside it are asked for again.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.requestConfig?.verb === "post") {
    body.dispatchEvent(new Event("ticket-changed"));
  }
});

// A mail is shown in a frame without scripts; its height follows its content.
function fit(frame) {
  const inside = frame.contentDocument?.documentElement;
  if (inside) frame.style.height = `${Math.min(inside.scrollHeight + 4, 4000)}px`;
}
document.addEventListener("load", (event) => {
  if (event.target.matches?.("iframe.mail-frame")) fit(event.target);
}, true);

// An address without the filters that say nothing.
document.addEventListener("submit", (event) => {
  if (!event.target.matches(".filter-form, .search")) return;
  for (const field of event.target.elements) field.disabled = field.name && !field.value;
});

// Names of the files that were chosen.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.type === "file") {
    const shown = field.closest("form").querySelector("[data-chosen-files]");
    if (shown) shown.textContent = [...field.files].map((file) => file.name).join(", ");
  }
  if (field.matches("[data-send-on-change]")) field.form.requestSubmit();
});

// On a narrow screen the page itself scrolls: it starts at the newest words.
const newest = document.querySelector(".timeline > :last-child");
if (newest && !location.hash && matchMedia("(max-width: 1039px)").matches) {
  newest.scrollIntoView({ block: "center" });
}

// The list beside the ticket marks the one that is shown.
document.addEventListener("htmx:afterSettle", (event) => {
  if (!["ticket", "list-pane"].includes(event.detail.elt.id)) return;
  const now = document.getElementById("ticket")?.dataset.ticket;
  for (const row of document.querySelectorAll("#list-pane .row")) {
    if (row.dataset.id === now) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
});
tend(document.getElementById("toasts"));
