"""What an address asks for is shown, or it is said that it cannot be; layers lead to themselves."""

import pytest
from models_for_tests import SENTENCE, loaded, translator_config
from page_for_tests import Opener, until
from playwright.sync_api import expect

from glassformer.library import page


@pytest.fixture(scope="module")
def document() -> str:
    return page(SENTENCE, model=loaded(translator_config()), to="fr")


@pytest.mark.slow
def test_what_is_not_there_is_said(page_of: Opener, document: str) -> None:
    asked = "position=99&after_layer=9&at_step=3&tensor=encoder&explain=encoder&at=&special=false"
    said = page_of(document, query=f"{asked}#100%").locator(".opening .problem")
    unknown = "These settings in the address are unknown and were left out: tensor, at"
    expect(said.nth(0)).to_have_text(unknown)
    expect(said.nth(1)).to_contain_text("were left out: position, after_layer, at_step, explain")


@pytest.mark.slow
def test_a_layer_of_the_decoder_leads_to_itself(page_of: Opener, document: str) -> None:
    opened = page_of(document, width=1400)
    shown = opened.locator("#decoder .decoder-layer summary")
    opened.locator(".stack[data-side=decoder] .closed").last.click()
    expect(shown).to_contain_text("Decoder layer 2")
    for setting in ("part=cross", "layer=2"):
        until(opened, f"location.search.includes('{setting}')")
    opened.locator(".stack[data-side=encoder] .closed").last.click()
    expect(opened.locator("#layer [aria-label='Layer 3 of 3']")).to_have_attribute(
        "aria-checked", "true"
    )
    expect(shown).to_contain_text("Decoder layer 1")
