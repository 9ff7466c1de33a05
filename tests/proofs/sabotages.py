"""Small changes that would let somebody steer a draw, and the test that must notice each (G-CANARY)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sabotage:
    """One change of one file, and the tests of which at least one must fail with it."""

    name: str
    file: str
    old: str
    new: str
    caught_by: str


SERVICES = "supervision/draws/services"
DRAWS = "tests/supervision/draws"

SABOTAGES = (
    Sabotage(
        "a second click draws again",
        f"{SERVICES}/drawing.py",
        "    if draw.record_digest is not None:\n        return draw\n",
        "",
        f"{DRAWS}/test_steps.py::test_drawing_again_returns_the_same_record",
    ),
    Sabotage(
        "a draw while a secret is missing",
        f"{SERVICES}/ending.py",
        "    return any(not entry.handed_over for entry in draw.contributions if entry.by != SYSTEM)\n",
        "    return False\n",
        f"{DRAWS}/test_steps.py::test_nobody_draws_while_a_secret_is_missing_and_no_stranger_ever",
    ),
    Sabotage(
        "void after the secrets are in",
        "supervision/draws/rules.py",
        "(state is DrawState.COMMITTED and out_of_reach)",
        "state is DrawState.COMMITTED",
        f"{DRAWS}/test_endings.py::test_no_void_once_the_seed_can_be_computed",
    ),
    Sabotage(
        "one body makes a draw void alone",
        f"{SERVICES}/ending.py",
        "if proposal.proposed_by == actor.user_id or proposal.proposed_department == body_of(actor):",
        "if proposal.proposed_by == actor.user_id:",
        f"{DRAWS}/test_endings.py::test_one_body_alone_cannot_make_a_draw_void",
    ),
    Sabotage(
        "one body abandons a drawn list alone",
        f"{SERVICES}/proposals.py",
        "if proposal.proposed_by == actor.user_id or proposal.proposed_department == body_of(actor):",
        "if proposal.proposed_by == actor.user_id:",
        f"{DRAWS}/test_endings.py::test_one_body_alone_abandons_nothing",
    ),
    Sabotage(
        "any secret is taken for the sealed one",
        f"{SERVICES}/contributing.py",
        "        if _digest(draw, entry, secret) == digest:\n            return secret\n",
        "        return secret\n",
        f"{DRAWS}/test_steps.py::test_a_wrong_secret_is_refused_and_the_right_one_accepted_once",
    ),
    Sabotage(
        "a contribution sealed after the commitment",
        f"{SERVICES}/contributing.py",
        '    if draw.state is not DrawState.FROZEN:\n        raise WrongState("sealing-over"',
        '    if draw.state is DrawState.DRAWN:\n        raise WrongState("sealing-over"',
        f"{DRAWS}/test_steps.py::test_a_party_may_replace_its_digest_until_the_commitment_and_that_is_logged",
    ),
    Sabotage(
        "a commitment without its leaf",
        f"{SERVICES}/contributing.py",
        "    append_leaf(session, draw, LogEvent.COMMITTED, digest=draw.commitment_digest)\n",
        "",
        f"{DRAWS}/test_whole_path.py::test_leaves_tell_the_order_of_events",
    ),
    Sabotage(
        "the choice by a generator",
        "sampling/selection.py",
        "        selected += drawn[:count]\n",
        "        selected += __import__('random').sample(drawn, min(count, len(drawn)))\n",
        "tests/sampling/test_vectors.py",
    ),
    Sabotage(
        "units taken by name instead of by ticket",
        "sampling/tickets.py",
        "    kept.sort()\n    return kept[:count]\n",
        "    return sorted(kept, key=lambda one: one[1])[:count]\n",
        "tests/sampling/test_vectors.py",
    ),
    Sabotage(
        "a replacement by name",
        "sampling/replacement.py",
        "    successor = min(drawn)[2] if drawn else None\n",
        "    successor = min(drawn, key=lambda one: one[2])[2] if drawn else None\n",
        "tests/sampling/test_replacements.py::test_a_replacement_takes_the_least_loaded_then_the_smallest_ticket",
    ),
    Sabotage(
        "a number given twice",
        f"{SERVICES}/freezing.py",
        "    return draw_number(region, year, newest + 1)\n",
        "    return draw_number(region, year, newest + 2)\n",
        f"{DRAWS}/test_freezing.py::test_numbers_of_a_year_are_consecutive",
    ),
    Sabotage(
        "two draws of a task alive, as far as the database cares",
        "supervision/draws/models.py",
        '            "uq_draws_task_alive",\n            "task_id",\n            unique=True,\n',
        '            "uq_draws_task_alive",\n            "task_id",\n',
        "tests/supervision/test_schema.py::test_migrated_schema_equals_the_models",
    ),
    Sabotage(
        "writers that do not wait for each other",
        "supervision/db.py",
        '    connection.exec_driver_sql("BEGIN IMMEDIATE")\n',
        '    connection.exec_driver_sql("BEGIN")\n',
        "tests/proofs/test_crowds.py",
    ),
    Sabotage(
        "evidence that can be overwritten",
        "supervision/evidence.py",
        '            event.listen(target, "after_create", guard.execute_if(dialect=dialect))\n',
        "            guard.execute_if(dialect=dialect)\n",
        "tests/supervision/test_schema.py",
    ),
    Sabotage(
        "a sealed list shown to everybody",
        "supervision/draws/queries/files.py",
        "    return draw.state in SHOWN or (draw.state is DrawState.DRAWN and draw.task.publish_list_before)\n",
        "    return draw.state in SHOWN or draw.state is DrawState.DRAWN\n",
        f"{DRAWS}/test_public.py",
    ),
    Sabotage(
        "a log whose time goes back with the clock",
        "supervision/draws/log.py",
        "    at = max(clock.now(), head.newest_at).replace(microsecond=0)\n",
        "    at = clock.now().replace(microsecond=0)\n",
        "tests/proofs/test_clocks.py",
    ),
    Sabotage(
        "a deadline that opens again when the clock is set back",
        f"{SERVICES}/contributing.py",
        "    _check_in_time(session, draw, log_moment(session))\n",
        "    _check_in_time(session, draw, datetime.now(draw.frozen_at.tzinfo))\n",
        "tests/proofs/test_clocks.py::test_a_deadline_that_has_passed_by_the_log_stays_passed",
    ),
    Sabotage(
        "a check that trusts the rows",
        "supervision/draws/checking/rows.py",
        "        if not fits(table.c[name], row[name], value):\n",
        '        if not fits(table.c[name], row[name], value) and name != "rank":\n',
        "tests/supervision/draws/test_check_command.py::test_programs_get_table_key_and_column",
    ),
)
