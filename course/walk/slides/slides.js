// The code of a block has the largest letters that fit on all of its slides:
// no machine's fonts are like another's.
const LETTERS = ["34px", "29px", "24px"];

function fits(section) {
  const foot = 720 - section.querySelector("footer").offsetHeight - 12;
  const last = section.querySelector("figure:last-child");
  const lines = [...section.querySelectorAll(".line")];
  return last.offsetTop + last.offsetHeight <= foot
    && lines.every((line) => line.scrollWidth <= line.clientWidth);
}

function setLetters(block) {
  for (const size of LETTERS) {
    block.forEach((slide) => slide.style.setProperty("--letters", size));
    if (block.every(fits)) return;
  }
}

const blocks = {};
for (const slide of document.querySelectorAll("section.code")) {
  (blocks[slide.dataset.autoAnimateId] ??= []).push(slide);
}
const reveal = document.querySelector(".reveal");
reveal.classList.add("measured");
Object.values(blocks).forEach(setLetters);
reveal.classList.remove("measured");

Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  center: false,
  hash: true,
  navigationMode: "linear",
  slideNumber: "c/t",
  transition: "fade",
  transitionSpeed: "fast",
  autoAnimateDuration: 0.8,
  pdfMaxPagesPerSlide: 1,
  pdfSeparateFragments: false,
  plugins: [RevealNotes],
});

// A clicker's keys work while the program on the slide has the focus, and
// Escape gives the focus back to the slides.
const moves = {
  PageDown: () => Reveal.next(),
  PageUp: () => Reveal.prev(),
  Escape: () => window.focus(),
};

function listen(event) {
  const move = moves[event.key];
  if (move) {
    event.preventDefault();
    document.activeElement.blur();
    move();
  }
}

for (const frame of document.querySelectorAll(".program iframe")) {
  frame.addEventListener("load", () => {
    frame.contentWindow.addEventListener("keydown", listen);
  });
}
