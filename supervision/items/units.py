"""Units of measurements as they are read: months never look like the name of a month, English speaks English.

Departments write units in Chinese; what is not known here, such as ``mg/L`` or one of their own, stays as it is.
"""

# as departments write it -> in Chinese beside a number, one in English, several
UNITS: dict[str, tuple[str, str, str]] = {
    "月": ("个月", "month", "months"),
    "个月": ("个月", "month", "months"),
    "天": ("天", "day", "days"),
    "日": ("日", "day", "days"),
    "小时": ("小时", "hour", "hours"),
    "分钟": ("分钟", "minute", "minutes"),
    "年": ("年", "year", "years"),
    "人": ("人", "person", "persons"),
    "件": ("件", "piece", "pieces"),
    "个": ("个", "piece", "pieces"),
    "台": ("台", "machine", "machines"),
    "瓶": ("瓶", "bottle", "bottles"),
    "间": ("间", "room", "rooms"),
    "份": ("份", "copy", "copies"),
    "条": ("条", "entry", "entries"),
    "项": ("项", "item", "items"),
    "次": ("次", "time", "times"),
    "倍": ("倍", "time as much", "times as much"),
    "元": ("元", "yuan", "yuan"),
    "万元": ("万元", "ten thousand yuan", "ten thousand yuan"),
    "米": ("米", "metre", "metres"),
    "平方米": ("平方米", "square metre", "square metres"),
    "千克": ("千克", "kg", "kg"),
}


def unit_names(unit: str) -> tuple[str, str]:
    """Return a unit as it stands beside numbers in Chinese and in English."""
    found = UNITS.get(unit)
    return (found[0], found[2]) if found else (unit, unit)


def measured(value: str, unit: str, language: str) -> str:
    """Return a measurement with its unit; what does not apply has none."""
    if not unit or not value:
        return value
    found = UNITS.get(unit, (unit, unit, unit))
    name = found[0] if not language.startswith("en") else found[1] if value == "1" else found[2]
    return f"{value} {name}"
