"""Headers, refusals, lists, downloads and languages: what every page relies on."""

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext
from markupsafe import Markup
from wtforms import DateField

from supervision import clock
from supervision.listing import ListQuery, Page
from supervision.permissions import Role
from supervision.web.exports import cell, csv_lines, disposition, download
from supervision.web.forms import Form
from supervision.web.languages import language
from supervision.web.listing import Filter, Listing, read_query
from supervision.web.preferences import safe_next
from supervision.web.templating import draw_icon, draw_label_badge
from tests.factories import Make
from tests.pages import Browser

FORMULAS = ["=1+1", "+SUM(A1)", "-cmd|' /C calc'!A0", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－x", "＠x"]


@pytest.mark.parametrize("path", ["/sign-in", "/no-such-page", "/static/theme.css", "/static/nothing", "/audit/"])
def test_every_response_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Request-Id"]


def test_pages_of_signed_in_people_are_not_stored(make: Make, browse: Browser) -> None:
    assert browse(make.user(Role.LEAD)).get("/account").headers["Cache-Control"] == "no-store"


def test_forms_without_token_and_requests_from_elsewhere_are_refused(client: FlaskClient, make: Make) -> None:
    assert client.post("/sign-in", data={"username": "x", "password": "y"}).status_code == 400
    response = client.post("/sign-in", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code in {400, 403}


def test_public_visitors_get_no_session(client: FlaskClient) -> None:
    response = client.get("/", follow_redirects=True)
    assert "sid=" not in response.headers.get("Set-Cookie", "")


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "", None, "/a\nb"]
)
def test_next_never_leads_off_the_site(target: str | None) -> None:
    assert safe_next(target) == "/"


def test_a_printed_page_says_whose_it_is_where_it_stands_and_as_of_when(client: FlaskClient) -> None:
    with clock.at(datetime(2026, 11, 22, 3, 4, tzinfo=UTC)):
        head = re.search(r'sheet-head">(.*?)</p>', client.get("/sign-in?next=/plans/").text)
    assert head is not None
    assert "事中事后综合监管平台" in head[1]
    assert "/sign-in · 页面内容截至 2026-11-22 11:04" in head[1]


def test_language_switch_is_remembered(client: FlaskClient) -> None:
    assert "登录" in client.get("/sign-in").text
    client.get("/language/en?next=/sign-in")
    assert "Sign in" in client.get("/sign-in").text
    assert "登录" in client.get("/sign-in?lang=zh").text


def test_each_request_speaks_its_own_language_whoever_asked_before(client: FlaskClient) -> None:
    for _ in range(2):
        assert "登录" in client.get("/sign-in?lang=zh").text
        assert "登录" not in client.get("/sign-in?lang=en").text


def test_a_language_forced_for_some_lines_holds_for_those_lines(app: Flask) -> None:
    template = app.jinja_env.from_string("{{ _('Search') }}{{ day|day }}{{ 1234|float|numberformat }}")
    with app.test_request_context("/?lang=zh"):
        before = template.render(day=date(2026, 5, 4))
        with force_locale("en"):
            between = (template.render(day=date(2026, 5, 4)), gettext("Search"), language())
        after = template.render(day=date(2026, 5, 4))
    assert between == ("SearchMay 4, 20261,234", "Search", "en")
    assert before == after == "查询2026年5月4日1,234"


@pytest.mark.parametrize(("language", "shown"), [("zh", "部门：甲、乙"), ("en", "Department: 甲, 乙")])
def test_lists_and_names_are_set_apart_as_their_language_does(app: Flask, language: str, shown: str) -> None:
    with app.test_request_context(f"/?lang={language}"):
        template = app.jinja_env.from_string("{{ _('Department') }}{{ colon() }}{{ ['甲', '乙']|listed }}")
        assert template.render() == shown


def test_values_in_translated_words_are_escaped(app: Flask) -> None:
    template = app.jinja_env.from_string("{{ _('since %(day)s', day=word) }}|{{ _('100%%') }}|{{ _('<b>') }}")
    with app.test_request_context("/?lang=en"):
        assert template.render(word="<i>") == "since &lt;i&gt;|100%|<b>"


