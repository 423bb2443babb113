"""Chinese for every sentence, by its English; fields in it may stand in another order."""

from glassformer.catalogue.chinese import (
    click_words,
    commands,
    help,
    library,
    models,
    pictures,
    settings,
    step_pictures,
    texts,
    training,
)

CHINESE: dict[str, str] = {
    english: chinese
    for part in (
        pictures,
        step_pictures,
        commands,
        help,
        click_words,
        library,
        texts,
        models,
        training,
        settings,
    )
    for english, chinese in part.SENTENCES.items()
}
