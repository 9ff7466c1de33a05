"""Names of natural persons are masked in public: surname and 某 (domain 8.1)."""

import unicodedata

LONGEST_PERSON = 4
# last characters of shops' names that are as short as a person's
SHOP_ENDINGS = frozenset("店馆厅行坊社厂部所院铺楼吧屋庄站摊园轩阁堂居场城会校队司")


def public_name(name: str) -> str:
    """Return a party's name as the public may read it.

    Sole traders without a shop's name are registered under the operator's own: two to four Han characters that do
    not end like a shop. Names of organisations are longer and pass.
    """
    name = name.strip()
    is_han = all("CJK UNIFIED" in unicodedata.name(char, "") or char == "·" for char in name)
    if name and is_han and len(name) <= LONGEST_PERSON and name[-1] not in SHOP_ENDINGS:
        return name[0] + "某"
    return name
