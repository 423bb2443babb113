"""What a model was not made for is translated all the same, and said."""

import json
import warnings

import pytest

import glassformer
from glassformer.cli import run
from glassformer.library import Glassformer, load
from glassformer.messages import Caution, Note
from glassformer.text.profile import SourceProfile

CHINESE = "我饿了，想吃一点东西。"
FRENCH = "Je ne sais pas où habite mon frère, et pourquoi il est parti."
LONG = " ".join(["the dog ate the food because it was hungry and"] * 9) + " slept"


@pytest.fixture(scope="module")
def box() -> Glassformer:
    return load()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CHINESE, r"100% of the letters are Han, but this model was trained on Latin letters"),
        (FRENCH, r"this does not look like English"),
    ],
)
def test_a_text_in_another_language_is_a_warning(box: Glassformer, text: str, said: str) -> None:
    with pytest.warns(glassformer.GlassformerWarning, match=said):
        translation = box.translate(text, to="de", beam_size=1)
    assert any(isinstance(note, Caution) for note in translation.notes)
    with pytest.warns(glassformer.GlassformerWarning, match=said):
        box.encode(text)
    with pytest.warns(glassformer.GlassformerWarning, match=said):
        assert box.inspect(text).notes == translation.notes[:1]


def test_many_texts_are_one_warning_that_says_where(box: Glassformer) -> None:
    texts = ["I am hungry.", CHINESE, "It rains.", CHINESE]
    with pytest.warns(glassformer.GlassformerWarning) as caught:
        found = box.translate(texts, to="fr", beam_size=1)
    said = [str(one.message) for one in caught if "Han" in str(one.message)]
    assert len(said) == 1
    assert said[0].startswith("text 2 (and 1 more): 100% of the letters are Han")
    assert [len(one.notes) > 0 for one in found] == [False, True, False, True]


def test_english_is_nothing_to_speak_of(box: Glassformer) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert box.translate("I don't know where my brother lives.", to="fr").notes == ()


def test_a_long_text_is_noted(box: Glassformer) -> None:
    (note, *_) = box.notes_on(LONG)
    assert isinstance(note, Note)
    assert str(note).startswith(
        "the text has 91 words and punctuation marks: of the texts that this"
    )


@pytest.mark.filterwarnings("ignore:.*the translation repeats")
def test_a_translation_that_goes_round_in_circles_is_told(
    box: Glassformer, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = "Un homme de l'époque, de l'époque, de l'époque, de l'époque."
    monkeypatch.setattr(box.target_tokenizer, "decode", lambda ids: loop)
    translation = box.translate("A man.", to="fr", beam_size=1)
    (note,) = translation.notes
    assert note.fields["times"] == 3
    assert "repeats" in str(note)


def test_the_command_line_says_it_and_json_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["translate", "--text", "I am hungry.", "--text", CHINESE, "--to", "fr"]
    assert run([*command, "--beam-size", "1", "--format", "jsonl"]) == 0
    out, err = capsys.readouterr()
    first, second = map(json.loads, out.splitlines())
    assert first["notes"] == []
    assert second["notes"][0]["fields"]["script"] == "Han"
    assert "glassformer: text 2: 100% of the letters are Han" in err
    assert run(["inspect", FRENCH, "--format", "json", "--beam-size", "1"]) == 0
    out, err = capsys.readouterr()
    assert "does not look like English" in json.loads(out)["notes"][0]["text"]
    assert "does not look like English" in err


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["translate", "--text", CHINESE, "--to", "fr", "--quiet", "--beam-size", "1"]) == 0
    assert capsys.readouterr().err == ""


def test_a_model_without_a_profile_has_nothing_to_say(box: Glassformer) -> None:
    blind = Glassformer(box.model, box.tokenizer, name="blind")
    assert blind.notes_on(CHINESE) == ()
    profile = SourceProfile.learn(["a dog", "the food"])
    assert Glassformer(box.model, box.tokenizer, name="x", profile=profile).notes_on(CHINESE)
