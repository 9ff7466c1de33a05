"""What keeps a version of the list from being published (R-1.01)."""

from supervision.items.rules import FEWEST_DEPARTMENTS, WHOLE_RATIO_BP, ItemFacts, JointFacts, ListFacts
from supervision.labels import N_


def publication_faults(facts: ListFacts) -> list[tuple[str, str]]:
    """Return (code, message) of everything that keeps a version from being published; empty when nothing does."""
    found = [(item.code, message) for item in facts.items for message in _item_faults(item)]
    owners = {item.code: item for item in facts.items}
    return found + [(joint.code, message) for joint in facts.joint_items for message in _joint_faults(joint, owners)]


def _item_faults(item: ItemFacts) -> list[str]:
    if item.suspended:
        return []
    faults = []
    if not item.content.legal_basis.strip():
        faults.append(N_("The item names no legal basis (R-1.01)."))
    if not item.check_points:
        faults.append(N_("The item has no check points."))
    if not 0 < item.content.ratio_bp <= WHOLE_RATIO_BP:
        faults.append(N_("The ratio must be above 0 and at most 100 percent."))
    return faults


def _joint_faults(joint: JointFacts, owners: dict[str, ItemFacts]) -> list[str]:
    items = [owners[code] for code in joint.content.item_codes if code in owners]
    departments = {item.department for item in items}
    faults = []
    if joint.lead_department not in departments:
        faults.append(N_("The lead department owns none of the items."))
    if len(departments) < FEWEST_DEPARTMENTS:
        faults.append(N_("The items belong to fewer than two departments."))
    if any(item.suspended for item in items):
        faults.append(N_("It contains a suspended item. Take the item out or resume it."))
    if not 0 < joint.content.ratio_bp <= WHOLE_RATIO_BP:
        faults.append(N_("The ratio must be above 0 and at most 100 percent."))
    return faults
