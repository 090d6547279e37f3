// The program on the slide: its address, back, a tab, and the other site
// beside it. It stays as it is while other slides are shown.

const mirror = new BroadcastChannel("program");

function pathIn(view) {
  try {
    const { pathname, search, hash } = view.frame.contentWindow.location;
    if (!pathname.startsWith(`/${view.live}`)) return null;
    return pathname.slice(view.live.length + 1) + search + hash;
  } catch {
    return null; // another site, which does not say where it is
  }
}

// What was typed leads into the program, even if a whole address was typed.
function addressOf(view, typed) {
  const path = typed.trim().replace(/^https?:\/\/[^/]*/, "");
  return view.live + (path.startsWith("/") ? path : `/${path}`);
}

function visit(view, path) {
  view.frame.contentWindow.location.replace(
    new URL(addressOf(view, path), document.baseURI));
}

function back(view) {
  if (view.past.length < 2) return;
  view.past.pop();
  view.isBack = true;
  visit(view, view.past.at(-1));
}

// A page that has the cursor in its form would take the keys of the slides.
function keepKeys(view) {
  if (document.activeElement !== view.frame) return;
  view.frame.contentDocument?.activeElement?.blur();
  view.frame.blur();
  window.focus();
}

function loaded(view) {
  if (view.isNew) setTimeout(() => keepKeys(view), 100);
  view.isNew = false;
  const path = pathIn(view), { address } = view.bar.elements;
  address.value = path ?? "another site";
  if (path === null) return;
  view.frame.contentWindow.addEventListener("keydown", listen);
  view.bar.querySelector(".tab").href = addressOf(view, path);
  if (!view.isBack && view.past.at(-1) !== path) view.past.push(path);
  view.isBack = false;
  tell(view);
}

// The speaker's preview has no program of its own: it shows this page.
function tell(view) {
  if (isPreview || !view.past.length) return;
  const page = view.frame.contentDocument.documentElement.outerHTML
    .replace(/ autofocus\b/g, "");
  const { value } = view.bar.elements.address;
  mirror.postMessage({ live: view.live, address: value, page });
}

function listenToTheSpeaker(views) {
  mirror.onmessage = ({ data }) => {
    const view = views.get(data.live);
    if (!view) return;
    if (data.asks) {
      if (!isPreview) tell(view);
    } else if (isPreview) {
      view.bar.elements.address.value = data.address;
      view.frame.srcdoc = data.page;
    }
  };
}

function viewOf(see) {
  const view = { see, live: see.dataset.live, past: [] };
  view.bar = see.querySelector("form.bar");
  view.frame = see.querySelector(".window iframe");
  view.other = see.querySelector(".other");
  if (isPreview) return view;
  view.frame.addEventListener("load", () => view.frame.src && loaded(view));
  view.bar.addEventListener("submit", (event) => {
    event.preventDefault();
    visit(view, view.bar.elements.address.value);
    view.frame.focus();
  });
  view.bar.elements.back.addEventListener("click", () => back(view));
  view.bar.elements.again.addEventListener("click", () =>
    view.frame.contentWindow.location.reload());
  see.querySelectorAll("[name=attack]").forEach((button) =>
    button.addEventListener("click", () => attack(view, button.value)));
  view.other?.querySelector("[name=close]").addEventListener("click", () => {
    view.other.hidden = true;
    see.classList.remove("attacked");
  });
  return view;
}

function attack(view, address) {
  const frame = view.other.querySelector("iframe");
  if (frame.getAttribute("src") !== address) frame.src = address;
  view.other.querySelector(".tab").href = address;
  view.other.hidden = false;
  view.see.classList.add("attacked");
}

function show(view) {
  if (isPreview) mirror.postMessage({ live: view.live, asks: true });
  else if (!view.frame.src) {
    view.isNew = true;
    view.frame.src = view.live + view.see.dataset.start;
  }
}

// A link in a slide to the program leads to it, on the slide of that step.
function follow(event, views) {
  const link = event.target.closest?.("aside ~ a, .slide a");
  const address = link?.getAttribute("href") ?? "";
  const view = views.get(address.split("/").slice(0, 2).join("/"));
  if (!view || link.matches(".tab")) return;
  event.preventDefault();
  view.see.dataset.start = address.slice(view.live.length);
  if (view.frame.src) visit(view, view.see.dataset.start);
  const { h, v } = Reveal.getIndices(view.see.closest("section"));
  Reveal.slide(h, v);
}

function showPrograms() {
  const sees = [...document.querySelectorAll(".see[data-live]")];
  const views = new Map(sees.map((see) => [see.dataset.live, viewOf(see)]));
  const here = () => {
    const see = Reveal.getCurrentSlide()?.querySelector(".see[data-live]");
    if (see) show(views.get(see.dataset.live));
  };
  listenToTheSpeaker(views);
  document.addEventListener("click", (event) => follow(event, views));
  Reveal.on("slidechanged", here);
  here();
}
