"""What an item list version is and what an item may say (R-1.01 to R-1.04)."""

from supervision.labels import N_, Labeled

FEWEST_INSPECTORS = 2  # 行政处罚法 art. 42: never below two per department


class ListState(Labeled):
    """State of a version of the item list."""

    DRAFT = "draft", N_("Draft"), "neutral"
    PUBLISHED = "published", N_("Published"), "success"
    SUPERSEDED = "superseded", N_("Replaced by a newer version"), "neutral"


class ItemCategory(Labeled):
    """事项类别 (R-1.04)."""

    GENERAL = "general", N_("General item"), "info"
    KEY = "key", N_("Key item"), "warning"


class AnswerKind(Labeled):
    """How a check point is answered."""

    YES_NO = "yes_no", N_("Yes, no or not applicable")
    CHOICE = "choice", N_("One of several")
    NUMBER = "number", N_("Number")
    TEXT = "text", N_("Text")


def industry_matches(prefixes: tuple[str, ...], industry_code: str) -> bool:
    """Say whether an item limited to ``prefixes`` applies to ``industry_code``; no prefix means every industry."""
    return not prefixes or any(industry_code.startswith(prefix) for prefix in prefixes)
