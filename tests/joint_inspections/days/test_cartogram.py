"""The schematic picture: every sub-district has its tile where it lies, every visit its dot inside its tile."""

from hypothesis import given
from hypothesis import strategies as st

from joint_inspections.days.cartogram import TILE_HEIGHT, TILE_WIDTH, Place, cells, draw
from supervision.catalogue_files import FOLDER, read_catalogue

DISTRICT = [Place(row["code"], int(row["x"]), int(row["y"])) for row in read_catalogue(FOLDER, "sub_districts")]


def test_each_of_the_fourteen_has_a_tile_of_its_own_where_it_lies() -> None:
    grid = cells(tuple(DISTRICT))
    assert len(grid) == len(set(grid.values())) == 14
    # Linfenlu and Pengpuxincun are the north, Nanjingxilu and Jing'ansi the south, Caojiadu the west
    rows = {code: row for code, (_column, row) in grid.items()}
    assert rows["310106021"] == rows["310106020"] == min(rows.values())
    assert rows["310106012"] == rows["310106013"] == max(rows.values())
    assert grid["310106014"][0] == min(column for column, _row in grid.values())


@given(st.lists(st.sampled_from([one.code for one in DISTRICT]), max_size=30))
def test_every_visit_is_a_dot_inside_its_tile_and_none_hides_another(codes: list[str]) -> None:
    picture = draw(DISTRICT, list(enumerate(codes, 100)))
    tiles = {one.code: one for one in picture.tiles}
    assert [one.number for one in picture.dots] == list(range(1, len(codes) + 1))
    assert len({(one.x, one.y) for one in picture.dots}) == len(codes)
    for dot, code in zip(picture.dots, codes, strict=True):
        tile = tiles[code]
        assert tile.x < dot.x < tile.x + TILE_WIDTH
        assert tile.y < dot.y < tile.y + TILE_HEIGHT


def test_a_district_without_a_sub_district_has_an_empty_picture() -> None:
    assert draw([], [(1, "310106012")]).dots == ()
