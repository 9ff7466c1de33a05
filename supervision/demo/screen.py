"""What the loader writes on the terminal and into the file of sign-ins: Chinese and English side by side."""

from collections.abc import Sequence
from pathlib import Path

from rich.cells import cell_len

from supervision.demo.registry import Demo
from supervision.labels import N_
from supervision.serving import HOME
from supervision.web.commands import both, in_both

HEADS = (N_("User name"), N_("Password"), N_("Role"), N_("Department"))
SLIP_HEADS = (N_("Draw"), N_("Department"), N_("Slip to type when the contribution is revealed"))
NEXT = (
    N_("Sign in as lead.scjg, open Draws and carry one from its frozen pool to the result."),
    N_(
        "On a phone sign in as inspector.scjg: My assignments shows the visits of today (LAN=1 make demo lets it join)."
    ),
    N_("Without signing in open Verify a draw and check a published draw yourself."),
    N_(
        "Under Draws also look for one that is void, one that was abandoned and drawn anew, and one that waits for its "
        "public value; oversight decides whether another abandoned one is drawn anew."
    ),
)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table; a Chinese character takes two columns of a terminal."""
    everything = [[both(head) for head in heads], *rows]
    widths = [max(cell_len(row[place]) for row in everything) for place in range(len(heads))]
    lines = [
        "  "
        + "  ".join(text + " " * (width - cell_len(text)) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in everything
    ]
    return [lines[0], "  " + "─" * (sum(widths) + 2 * len(widths) - 2), *lines[1:]]


def write_sign_ins(path: Path, demo: Demo) -> None:
    """Keep the generated sign-ins where only the owner reads them; ``flask serve`` prints them."""
    people = [(name, password, both(role), place) for name, password, role, place in demo.sign_ins]
    lines = table(HEADS, people)
    if demo.slips:
        lines += ["", *table(SLIP_HEADS, sorted(demo.slips))]
    for door in demo.doors:
        chinese, english = in_both(door.text, **door.places)
        lines += ["", f"  {HOME}{door.path}", f"    {chinese}", f"    {english}"]
    lines += ["", "  " + both(N_("What next"))]
    for number, step in enumerate(NEXT, 1):
        chinese, english = in_both(step)
        lines += [f"  {number}. {chinese}", f"     {english}"]
    path.touch(mode=0o600, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
