"""What stands where in the document of a page; one with its data within, or an empty one."""

import base64
from html import escape

from glassformer.catalogue import Language, phrase
from glassformer.drawing.html.bundle import as_json, script, style
from glassformer.drawing.html.page import Page
from glassformer.drawing.html.words import words
from glassformer.drawing.paper import Theme
from glassformer.views import PageData, printable

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; form-action 'none'; base-uri 'none'"
)
"""A file asks nobody for anything."""


def page_of(
    data: PageData, *, static: str = "", language: Language = "en", theme: Theme = "auto"
) -> Page:
    """The document with all of its data within.

    `static` is a picture, as SVG, that stands for it where no page can be shown.
    """
    text = data.manifest["passes"][0]["source"]["text"]
    blocks = "".join(
        f'<script type="application/octet-stream" data-block="{escape(name)}">'
        f"{base64.b64encode(data.block(name)).decode()}</script>\n"
        for name in data.makers
    )
    manifest = f'<script type="application/json" id="glassformer-page">{as_json(data.manifest)}'
    page = Page(
        _document(
            title=printable(text),
            language=language,
            theme=theme,
            home="file",
            head=f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
            f"<style>\n{style()}</style>\n",
            body=f"{_words()}{manifest}</script>\n{blocks}"
            f'<script type="module">\n{script()}</script>\n',
        )
    )
    page.about = printable(text)
    page.static = static
    return page


def shell(*, language: Language = "en", theme: Theme = "auto", assets: str = "assets") -> str:
    """The document of a server: script and style are files below `assets`, data is asked for."""
    return _document(
        title="Glassformer",
        language=language,
        theme=theme,
        home="serve",
        head=f'<link rel="stylesheet" href="{escape(assets)}/page.css">\n',
        body=f'{_words()}<script type="module" src="{escape(assets)}/page.js"></script>\n',
    )


def picture_page(svg: str, title: str, *, language: Language, theme: Theme) -> Page:
    """The document of one picture: the SVG as it is, and no script."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    page = Page(
        f'<!doctype html>\n<html lang="{_tag(language)}" data-theme="{theme}">\n<head>\n'
        f'<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        f"<style>html{{color-scheme:{_scheme(theme)}}}"
        "svg{max-width:100%;height:auto}</style>\n</head>\n"
        f"<body>\n<main>\n{svg}</main>\n</body>\n</html>\n"
    )
    page.about, page.static = title, svg  # no frame is needed to see it
    return page


def _scheme(theme: Theme) -> str:
    return "light dark" if theme == "auto" else theme


def _tag(language: Language) -> str:
    return "zh-Hans" if language == "zh" else "en"


def _words() -> str:
    return f'<script type="application/json" id="glassformer-words">{as_json(words())}</script>\n'


def _document(
    *, title: str, language: Language, theme: Theme, home: str, head: str, body: str
) -> str:
    # Nothing takes the place of this sentence where scripts are off, or the file was cut off.
    nothing = phrase(
        "Nothing is shown here when scripts are switched off, or when the file is incomplete.",
        language,
    )
    return (
        f'<!doctype html>\n<html lang="{_tag(language)}" data-theme="{theme}">\n<head>\n'
        f'<meta charset="utf-8">\n{head}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n"
        f'<div id="glassformer" data-home="{home}"><main><h1>Glassformer</h1>'
        f'<p class="unfinished">{escape(nothing)}</p></main></div>\n{body}</body>\n</html>\n'
    )
