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
