// The speaker's window is written by reveal.js; it gets these styles too.
const openWindow = window.open;

window.open = function (...words) {
  const opened = openWindow.apply(window, words);
  if (/notes/i.test(words[1] ?? "") && opened) {
    setTimeout(() => {
      const link = opened.document.createElement("link");
      link.rel = "stylesheet";
      link.href = new URL("speaker.css", document.baseURI);
      opened.document.head.append(link);
    });
  }
  return opened;
};