def test_pieces_of_pages_are_escaped_whatever_was_drawn_before(app: Flask) -> None:
    with app.test_request_context():
        for text, shown in ((Markup("<i>"), "<i></span>"), ("<i>", "&lt;i&gt;</span>"), (Markup("<i>"), "<i></span>")):
            assert str(draw_label_badge(text)).endswith(shown)
        assert 'aria-label="a&#34;b"' in draw_icon("list", 'a"b')
        assert "aria-hidden" in draw_icon("list")


def test_icons_are_found_where_the_site_is_mounted(app: Flask) -> None:
    for root in ("", "/district", ""):
        with app.test_request_context(environ_overrides={"SCRIPT_NAME": root}):
            assert f'href="{root}/static/vendor' in draw_icon("list")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_runs_as_a_formula(app: Flask, text: str) -> None:
    assert cell(text).startswith("'")
    with app.test_request_context(), download("xlsx", "x", ["a"], [[text]]) as response:
        book = openpyxl.load_workbook(io.BytesIO(response.get_data()))
    assert book.worksheets[0].cell(2, 1).data_type == "s"


class DayForm(Form):
    """A day somebody types."""

    day = DateField()


@pytest.mark.parametrize(("typed", "right"), [("0206-11-20", False), ("9999-12-31", False), ("1840-01-01", True)])
def test_a_year_no_act_can_be_of_is_refused_in_every_form(app: Flask, typed: str, *, right: bool) -> None:
    with app.test_request_context(method="POST", data={"day": typed}):
        form = DayForm(meta={"csrf": False})
        assert form.validate() is right
        assert bool(form.day.errors) is not right


def test_figures_of_a_workbook_are_numbers_and_codes_stay_text(app: Flask) -> None:
    row = [7, Decimal("0.500000"), "0123456", "310106000012345", 10**15, True, None]
    with app.test_request_context(), download("xlsx", "x", [*"abcdefg"], [row]) as response:
        sheet = openpyxl.load_workbook(io.BytesIO(response.get_data())).worksheets[0]
    assert [one.value for one in sheet[2]] == [7, 0.5, "0123456", "310106000012345", str(10**15), "True", ""]


def test_negative_numbers_stay_numbers() -> None:
    assert cell("-12.5") == "-12.5"
    assert cell(None) == ""


def test_csv_opens_in_excel() -> None:
    text = "".join(csv_lines(["名称"], [["甲,乙"], ["丙\n丁"]]))
    assert text.startswith("\ufeff名称")
    assert '"甲,乙"' in text


def test_download_names_may_be_chinese() -> None:
    assert "filename*=UTF-8''%E5%90%8D" in disposition("名.csv")


def test_arguments_of_a_list_never_become_arguments_of_its_links(make: Make, browse: Browser) -> None:
    make.item_list()
    visitor = browse(make.user(Role.COORDINATOR))
    for hostile in ("endpoint=x", "_method=x", "_external=1", "_anchor=x", "_scheme=x", "filename=x", "self=x"):
        page = visitor.get(f"/public/items?q=a&{hostile}").text
        assert f"&amp;{hostile}" not in page.partition("<main")[2]


def test_addresses_with_nul_are_not_found(browse: Browser) -> None:
    for path in ("/public/draws/%00", "/public/entities/91%00", "/%00"):
        browse().get(path, status=404)


@pytest.mark.parametrize(
    "address",
    [
        "page=-1",
        "page=1e9",
        "page=99999999999",
        "size=1000000000",
        "sort=__class__",
        "q=%00%27;--",
        "state=x",
        "page=٣",
    ],
)
def test_hostile_list_addresses_give_plain_lists(app: Flask, address: str) -> None:
    with app.test_request_context("/?" + address):
        query = read_query([Filter("state", "State", [("open", "Open")])])
    assert 1 <= query.page <= 500
    assert query.size in {20, 50, 100}
    assert "\x00" not in query.q
    assert not query.filters


def test_the_pager_links_first_last_and_neighbors(app: Flask) -> None:
    shown = {
        (1, 20): [1], (1, 21): [1, 2], (1, 400): [1, 2, None, 20], (2, 400): [1, 2, 3, None, 20],
        (10, 400): [1, None, 9, 10, 11, None, 20], (20, 400): [1, None, 19, 20], (3, 60): [1, 2, 3], (9, 40): [1, 2],
    }  # fmt: skip
    for (page, total), numbers in shown.items():
        assert Listing(ListQuery(page=page), Page([None], total), []).shown_pages == numbers, (page, total)
