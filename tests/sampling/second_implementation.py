"""The protocol once more, after its text alone: slow, short, and without a line of the engine.

Everything is a plain dict; each step does literally what the sentence says, slot by slot. It protects
against the one mistake vectors cannot show: having misread the text the same way everywhere.
"""

import hashlib
import json
from fractions import Fraction
from math import ceil, floor


def rows(data):
    return [line.split("\t") for line in data.decode().splitlines()]


def second_record(files, secrets, beacon_value):
    rules, name = json.loads(files["rules.json"]), json.loads(files["commitment.json"])["hash"]

    def h(text):
        return hashlib.new(name, text.encode() if isinstance(text, str) else text).hexdigest()

    def ticket(*parts):
        return h(":".join(parts))

    commitment_digest = h(files["commitment.json"])
    said = "".join(f"{by}:{secret}\n" for by, secret in sorted(secrets.items()))
    seed = h(f"double-random-draw/1 seed\n{commitment_digest}\n{said}beacon:{beacon_value or ''}\n")

    def key(label):
        return h(f"double-random-draw/1 {label}\n{seed}\n")[:32]

    strata = {}
    for unit, stratum, *_ in rows(files["frame.tsv"]):
        strata.setdefault(stratum, []).append(unit)
    counts = how_many({s: len(units) for s, units in strata.items()}, rules["allocation"])
    selected, reserve = [], []
    for s in sorted(strata):
        drawn = sorted((ticket(key("entities"), unit), unit) for unit in strata[s])
        lines = [{"unit": unit, "stratum": s, "ticket": t} for t, unit in drawn]
        selected += lines[: counts[s]]
        reserve += lines[counts[s] :][: rules["reserve"]]
    teams, unfilled = who(files, rules, ticket, key, [line["unit"] for line in selected])
    return {
        "protocol": "double-random-draw/1", "hash": name, "draw": rules["draw"],
        "commitment_digest": commitment_digest,
        "contributions": [{"by": by, "secret": secrets[by]} for by in sorted(secrets)],
        "beacon_value": beacon_value, "seed": seed, "entity_key": key("entities"),
        "strata": [{"stratum": s, "size": len(strata[s]), "selected": counts[s]} for s in sorted(strata)],
        "selected": selected, "reserve": reserve, "teams": teams, "unfilled": unfilled,
    }  # fmt: skip


def how_many(sizes, allocation):
    if allocation["kind"] == "rate":
        return {
            s: min(n, max(ceil(Fraction(n * rule["rate_bp"], 10000)), rule.get("min", 0)))
            for s, n in sizes.items()
            for rule in [allocation["strata"][s]]
        }
    if allocation["kind"] == "count":
        return {s: min(n, allocation["strata"][s]["count"]) for s, n in sizes.items()}
    left, result, opened = allocation["total"], dict.fromkeys(sizes, 0), set(sizes)
    weight = {s: allocation.get("weights", {}).get(s, 1) for s in sizes}
    while opened:
        m = sum(sizes[s] * weight[s] for s in opened)
        exact = {s: Fraction(left * sizes[s] * weight[s], m) for s in opened}
        share = {s: floor(exact[s]) for s in opened}
        for s in sorted(opened, key=lambda s: (floor(exact[s]) - exact[s], s))[: left - sum(share.values())]:
            share[s] += 1
        over = {s for s in opened if share[s] > sizes[s]}
        if not over:
            return result | share
        for s in over:
            result[s] = sizes[s]
            left -= sizes[s]
        opened -= over
    return result


