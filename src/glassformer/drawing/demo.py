"""What each renderer shows when it is run by itself."""

from glassformer.views import AttentionView, Link


def attention_of_equal_scores() -> AttentionView:
    """Attention as a model gives it whose scores are all equal, with one word selected."""
    words = ("a", "dog", "ate", "the", "food")
    weight = 1.0 / len(words)
    return AttentionView(
        part="encoder",
        unit="words",
        queries=words,
        keys=words,
        shown_queries=(1,),
        shown_keys=tuple(range(len(words))),
        heads=((1, 1),),
        mean_of=1,
        choice="asked",
        reason="",
        links=tuple(
            Link(part="encoder", layer=1, head=1, from_=1, to=key, weight=weight)
            for key in range(len(words))
        ),
        hidden_share=(0.0,),
    )
