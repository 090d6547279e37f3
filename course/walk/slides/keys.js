// G goes to a step, W shows the whole file, M shows more or less, D is dark.

function goTo(typed) {
  const to = typed.trim().toLowerCase();
  const step = document.getElementById(`step-${to.replace(".", "-")}`);
  const slides = Reveal.getSlides();
  const found = step
    ?? (/^\d+$/.test(to) ? slides[to - 1] : null)
    ?? slides.find((slide) => to
      && slide.querySelector(".slide").textContent.toLowerCase().includes(to));
  if (!found) return;
  const { h, v } = Reveal.getIndices(found);
  Reveal.slide(h, v, -1);
}

function askWhere() {
  const dialog = document.querySelector("dialog.jump");
  const { to } = dialog.querySelector("form").elements;
  to.value = "";
  dialog.onclose = () => goTo(to.value);
  dialog.oncancel = () => { to.value = ""; };
  dialog.showModal();
}

function showWhole(figure) {
  const dialog = document.querySelector("dialog.whole");
  const file = document.querySelector(
    `template[data-file="${figure.dataset.file}"]`);
  dialog.querySelector("header").textContent = file.dataset.path;
  dialog.querySelector("pre").replaceWith(file.content.cloneNode(true));
  const lines = [...dialog.querySelectorAll(".line")];
  const isBefore = !figure.querySelector(".added");
  const changed = [...figure.querySelectorAll(isBefore ? ".removed" : ".added")]
    .map((line) => lines[line.dataset.number - 1]);
  changed.forEach((line) => line?.classList.add(isBefore ? "removed" : "added"));
  if (!dialog.open) dialog.showModal();
  changed[Math.floor(changed.length / 2)]?.scrollIntoView({ block: "center" });
}

function largestFigure() {
  const size = (figure) =>
    figure.querySelectorAll(".added, .removed").length;
  return [...Reveal.getCurrentSlide().querySelectorAll("[data-file]")]
    .sort((a, b) => size(b) - size(a))[0];
}

function moreOrLess() {
  const first = Reveal.getCurrentSlide().parentElement.querySelector("[id]");
  const search = new URLSearchParams(location.search);
  if (search.has("short")) search.delete("short");
  else search.set("short", "");
  location.href = `?${search}#/${first.id}`;
}

function lightOrDark() {
  const { classList } = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)").matches;
  const isDark = !(classList.contains("dark")
    || system && !classList.contains("light"));
  classList.toggle("dark", isDark);
  classList.toggle("light", !isDark);
  for (const picture of document.querySelectorAll("picture source")) {
    picture.media = isDark ? "all" : "not all";
  }
}

const moves = {
  PageDown: () => Reveal.next(),
  PageUp: () => Reveal.prev(),
  Escape: () => window.focus(),
};

// A clicker's keys work while the program on the slide has the focus, and
// Escape gives the focus back to the slides.
function listen(event) {
  const move = moves[event.key];
  if (move) {
    event.preventDefault();
    document.activeElement.blur();
    move();
  }
}

function bind(key, description, call) {
  const keyCode = key.length === 1 ? key.charCodeAt(0) : { End: 35, Home: 36 }[key];
  Reveal.addKeyBinding({ keyCode, key, description }, call);
}

function bindKeys() {
  bind("G", "Go to a step: 2.3", askWhere);
  bind("W", "The whole file, and back", () => {
    const figure = largestFigure();
    if (figure) showWhole(figure);
  });
  bind("M", "More slides, or fewer", moreOrLess);
  bind("D", "Dark, or light", lightOrDark);
  bind("Home", "First slide", () => Reveal.slide(0, 0));
  bind("End", "Last slide", () => {
    const { h, v } = Reveal.getIndices(Reveal.getSlides().at(-1));
    Reveal.slide(h, v);
  });
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
  }
  const whole = document.querySelector("dialog.whole");
  whole.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "w") whole.close();
  });
  whole.addEventListener("click", () => whole.close());
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("figcaption button");
    if (button) {
      button.blur();
      showWhole(button.closest("figure"));
    }
  });
}
