"""The three questions we ask, and the scale of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words


class SurveyKind(models.TextChoices):
    CSAT = "csat", _("Satisfaction (CSAT)")
    NPS = "nps", _("Recommendation (NPS)")
    CES = "ces", _("Effort (CES)")


@dataclass(frozen=True)
class Step:
    """One score of a scale; `face` is an icon's name, `emoji` stands in mails beside the words."""

    score: int
    words: "Words | str" = ""
    face: str = ""
    emoji: str = ""


@dataclass(frozen=True)
class Scale:
    """What is asked and between which scores.

    Up to `bad_up_to` somebody should look at it; from `good_from` it counts as a success
    (satisfied, promoter, easy).
    """

    question: "Words"
    why: "Words"
    steps: tuple[Step, ...]
    bad_up_to: int
    good_from: int
    low_end: "Words"
    high_end: "Words"

    @property
    def lowest(self) -> int:
        return self.steps[0].score

    @property
    def highest(self) -> int:
        return self.steps[-1].score

    def holds(self, score: int) -> bool:
        return self.lowest <= score <= self.highest

    def is_bad(self, score: int) -> bool:
        return score <= self.bad_up_to

    def step(self, score: int) -> Step:
        return self.steps[score - self.lowest]

    def is_good(self, score: int) -> bool:
        return score >= self.good_from


SCALES: Mapping[str, Scale] = {
    SurveyKind.CSAT: Scale(
        question=_("How satisfied are you with our help?"),
        why=_("What should we keep doing, or do better?"),
        steps=(
            Step(1, pgettext_lazy("score", "Very bad"), "angry", "😠"),
            Step(2, pgettext_lazy("score", "Bad"), "frown", "🙁"),
            Step(3, pgettext_lazy("score", "Fair"), "meh", "😐"),
            Step(4, pgettext_lazy("score", "Good"), "smile", "🙂"),
            Step(5, pgettext_lazy("score", "Very good"), "laugh", "😀"),
        ),
        bad_up_to=2,
        good_from=4,
        low_end=_("Not satisfied at all"),
        high_end=_("Very satisfied"),
    ),
    SurveyKind.NPS: Scale(
        question=_("How likely are you to recommend us to a friend or colleague?"),
        why=_("What is the main reason for your score?"),
        steps=tuple(Step(score) for score in range(11)),
        bad_up_to=6,
        good_from=9,
        low_end=_("Not at all likely"),
        high_end=_("Extremely likely"),
    ),
    SurveyKind.CES: Scale(
        question=_("We made it easy for you to get this solved. Do you agree?"),
        why=_("What made it easy or hard?"),
        steps=tuple(Step(score) for score in range(1, 8)),
        bad_up_to=3,
        good_from=5,
        low_end=_("Strongly disagree"),
        high_end=_("Strongly agree"),
    ),
}
