"""The sentences of `sampling/` for the browser, one module of JavaScript: `python -m reports.portal.verify_texts`.

The page that verifies a draw must say the same words as the program, so it takes them from the program. A test
compares the module that is served with what this would write.
"""

import json
from pathlib import Path

import supervision
from sampling.error_texts import ERROR_TEXTS
from sampling.finding_texts import FINDING_TEXTS

MODULE = Path(supervision.__file__).parent / "static" / "verify" / "texts.js"
HEAD = """\
/* The sentences of sampling/error_texts.py and finding_texts.py, [Chinese, English] by code.
   Written by `python -m reports.portal.verify_texts`; change them there. */
"""


def texts_module() -> str:
    """Return the module as it must be."""
    return HEAD + "".join(
        f"\nexport const {name} = {json.dumps(texts, ensure_ascii=False, indent=2)};\n"
        for name, texts in (("ERROR_TEXTS", ERROR_TEXTS), ("FINDING_TEXTS", FINDING_TEXTS))
    )


if __name__ == "__main__":
    MODULE.write_text(texts_module(), "utf-8")
