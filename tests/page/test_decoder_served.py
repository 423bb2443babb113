"""On a server: another candidate is chosen, and the sentence goes on as the model translates it."""

import pytest
from models_for_tests import SENTENCE, loaded, translator_config
from page_for_tests import Opener
from playwright.sync_api import Route, expect
from server_for_tests import serving

ADDRESS = "http://127.0.0.1:8017/"
TOKENS = "pieces => pieces.map(one => one.textContent)"


@pytest.mark.slow
def test_another_candidate_goes_on_and_can_be_walked_through(page_of: Opener) -> None:
    model = loaded(translator_config())
    trace = model.inspect(SENTENCE, to="fr")
    assert trace.target is not None
    likely = [one.token for one in trace.predictions[1].best]
    so_far = trace.target.tokens[1]
    with serving() as client:

        def answer(route: Route) -> None:
            request = route.request
            options = {"content": request.post_data_buffer} if request.post_data_buffer else {}
            kept = ("content-type", "origin", "sec-fetch-site")
            headers = {key: one for key, one in request.headers.items() if key in kept}
            found = client.ask(request.method, request.url, headers=headers, **options)
            route.fulfill(status=found.status_code, headers=dict(found.headers), body=found.content)

        page = page_of('<!doctype html><html lang="en"><title>-</title>')
        page.route(f"{ADDRESS}**", answer)
        page.goto(f"{ADDRESS}?text={SENTENCE.replace(' ', '+')}&to=fr&position=2")
        candidates = page.locator("#decoder .candidate")
        expect(candidates).to_have_count(len(likely) - 1)  # all but the one chosen
        end = page.locator("#decoder .candidate", has_text="</s>")
        if end.count():
            expect(end).to_be_disabled()
        token = next(
            one
            for one in likely
            if one.isalpha() and one.isascii() and one != trace.predictions[1].token
        )
        page.get_by_role("button", name=f"Go on with “{token}”", exact=True).click()
        text = (so_far + token).replace("▁", " ")
        wanted = model.translate(SENTENCE, to="fr", prefix=text)
        found = page.locator("#decoder .goes-on .marked-strip").last.locator(".piece")
        found.first.wait_for()
        assert found.evaluate_all(TOKENS) == list(wanted.tokens)

        page.get_by_role("button", name="Walk through this translation").click()
        back = page.get_by_role("button", name="Back to the translation that a search finds")
        expect(back).to_be_visible()
        expect(page.locator("#decoder .step-token").nth(1)).to_have_text(wanted.tokens[1])
        back.click()
        expect(page.locator("#decoder .search svg")).to_be_visible()
