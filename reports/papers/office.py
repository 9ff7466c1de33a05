"""The office of an installation: what its settings and its folder of keys say about the papers it issues."""

from pathlib import Path

from flask import Flask

from reports.documents.draw_paper import Said
from reports.papers.services import Office
from reports.papers.signing import usable_key

PLACE = "0"


def office_of(app: Flask) -> Office:
    """Return who issues papers here, with the key of this moment."""
    address = app.config["PUBLIC_URL"]
    # also commands and the worker issue papers: there is no request to take an address from
    path = app.url_map.bind("").build("public_verify.show", {"number": PLACE}).removesuffix(PLACE)
    return Office(
        name=Said(app.config["DISTRICT_NAME_ZH"], app.config["DISTRICT_NAME_EN"]),
        verify_address=f"{address}{path}" if address else "",
        key=usable_key(Path(app.instance_path)),
        timestamp_url=app.config["TIMESTAMP_URL"],
    )
