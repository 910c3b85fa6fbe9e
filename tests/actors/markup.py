"""What a test reads from a page: elements with their text, forms with their hidden fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)


@dataclass(kw_only=True)
class Element:
    """An element, with all text inside it."""

    tag: str
    attributes: dict[str, str]
    text: str = field(default="", repr=False)


@dataclass(kw_only=True)
class PageForm:
    """A form: where it goes, what it carries without anybody typing, which buttons it has."""

    action: str
    method: str
    hidden: dict[str, str] = field(default_factory=dict, repr=False)
    buttons: list[str] = field(default_factory=list, repr=False)
    offered: list[tuple[str, str]] = field(default_factory=list, repr=False)
    """Names and values of buttons that carry some."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.forms: list[PageForm] = []
        self._open: list[Element] = []
        self._form: PageForm | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag=tag, attributes={name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)
        if tag == "form":
            method = element.attributes.get("method", "get").lower()
            self._form = PageForm(action=element.attributes.get("action", ""), method=method)
            self.forms.append(self._form)
        elif tag in {"input", "button"} and self._form is not None:
            _take(self._form, element)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if not any(element.tag == tag for element in self._open):
            return
        while self._open:
            element = self._open.pop()
            if element.tag == tag:
                if tag == "button" and self._form is not None:
                    self._form.buttons.append(element.text.strip())
                return

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data


def read_page(text: str) -> tuple[list[Element], list[PageForm]]:
    """Return the elements and the forms of a page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.elements, reader.forms


def _take(form: PageForm, element: Element) -> None:
    given = element.attributes
    name, value = given.get("name"), given.get("value", "")
    if name and element.tag == "button":
        form.offered.append((name, value))
    elif name and given.get("type") == "hidden":
        form.hidden[name] = value
