"""A page in a notebook's cell: in a frame of its own, with a picture behind it."""

import base64
from html import escape

HEIGHT = 760
"""Of the frame, in pixels: most of a laptop's screen."""
BORDER = "box-sizing:border-box;border:1px solid #8885;border-radius:6px"
"""Says where the page ends and the notebook goes on, on paper of any colour."""


def in_cell(document: str, svg: str, title: str) -> str:
    """HTML for the output of a cell: `document` in a frame, `svg` where no frame is shown.

    Notebooks take frames out of what the reader does not trust, but leave images in. Both stand
    in one cell of a grid, the frame in front: the picture is seen exactly where there is no frame.

    The frame is a sandbox. Its scripts run with an origin of their own and reach nothing of the
    notebook, so that two pages in one notebook never meet.
    """
    # Without it, "#layer" in a frame would be a place in the notebook's own address.
    document = document.replace("<head>", '<head><base href="about:srcdoc">', 1)
    label, layered = escape(title), f"grid-area:1/1;max-width:100%;max-height:{HEIGHT}px"
    picture = ""
    if svg:
        data = base64.b64encode(svg.encode()).decode()
        picture = f'<img alt="{label}" style="{layered}" src="data:image/svg+xml;base64,{data}">'
    return (
        f'<div style="display:grid">{picture}'
        f'<iframe title="{label}" style="{layered};width:100%;height:{HEIGHT}px;{BORDER}" '
        f'sandbox="allow-scripts allow-downloads" srcdoc="{escape(document)}"></iframe></div>'
    )
