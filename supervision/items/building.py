"""Steps of the builder on forms as values: put in, word anew, move, remove, copy; and what a careful reader advises."""

from collections.abc import Iterable
from dataclasses import replace

from supervision.errors import Invalid
from supervision.items.rules import AnswerKind, FormContent, PhraseContent, PointContent
from supervision.labels import N_

# what a phone at the door bears before people begin to tick without looking
MANY_POINTS = 25


def with_point(form: FormContent, point: PointContent, *, place: int) -> FormContent:
    """Return the form with one more check point at ``place`` (from 1); beyond the end means last."""
    points = list(form.points)
    points.insert(_within(place, len(points) + 1) - 1, point)
    return replace(form, points=tuple(points))


def with_changed_point(form: FormContent, point: PointContent, *, number: int, place: int) -> FormContent:
    """Return the form with check point ``number`` worded anew and standing at ``place``."""
    return with_point(without_point(form, number), point, place=place)


def with_moved_point(form: FormContent, *, number: int, place: int) -> FormContent:
    """Return the form with check point ``number`` at ``place``."""
    return with_changed_point(form, point_of(form, number), number=number, place=place)


def without_point(form: FormContent, number: int) -> FormContent:
    """Return the form without check point ``number``."""
    point_of(form, number)
    return replace(form, points=form.points[: number - 1] + form.points[number:])


def point_of(form: FormContent, number: int) -> PointContent:
    """Return check point ``number`` or refuse."""
    if not 1 <= number <= len(form.points):
        raise Invalid("no-such-point", "There is no check point %(number)s any more. Look at the form.", number=number)
    return form.points[number - 1]


def with_copies(form: FormContent, points: Iterable[PointContent], phrases: Iterable[PhraseContent]) -> FormContent:
    """Return the form with copies at its end; what it asks or offers already is not copied again."""
    asked = {one.question_zh for one in form.points}
    offered = {one.text_zh for one in form.phrases}
    return FormContent(
        points=(*form.points, *(one for one in points if one.question_zh not in asked)),
        phrases=(*form.phrases, *(one for one in phrases if one.text_zh not in offered)),
    )


def _within(place: int, most: int) -> int:
    return min(max(place, 1), most)


def advice(form: FormContent) -> list[tuple[int, str]]:
    """Return (check point, message) of what may stay but should be looked at; 0 speaks of the whole form."""
    found = [(number, message) for number, point in enumerate(form.points, 1) for message in _advice_on(point)]
    if len(form.points) > MANY_POINTS:
        found.append((0, N_("The form is long. Ask on the spot only what cannot be seen from the registers.")))
    if form.points and not form.phrases:
        found.append((0, N_("No standard wordings yet: inspectors will have to type every problem on a phone.")))
    return found


def _advice_on(point: PointContent) -> Iterable[str]:
    if not point.question_en:
        yield N_("There is no English question; English readers will see the Chinese one.")
    if point.kind is AnswerKind.NUMBER and not (point.minimum or point.maximum):
        yield N_("There are no limits: no measurement will count as a problem by itself.")
    limited = point.kind is AnswerKind.NUMBER and bool(point.minimum or point.maximum)
    if point.veto and not (point.kind is AnswerKind.YES_NO or limited):
        yield N_("Veto works only with yes or no and with limits. Choose such a kind, or take the veto off.")
    if not point.legal_clause:
        yield N_("There is no clause: the inspector cannot say what the question rests on.")
