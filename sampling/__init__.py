"""Double random draws that anyone can verify (双随机抽查): protocol `double-random-draw/1`.

A district government must decide which enterprises are inspected and by whom. Nobody may be able to steer
that: not the official who starts the draw, not the administrator of the database, not the vendor. The
method here does not ask to be trusted. It lets everybody check.

*Freeze.* The pool of enterprises, everybody left out of it with the reason, the inspectors, the recusals
and the rules are written to files whose form is fixed to the byte (sections 0 and 1).

*Commit.* The digests of all files, and of a secret that each of several parties has chosen on its own, are
put into one small file which is shown to the public (section 2). From now on no file can change unnoticed.

*Mix.* Then the secrets are revealed, and a public random value that did not exist before is added. Hashed
together they give the seed (section 3). One honest party, or the public value, is enough to make the seed
unforeseeable; and since everything else was fixed before, there is nothing left to steer.

*Lots.* Each enterprise's lot, its ticket, is the hash of a key made from the seed and of the enterprise's
code. In each stratum those with the smallest tickets are inspected: as many as the rules say (section 4),
each with the same chance (section 5). The order goes on behind them as the reserve list. Anybody can
compute a ticket with `sha256sum`.

*Teams.* Places on teams are given out in rounds. In each round the inspectors who carry least take one
place each, in an order drawn by tickets. Whoever finds none directly may cause others to move along, so
that no place stays empty that could have been filled (section 6).

*Record.* The outcome is one file without any clock or chance in it (section 7): who computes it again,
today or in ten years, gets the same bytes. A log that only grows shows that there was one draw, not the
best of many (section 8). `verify` checks all that and names each difference (section 9).

Idea of the tickets after Ronald L. Rivest, "Consistent Sampling with Replacement" (2018).

The modules follow the protocol: `tables`, `rules`, `commitment`, `bundle` (1, 2), `seeds`, `tickets` (3),
`strata` (4), `selection` (5), `matching`, `teams`, `replacement`, `explanation` (6), `records`, `drawing`
(7), `merkle`, `signed_notes`, `transparency_log` (8), `verification` and its `…_checks` (9); `freezing` writes
what the others read. `backends` and `select_command` draw from registers too long to hold in memory. Nothing but
the standard library is needed; what can make a long draw faster changes no byte of it.
"""

from sampling.bundle import Bundle, read_bundle
from sampling.drawing import draw
from sampling.errors import SamplingError
from sampling.records import Record
from sampling.verification import Report, verify

__all__ = ["Bundle", "Record", "Report", "SamplingError", "draw", "read_bundle", "verify"]
