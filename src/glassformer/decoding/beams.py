"""The state of a beam search: the hypotheses of a batch of sentences, step by step."""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from glassformer.decoding import next_token
from glassformer.decoding.hypotheses import Candidate, Found, Hypothesis
from glassformer.decoding.next_token import Candidates
from glassformer.decoding.settings import SearchConfig
from glassformer.decoding.utf8_constraint import WholeCharacters
from glassformer.model.transformer import Transformer
from glassformer.views import Fate


class Beams:
    """The active hypotheses, [sentences, width], and the finished ones.

    Row r of the decoder's batch is hypothesis r % width of sentence `active[r // width]`; all
    hypotheses of a sentence share one row of the memory.
    """

    def __init__(
        self,
        model: Transformer,
        memory: Float[Tensor, "batch source d_memory"],
        memory_mask: Bool[Tensor, "batch 1 1 source"] | None,
        starts: Sequence[int],
        config: SearchConfig,
        limits: Sequence[int],
        prefixes: Sequence[Sequence[int]],
        places: Sequence[int],
        characters: WholeCharacters | None,
    ) -> None:
        device = memory.device
        self.model, self.memory, self.memory_mask = model, memory, memory_mask
        self.config, self.limits, self.characters = config, limits, characters
        self.cache = model.new_cache()
        self.never = torch.tensor(sorted(model.config.never_generated), device=device)
        self.end = -1 if model.config.end is None else model.config.end
        self.draws: Tensor | None = None
        if config.temperature is not None:
            self.draws = next_token.draws_of(config.seed, places, config.width, limits).to(device)
        self.shortest_prefix = min(map(len, prefixes), default=0)
        self.longest_prefix = max(map(len, prefixes), default=0)
        padded = [[*prefix, *[-1] * (self.longest_prefix - len(prefix))] for prefix in prefixes]
        self.prefixes = torch.tensor(padded, dtype=torch.long, device=device)

        self.active = list(range(len(starts)))
        self.sentences = torch.arange(len(starts), device=device)  # `active` as a tensor
        self.last = torch.tensor(starts, dtype=torch.long, device=device)
        # All hypotheses of a sentence start alike, so there is only one at first.
        self.scores = torch.zeros(len(starts), 1, dtype=torch.float64, device=device)
        self.tokens = self.last.new_empty(len(starts), 0)
        self.token_scores = self.scores.new_empty(len(starts), 0)
        if self.draws is not None:  # but samples differ from the first token
            rows = self.sentences.repeat_interleave(config.width)
            self.last, self.scores = self.last[rows], self.scores.repeat(1, config.width)
            self.tokens, self.token_scores = self.tokens[rows], self.token_scores[rows]
        self.states = torch.zeros_like(self.last)  # see WholeCharacters

        self.ended: list[list[Hypothesis]] = [[] for _ in starts]
        self.cut: list[list[Hypothesis]] = [[] for _ in starts]
        self.history: list[list[tuple[Candidate, ...]]] = [[] for _ in starts]

    def step(self) -> None:
        """Extend every hypothesis by one token; finished sentences leave the batch."""
        candidates = self._candidates()
        length = self.tokens.shape[1] + 1
        ended = candidates.tokens == self.end
        scores = candidates.scores.masked_fill(ended, -math.inf)
        kept, order = candidates._replace(scores=scores), None
        if self.draws is None and scores.shape[1] > 1:
            order = scores.topk(min(self.config.beam_size, scores.shape[1])).indices
            kept = Candidates(*(each.gather(1, order) for each in kept))
        # Only the best candidates may finish: among twice as many, some end token is always found.
        ended[:, self.config.width :] = False
        self._collect(self.ended, candidates, ended)
        if self.config.history:
            self._record(candidates, ended, order)

        best_left: list[float] = kept.scores.amax(1).tolist()
        stay = []
        for place, (sentence, best) in enumerate(zip(self.active, best_left, strict=True)):
            if self._is_over(sentence, best, length):
                if not self.ended[sentence]:
                    self._cut_off(place, sentence, kept)
            else:
                stay.append(place)
        self._continue(stay, kept)

    def result(self, sentence: int) -> Found:
        """The result for a sentence whose search is finished."""
        hypotheses = self.ended[sentence] or self.cut[sentence]
        ranked = sorted(hypotheses, key=lambda one: one.penalized_score, reverse=True)
        different = list({one.tokens: one for one in ranked}.values())  # samples may coincide
        return Found(tuple(different[: self.config.n_best]), tuple(self.history[sentence]))

    def _candidates(self) -> Candidates:
        """The best continuations, including those that end here."""
        width, length = self.scores.shape[1], self.tokens.shape[1]
        logits = self.model.decode(self.last[:, None], self.memory, self.memory_mask, self.cache)
        logits = logits[:, -1]
        if logits.dtype != torch.float64:
            logits = logits.float()
        logits.index_fill_(1, self.never, -math.inf)
        normalizer = next_token.normalizer(logits)
        in_prefix = length < self.longest_prefix
        unrestricted = logits.clone() if in_prefix else logits
        if self.config.no_repeat_ngram:
            next_token.forbid_repeated_ngrams(logits, self.tokens, self.config.no_repeat_ngram)
        if self.characters is not None:
            self.characters.forbid(logits, self.states)
        if in_prefix:
            forced = self.prefixes[self.sentences, length].repeat_interleave(width)
            next_token.force(logits, forced, unrestricted)
        if self.draws is not None:
            return next_token.sample(
                logits,
                normalizer,
                self.scores,
                self.draws[self.sentences, length],
                temperature=self.config.temperature or 1.0,
                top_k=self.config.top_k,
                top_p=self.config.top_p,
            )
        # All of the best may end here, and the beam should stay full.
        only_one = self.config.beam_size == 1 or length < self.shortest_prefix
        count = 1 if only_one else 2 * self.config.beam_size
        return next_token.best(logits, normalizer, self.scores, count)

    def _record(
        self,
        candidates: Candidates,
        ended: Bool[Tensor, "sentences candidates"],
        order: Int[Tensor, "sentences kept"] | None,
    ) -> None:
        """Add the candidates of this step to the history, with their fate."""
        kept = candidates.tokens != self.end
        if order is not None:
            kept &= torch.zeros_like(kept).scatter_(1, order, torch.ones_like(order).bool())
        columns = [each.tolist() for each in (*candidates[:3], kept, ended)]
        for sentence, *rows in zip(self.active, *columns, strict=True):
            step = []
            for score, parent, token, is_kept, is_ended in zip(*rows, strict=True):
                fate: Fate = "ended" if is_ended else "kept" if is_kept else "dropped"
                if score > -math.inf:
                    step.append(Candidate(parent, token, score, fate))
            self.history[sentence].append(tuple(step))

    def _is_over(self, sentence: int, best_left: float, length: int) -> bool:
        """Whether the search for a sentence is finished after this many tokens."""
        limit, ended = self.limits[sentence], self.ended[sentence]
        if length == limit or best_left == -math.inf or len(ended) >= self.config.width:
            return True
        if self.draws is not None or len(ended) < self.config.n_best:
            return False
        # Scores can only decrease, and the length penalty is largest at the limit: an upper bound.
        scores = sorted((one.penalized_score for one in ended), reverse=True)
        return scores[self.config.n_best - 1] >= self.config.penalized(best_left, limit)

    def _collect(
        self,
        into: list[list[Hypothesis]],
        candidates: Candidates,
        which: Bool[Tensor, "sentences candidates"],
    ) -> None:
        """Turn the candidates selected by `which` into hypotheses."""
        places, columns = (which & (candidates.scores > -math.inf)).nonzero().unbind(1)
        if len(places) == 0:
            return
        scores, parents, tokens, token_scores = (each[places, columns] for each in candidates)
        rows = places * self.scores.shape[1] + parents
        found = zip(
            places.tolist(),
            torch.cat([self.tokens[rows], tokens[:, None]], 1).tolist(),
            scores.tolist(),
            torch.cat([self.token_scores[rows], token_scores[:, None]], 1).tolist(),
            strict=True,
        )
        for place, *hypothesis in found:
            into[self.active[place]].append(self._hypothesis(*hypothesis))

    def _hypothesis(self, tokens: list[int], score: float, token_scores: list[float]) -> Hypothesis:
        penalized = self.config.penalized(score, len(tokens)) if tokens else score
        return Hypothesis(tuple(tokens), score, tuple(token_scores), penalized)

    def _cut_off(self, place: int, sentence: int, kept: Candidates) -> None:
        """Keep the unfinished hypotheses of a sentence, since none has ended within the limit."""
        which = torch.zeros_like(kept.tokens, dtype=torch.bool)
        which[place] = True
        self._collect(self.cut, kept, which)
        if not self.cut[sentence]:  # no continuation is allowed
            best = int(self.scores[place].argmax())
            row = place * self.scores.shape[1] + best
            token_scores = self.token_scores[row].tolist()
            score = float(self.scores[place, best])
            only = self._hypothesis(self.tokens[row].tolist(), score, token_scores)
            self.cut[sentence].append(only)

    def _continue(self, stay: list[int], kept: Candidates) -> None:
        """Continue with the remaining sentences, each hypothesis with the state of its parent."""
        before, width = self.scores.shape
        if not stay:
            self.active = []
            return
        fewer, wider = len(stay) < before, kept.scores.shape[1] > width
        if fewer or wider or (width > 1 and self.draws is None):
            places = torch.tensor(stay, device=self.sentences.device)
            if fewer:
                self._keep(stay, places)
                kept = Candidates(*(each[places] for each in kept))
            rows = (kept.parents + places[:, None] * width).flatten()
            self.tokens, self.token_scores = self.tokens[rows], self.token_scores[rows]
            self.states = self.states[rows]
            self.cache.reorder(rows)
        self.last, self.scores = kept.tokens.flatten(), kept.scores
        if self.characters is not None:
            self.states = self.characters.after(self.states, self.last)
        self.tokens = torch.cat([self.tokens, self.last[:, None]], 1)
        self.token_scores = torch.cat([self.token_scores, kept.token_scores.view(-1, 1)], 1)

    def _keep(self, stay: list[int], places: Int[Tensor, " stay"]) -> None:
        """Drop the sentences that are finished."""
        self.active = [self.active[place] for place in stay]
        self.sentences = self.sentences[places]
        self.cache.keep(places)
        self.memory = self.memory[places]
        if self.memory_mask is not None:
            self.memory_mask = self.memory_mask[places]
