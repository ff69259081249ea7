"""Answers of NDL Search, written by hand, for the importer's tests."""

from __future__ import annotations

from io import BytesIO
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from madoguchi.app.catalogue.ndl import BibRecord, read_records

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcndl": "http://ndl.go.jp/dcndl/terms/",
    "dcterms": "http://purl.org/dc/terms/",
    "openSearch": "http://a9.com/-/spec/opensearchrss/1.0/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())

PAPER = "<category>図書</category><category>紙</category>"
TITLE = "<dc:title>題</dc:title>"


def answer(*items: str) -> BytesIO:
    body = "".join(f"<item>{item}</item>" for item in items)
    count = f"<openSearch:totalResults>{len(items)}</openSearch:totalResults>"
    return BytesIO(f"<rss {DECLARED}><channel>{count}{body}</channel></rss>".encode())


def read(item: str) -> BibRecord:
    result = read_records(answer(item))
    assert not result.left_out
    return result.records[0]


def identifier(text: str, type_name: str = "ISBN") -> str:
    return f'<dc:identifier xsi:type="dcndl:{type_name}">{escape(text)}</dc:identifier>'


# What an XML document can hold.
XML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\x00\ufffe\uffff").filter(
        lambda ch: ch in "\t\n\r" or ord(ch) >= 0x20
    ),
    max_size=40,
)
