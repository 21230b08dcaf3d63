"""Writes the two DOCX files of testdata/knowledge/documents: the same bytes in every run."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

FOLDER = Path(__file__).parent.parent / "testdata" / "knowledge" / "documents"
STYLES = '<w:styles><w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style></w:styles>'
DOCUMENTS = {
    "vertrag.de.docx": [
        ("H1", "Mietvertrag für den Hof"),
        (None, "Die Miete beträgt 640 Euro im Monat und ist am dritten Werktag fällig."),
        ("H1", "Kündigung"),
        (None, "Die Frist der Kündigung ist drei Monate. Die Kündigung muss schriftlich sein."),
    ],
    "観光.ja.docx": [
        ("H1", "観光案内"),
        (None, "お城は午前九時から午後五時まで見学できます。入場料は大人五百円、子供は無料です。"),
        (None, "駅からバスで十五分かかります。最終バスは午後六時に出ます。"),
    ],
}


def main() -> None:
    for name, paragraphs in DOCUMENTS.items():
        body = ""
        for style, text in paragraphs:
            properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
            body += f"<w:p>{properties}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"
        with zipfile.ZipFile(FOLDER / name, "w") as archive:
            members = {
                "word/styles.xml": STYLES,
                "word/document.xml": f"<w:document><w:body>{body}</w:body></w:document>",
            }
            for path, content in members.items():
                entry = zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)


if __name__ == "__main__":
    main()
