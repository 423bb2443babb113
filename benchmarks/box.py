"""How good the model in the box is, and how fast: the numbers of docs/box-model.md and its card.

    python examples/box_model.py box --tatoeba TATOEBA --novels NOVELS.tsv.gz --only-pairs
    python benchmarks/box.py MODEL fr=box/pairs/fr.dev.tsv de=… zh=… \\
        --learned-from box/pairs/fr.train.tsv box/pairs/de.train.tsv box/pairs/zh.train.tsv

Each set has English in its first column. BLEU and chrF with 95 % intervals (bootstrap), beam 4, for
all sentences, for those without a near-duplicate in any English sentence that was trained on (and
those with one), and for those above 12 English words; then sentences a second, greedy. --json keeps
the scores for docs/box_scores.py.
"""

import argparse
import json
import resource
import time
from pathlib import Path

import torch

from glassformer.decoding.quality import Quality, bleu_tokenizer, measure
from glassformer.library import Glassformer, load
from glassformer.text.lines import read_lines
from glassformer.training.corpus.near_duplicates import have_near_duplicates

LONG = 12


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model")
    parser.add_argument("sets", nargs="+", metavar="TAG=FILE")
    parser.add_argument("--learned-from", nargs="*", type=Path, default=[], metavar="FILE")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--beam-size", type=int, default=4)
    parser.add_argument("--show", type=int, default=0, help="translations to print of each set")
    given = parser.parse_args()
    model = load(given.model)
    print("| target | set | sentences | BLEU | chrF | signature of BLEU |")
    print("|---|---|---|---|---|---|")
    sources: list[str] = []
    tags: list[str] = []
    kept: dict[str, dict[str, object]] = {}
    sets = [(tag, Path(name)) for tag, _, name in (one.partition("=") for one in given.sets)]
    learned = [english for file in given.learned_from for english, _ in read(file)]
    for tag, path in sets:
        pairs = read(path)
        english = [pair[0] for pair in pairs]
        found = [x.text for x in model.translate(english, to=tag, beam_size=given.beam_size)]
        everything = range(len(pairs))
        long = [n for n in everything if len(english[n].split()) > LONG]
        rows = [("all", [*everything]), (f"above {LONG} words", long)]
        if learned:
            near = have_near_duplicates(english, learned)
            apart = [n for n in everything if not near[n]]
            rows[1:1] = [
                ("without near-duplicates", apart),
                ("with near-duplicates", [n for n in everything if near[n]]),
            ]
            rows.append((f"above {LONG} words, without", [n for n in long if not near[n]]))
        for about, chosen in rows:
            if chosen:
                references = [pairs[n][1] for n in chosen]
                scores = row(tag, about, [found[n] for n in chosen], references, given)
                kept.setdefault(tag, {})[about] = scores
        for n in range(min(given.show, len(pairs))):
            print(f"\n    {english[n]}\n    → {found[n]}\n    ({pairs[n][1]})")
        sources += english
        tags += [tag] * len(english)
    if given.json is not None:
        text = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
        given.json.write_text(text, encoding="utf-8")
    speed(model, sources, tags)


def read(path: Path) -> list[tuple[str, str]]:
    with read_lines(path) as lines:
        return [(line.split("\t")[0], line.split("\t")[1]) for line in lines if line]


def row(
    tag: str, about: str, found: list[str], references: list[str], given: argparse.Namespace
) -> dict[str, object]:
    bleu, chrf, _ = measure(
        found, [references], tokenize=bleu_tokenizer(tag), resamples=given.resamples
    )
    print(
        f"| {tag} | {about} | {len(found)} | {shown(bleu)} | {shown(chrf)} | `{bleu.signature}` |"
    )
    return {
        "sentences": len(found),
        "bleu": [round(bleu.score, 2), round(bleu.interval or 0.0, 2)],
        "chrf": [round(chrf.score, 2), round(chrf.interval or 0.0, 2)],
        "signature": bleu.signature,
    }


def shown(quality: Quality) -> str:
    interval = "" if quality.interval is None else f" ± {quality.interval:.1f}"
    return f"{quality.score:.1f}{interval}"


def speed(model: Glassformer, sources: list[str], tags: list[str]) -> None:
    """Greedy, all sets together, the better of two runs."""
    best = 0.0
    for _ in range(2):
        start = time.perf_counter()
        model.translate(sources, to=tags, beam_size=1, batch_size=128)
        best = max(best, len(sources) / (time.perf_counter() - start))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\ngreedy: {best:.0f} sentences/s ({len(sources)} sentences, {torch.get_num_threads()} "
        f"threads); peak memory of this process, measures included: {memory:.0f} MB"
    )


if __name__ == "__main__":
    main()
