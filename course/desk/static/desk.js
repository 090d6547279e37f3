// What a page of the desk does by itself: it shows the news of each save and
// the next hint, goes on to the next page, and copies a change as the code that
// it makes.

const live = (root) => root.querySelectorAll("[data-live]");
const things = (part) => [...part.querySelectorAll("a, button, summary")];

function put(part, html) {
  const at = things(part).indexOf(document.activeElement);
  part.innerHTML = html;
  things(part)[at]?.focus({ preventScroll: true });
}

async function show() {
  const answer = await fetch(location.pathname);
  const text = await answer.text();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const part of live(fresh)) {
    const old = document.getElementById(part.id);
    if (old.innerHTML !== part.innerHTML) put(old, part.innerHTML);
  }
  const [before, next] = [document.body.dataset.next, fresh.body.dataset.next];
  document.body.dataset.next = next;
  if (next !== before && location.pathname === before.split("#")[0]) {
    location.assign(next);
  }
}

async function hint(event) {
  const form = event.target.closest("#hints form");
  if (!form) return;
  event.preventDefault();
  await fetch(form.action, { method: "POST", body: new FormData(form) });
  await show();
}

function copyable(figure) {
  const button = document.createElement("button");
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    const code = figure.querySelector("pre").cloneNode(true);
    const left = code.querySelectorAll(".removed, .sign, .place");
    for (const part of left) part.remove();
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  });
  figure.querySelector("figcaption").append(button);
}

for (const figure of document.querySelectorAll("figure.diff:has(pre)")) {
  copyable(figure);
}
document.addEventListener("submit", hint);
const news = new EventSource(document.body.dataset.news);
news.addEventListener("message", show);
