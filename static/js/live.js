// What others do shows at once: hints over a socket, and what is new from the ordinary pages.
// Without the socket the page asks every twenty seconds.

const body = document.body;
const POLL = 20_000;
const HEARTBEAT = 10_000;
const FORGOTTEN = 25_000;
const WRITING = 4_000;

let socket = null;
let tries = 0;
let wroteAt = 0;
let said = "";
const others = new Map();

const ticket = () => document.getElementById("ticket");
const shownTicket = () => Number(ticket()?.dataset.ticket) || null;
const fields = () => [...document.querySelectorAll(".composer textarea")];
const isTyping = () => fields().some((field) => field.value.trim());

function connect() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/`);
  socket.addEventListener("open", () => {
    const again = tries > 0;
    tries = 0;
    body.dataset.live = "1";
    tellWhere(true);
    if (again) refresh(null);
  });
  socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  socket.addEventListener("close", (event) => {
    socket = null;
    delete body.dataset.live;
    others.clear();
    showOthers();
    // Signed out: nothing to hear until the page is loaded again.
    if (event.code === 4401) return;
    tries += 1;
    const soon = event.code === 4000 ? 0 : Math.min(30_000, 500 * 2 ** tries);
    setTimeout(connect, soon * (0.5 + Math.random()));
  });
}

function hear(told) {
  if (told.changed) return refresh(told.changed);
  if (told.ticket !== shownTicket()) return;
  if (told.state === "gone") others.delete(told.user);
  else others.set(told.user, { name: told.name, state: told.state, at: Date.now() });
  showOthers();
}

// Where this agent is

function tellWhere(always) {
  const state = Date.now() - wroteAt < WRITING ? "writing" : "looking";
  const now = JSON.stringify({ on: shownTicket(), state });
  if (socket?.readyState !== WebSocket.OPEN || (!always && now === said)) return;
  said = now;
  socket.send(now);
}

function showOthers() {
  const place = document.getElementById("presence");
  if (!place) return;
  for (const [user, other] of others) if (Date.now() - other.at > FORGOTTEN) others.delete(user);
  const chips = [...others.values()].map(({ name, state }) => {
    const chip = document.createElement("span");
    chip.className = `chip ${state === "writing" ? "warning" : ""}`;
    chip.textContent = place.dataset[state].replace("{name}", name);
    return chip;
  });
  if (chips.map((chip) => chip.textContent).join() !== [...place.children].map((chip) => chip.textContent).join()) {
    place.replaceChildren(...chips);
  }
}

document.addEventListener("input", (event) => {
  if (!event.target.matches(".composer textarea")) return;
  wroteAt = Date.now();
  tellWhere(false);
});
setInterval(() => tellWhere(true), HEARTBEAT);
setInterval(() => { tellWhere(false); showOthers(); }, 2_000);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.id !== "ticket") return;
  const other = JSON.parse(said || "{}").on !== shownTicket();
  if (other) others.clear();
  tellWhere(false);
  showOthers();
});

// What is new

let asked = 0;
let waiting = false;
// At most one round of questions a second, whatever happens.
function refresh(changed) {
  const mine = changed?.find(([number]) => number === shownTicket());
  if (!changed || (mine && mine[1] > seenVersion())) refreshTicket();
  if (waiting) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    asked = Date.now();
    body.dispatchEvent(new Event("ticket-changed"));
    refreshRows();
  }, Math.max(0, 1_000 - (Date.now() - asked)));
}

// The list keeps its place and its focus. Pages that were added below stay: then only a button says
// that there is news.
async function refreshRows() {
  const main = document.querySelector("[data-live-list]");
  if (!main) return;
  const rows = document.getElementById("rows");
  if (rows && rows.querySelectorAll(".row").length > Number(main.dataset.liveList)) {
    document.getElementById("news").hidden = false;
    return;
  }
  const fresh = await fetchPage(location.href, "#main");
  if (!fresh) return;
  const focused = document.activeElement?.closest?.(".row")?.dataset.id;
  main.replaceChildren(...fresh.childNodes);
  window.htmx.process(main);
  if (focused) main.querySelector(`.row[data-id="${focused}"] a`)?.focus({ preventScroll: true });
}

const seenVersion = () => Number(document.querySelector(".for-reply [name=seen], #take [name=seen]")?.value) || 0;

async function refreshTicket() {
  const number = shownTicket();
  if (!number) return;
  const fresh = await fetchPage(`/tickets/${number}/`, "#ticket");
  if (!fresh || shownTicket() !== number) return;
  const version = fresh.querySelector("#take [name=seen]")?.value;
  if (!version || Number(version) <= seenVersion()) return;
  const scroller = ticket().querySelector(".timeline-scroll");
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
  const parts = [".timeline-scroll", ".ticket-notices"];
  if (!ticket().querySelector(".ticket-head details[open]")) parts.push(".ticket-tools");
  for (const part of parts) replacePart(part, fresh);
  if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  for (const seen of ticket().querySelectorAll(".ticket-head [name=seen]")) seen.value = version;
  if (!isTyping()) readUpTo(version);
  else {
    const notice = document.getElementById("arrived");
    notice.dataset.version = version;
    notice.hidden = false;
  }
}

function replacePart(part, fresh) {
  const now = ticket().querySelector(part);
  const then = fresh.querySelector(part);
  if (!now || !then) return;
  now.replaceChildren(...then.childNodes);
  window.htmx.process(now);
}

function readUpTo(version) {
  for (const seen of document.querySelectorAll(".composer [name=seen]")) seen.value = version;
}

async function fetchPage(address, part) {
  try {
    const answer = await fetch(address, { headers: { "X-Live": "1" }, redirect: "error" });
    if (!answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(part);
  } catch {
    return null;
  }
}

document.addEventListener("click", (event) => {
  const read = event.target.closest("[data-arrived-read]");
  if (read) {
    const notice = document.getElementById("arrived");
    readUpTo(notice.dataset.version);
    notice.hidden = true;
  }
  if (event.target.closest("#news")) location.reload();
});

setInterval(() => {
  if (!socket && !document.hidden) refresh(null);
}, POLL);
addEventListener("pagehide", () => socket?.close(1000));
addEventListener("pageshow", (event) => {
  if (event.persisted && !socket) connect();
});
connect();
