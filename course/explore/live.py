"""Controls to move, and what comes of it; a still where nothing runs."""

import ipywidgets

WIDE = {"description_width": "initial"}  # a label is never cut off
FRAME = '<div class="jp-RenderedHTMLCommon">{}</div>'  # Lab's own styles


class Live:
    """Controls of ipywidgets, and what `draw` makes of their values.

    `draw(**values)` returns what is shown: a table, a picture. With a
    `button`, it is drawn anew only when that is pressed. What is drawn first
    stays in the notebook, for readers who run nothing.
    """

    def __init__(self, draw, button=None, **controls):
        self.draw, self.controls = draw, controls
        self.drawn = draw(**self.values())
        self.place = ipywidgets.HTML(self.html())
        self.button = ipywidgets.Button(description=button or "Again")
        self.button.on_click(self.show)
        boxes = list(controls.values())
        if button:
            boxes.append(self.button)
        else:
            for control in boxes:
                control.observe(self.show, "value")
        self.widget = ipywidgets.VBox([*boxes, self.place])

    def values(self):
        return {name: each.value for name, each in self.controls.items()}

    def show(self, change=None):
        self.drawn = self.draw(**self.values())
        self.place.value = self.html()

    def html(self):
        return FRAME.format(self.drawn._repr_html_())

    def _repr_mimebundle_(self, include=None, exclude=None):
        still = {"text/plain": repr(self.drawn)}
        still["text/html"] = self.drawn._repr_html_()
        return self.widget._repr_mimebundle_() | still
