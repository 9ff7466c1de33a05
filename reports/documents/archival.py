"""What a document needs to be kept for decades: its own description in XMP and the meaning of its colours.

These are prerequisites of PDF/A (ISO 19005-2): fonts embedded, colours tied to a profile, language and title named,
nothing that runs or is fetched. Conformance is not claimed: no validator has confirmed it, so the description carries
no ``pdfaid`` mark.
"""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString
from reportlab.pdfgen.canvas import Canvas

PROFILE = Path(__file__).parent / "profiles" / "sRGB.icc"
PRODUCER = "double-random supervision"
# documents whose data holds no moment of their own
NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
   <dc:identifier>{identifier}</dc:identifier>
   <pdf:Producer>{producer}</pdf:Producer>
   <xmp:CreatorTool>{producer}</xmp:CreatorTool>
   <xmp:CreateDate>{moment}</xmp:CreateDate>
   <xmp:ModifyDate>{moment}</xmp:ModifyDate>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


class _FixedStamp:
    """A moment in the form in which the PDF library asks for the time."""

    tzname, dhh, dmm = "UTC", 0, 0

    def __init__(self, moment: datetime) -> None:
        moment = moment.astimezone(UTC)
        self.t = moment.timestamp()
        self.lt = moment.utctimetuple()
        self.YMDhms = tuple(self.lt)[:6]  # the library's name


def describe(canvas: Canvas, *, title: str, author: str, language: str, identifier: str, moment: datetime) -> None:
    """Give the document its description, twice as PDF/A wants it, and its output intent."""
    document = canvas._doc  # type: ignore[attr-defined]  # missing in the stubs
    document._timeStamp = _FixedStamp(moment)
    document.info.producer = document.info.creator = PRODUCER
    document.info.subject = identifier
    filled = _XMP.format(
        title=escape(title),
        author=escape(author),
        language=language,
        identifier=escape(identifier),
        producer=PRODUCER,
        moment=f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    )
    catalog = document.Catalog
    catalog.Metadata = _stream(filled.encode(), Type=PDFName("Metadata"), Subtype=PDFName("XML"))
    profile = document.Reference(_stream(_profile(), N=3))
    intent = PDFDictionary(
        {
            "Type": PDFName("OutputIntent"),
            "S": PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": PDFString("sRGB"),
            "Info": PDFString("sRGB IEC61966-2.1"),
            "DestOutputProfile": profile,
        }
    )
    catalog.OutputIntents = PDFArray([intent])
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]


def _stream(content: bytes, **entries: object) -> PDFStream:
    # uncompressed: whoever looks for the description finds it without unpacking
    return PDFStream(dictionary=PDFDictionary(entries), content=content, filters=[])


@cache
def _profile() -> bytes:
    return PROFILE.read_bytes()
