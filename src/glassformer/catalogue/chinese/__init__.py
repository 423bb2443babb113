"""Chinese for every sentence, by its English; fields in it may stand in another order."""

from glassformer.catalogue.chinese import (
    card,
    click_words,
    commands,
    comparisons,
    composed,
    help,
    help_of_inspect,
    inspection,
    library,
    models,
    paper,
    pictures,
    serving,
    settings,
    step_pictures,
    texts,
    training,
)

CHINESE: dict[str, str] = {
    english: chinese
    for part in (
        pictures,
        comparisons,
        paper,
        step_pictures,
        commands,
        help,
        help_of_inspect,
        click_words,
        library,
        inspection,
        composed,
        texts,
        models,
        training,
        card,
        settings,
        serving,
    )
    for english, chinese in part.SENTENCES.items()
}
