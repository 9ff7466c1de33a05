"""What can be wrong with the input of a draw: one tree, each error with a code and its parameters.

    SamplingError
    ├── NotationError      section 0   an identifier, a number, a text, a JSON file
    ├── FileError          section 1   a file missing, a line malformed, an order broken, a limit passed
    ├── CommitmentError    section 2   the commitment contradicts itself or the files
    ├── RevealError        section 3   secrets or the beacon's value do not fit the commitment
    ├── RulesError         section 4   the rules are malformed or leave a stratum without one
    ├── RecordError        section 7   the record is malformed
    ├── ReplacementError   section 6   a replacement that cannot have happened
    └── BackendError       section 5   a register that cannot be drawn where it lies

Codes are for programs, the two sentences for people; both come from `sampling.error_texts`.
"""

from sampling.error_texts import ERROR_TEXTS


class SamplingError(ValueError):
    """Input that the protocol does not allow; the draw or the verification stops here."""

    def __init__(self, code: str, **parameters: str | int) -> None:
        """Keep the code of `ERROR_TEXTS` and the facts that fill its sentences."""
        self.code = code
        self.parameters: dict[str, str | int] = parameters
        super().__init__(self.en)

    @property
    def zh(self) -> str:
        """Say it in Chinese."""
        return ERROR_TEXTS[self.code][0].format(**self.parameters)

    @property
    def en(self) -> str:
        """Say it in English."""
        return ERROR_TEXTS[self.code][1].format(**self.parameters)

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling: worker processes hand errors back whole."""
        return (_rebuild, (type(self), self.code, self.parameters))


class NotationError(SamplingError):
    """Section 0: a text, identifier, number or JSON document is not written as agreed."""


class FileError(SamplingError):
    """Section 1: a file of the bundle is missing, malformed, unsorted or too large."""


class CommitmentError(SamplingError):
    """Section 2: the commitment contradicts the protocol or the files."""


class RevealError(SamplingError):
    """Section 3: the secrets or the beacon's value do not fit the commitment."""


class RulesError(SamplingError):
    """Sections 4 and 6: the rules are malformed or silent about a stratum."""


class RecordError(SamplingError):
    """Section 7: the record is malformed."""


class ReplacementError(SamplingError):
    """Section 6: somebody or something is to be replaced who is not there."""


class BackendError(SamplingError):
    """Section 5: a database or cluster, or the table in it, with which no draw can be computed."""


def _rebuild(kind: type[SamplingError], code: str, parameters: dict[str, str | int]) -> SamplingError:
    return kind(code, **parameters)