def match(ticket, key, agents, need, eligible, cap, prior):
    """Section 6 word for word; gives the lists of the tasks."""
    queue = sorted(need, key=lambda t: (ticket(key, "task", t), t))
    on = {t: [] for t in need}
    load, active = dict.fromkeys(agents, 0), set(agents)
    base, level = min((prior[a] for a in agents), default=0), 0

    def places():
        return sum(need[t] - len(on[t]) for t in need)

    while places() and active:
        level += 1
        admitted = [a for a in active if prior[a] - base < level]
        for a in sorted(admitted, key=lambda a: (ticket(key, "level", str(level), a), a)):
            if not places():
                break
            if load[a] >= cap[a]:
                active.discard(a)
                continue
            direct = [t for t in queue if len(on[t]) < need[t] and eligible(a, t) and a not in on[t]]
            if direct:
                on[direct[0]].append(a)
            elif not augment(a, queue, on, need, eligible):
                active.discard(a)
                continue
            load[a] += 1
    return on


def augment(root, queue, on, need, eligible):
    paths, reached, seen = {root: []}, [root], set()
    while reached:
        u = reached.pop(0)
        for t in queue:
            if t in seen or not eligible(u, t) or u in on[t]:
                continue
            seen.add(t)
            if len(on[t]) < need[t]:
                on[t].append(u)
                for earlier, left, leaver in reversed(paths[u]):
                    on[left].remove(leaver)
                    on[left].append(earlier)
                return True
            for member in list(on[t]):
                if member not in paths:
                    paths[member] = [*paths[u], (u, t, member)]
                    reached.append(member)
    return False


def who(files, rules, ticket, key, units):  # noqa: C901 - one paragraph of the text
    wanted = rules["teams"]
    if wanted["mode"] == "none":
        return [], []
    ties = {tuple(row) for row in rows(files["ties.tsv"])}
    group = wanted["mode"] == "group"
    width = max(2, len(str(wanted.get("groups", 0))))
    count = min(wanted.get("groups", 0), len(units))
    names = [f"G{str(i + 1).zfill(width)}" for i in range(count)] if group else units
    members, unfilled = {t: [] for t in names}, []
    for d in sorted(wanted["departments"], key=lambda d: d["code"]):
        people = {}
        for i, department, cap, prior, codes in rows(files["roster.tsv"]):
            able = codes == "*" or set(d["qualifications"]) <= set(codes.split(","))
            if department == d["code"] and int(cap) > 0 and able:
                people[i] = (1 if group else int(cap), int(prior))
        found = match(
            ticket, key("match " + d["code"]), list(people), dict.fromkeys(names, d["per_team"]),
            lambda a, t: group or (a, t) not in ties,
            {i: c for i, (c, _) in people.items()}, {i: p for i, (_, p) in people.items()},
        )  # fmt: skip
        for t in sorted(names):
            chief = min((ticket(key("lead"), t, i) for i in found[t]), default="") if d["lead"] else ""
            for i in sorted(found[t]):
                leads = d["lead"] and ticket(key("lead"), t, i) == chief
                members[t].append({"inspector": i, "department": d["code"], "lead": leads})
            if len(found[t]) < d["per_team"]:
                missing = d["per_team"] - len(found[t])
                unfilled.append({"department": d["code"], "team": t, "unit": "", "missing": missing})
    homes = {t: [t] for t in names}
    if group:
        homes, left = dealt(ticket, key, names, units, members, ties, wanted.get("group_capacity"))
        unfilled += [{"department": "", "team": "", "unit": u, "missing": 1} for u in left]
    return [{"team": t, "units": homes[t], "members": members[t]} for t in sorted(names)], unfilled


def dealt(ticket, key, names, units, members, ties, capacity):
    if not names:
        return {}, []

    def fits(team, unit):
        return not any((m["inspector"], unit) in ties for m in members[team])

    def once(c):
        zero = dict.fromkeys(names, 0)
        on = match(ticket, key("deal"), names, dict.fromkeys(units, 1), fits, dict.fromkeys(names, c), zero)
        homes = {t: sorted(u for u in units if t in on[u]) for t in names}
        return homes, sorted(u for u in units if not on[u])

    c = capacity if isinstance(capacity, int) else ceil(Fraction(len(units), len(names)))
    best = once(c)
    while capacity is None and best_left(best, c, units):
        c += 1
        again = once(c)
        best = again if len(again[1]) < len(best[1]) else best
    return best


def best_left(best, c, units):
    return best[1] and c < len(units)
