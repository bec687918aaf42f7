"""Where the site keeps what an article shows: pictures and supplementary files."""

from biorxivist.readers.jats.tree import Element, link, source_id


def picture(element: Element, folder: str) -> str:
    """Address of the picture of a figure or table, or the file name where the document has no address."""
    if folder and source_id(element):
        return f"{folder}/{source_id(element)}.large.jpg"
    return link(next(element.iter("graphic", "inline-graphic", "media"), None))


def drawn(formula: Element, folder: str) -> str:
    """Address of the picture of a formula, or its file name."""
    graphic = next(formula.iter("graphic", "inline-graphic"), None)
    if graphic is not None and folder and source_id(graphic):
        return f"{folder}/embed/{source_id(graphic)}.gif"
    return link(graphic)


def file(supplement: Element, folder: str) -> str:
    """Address of a supplementary file, or its file name."""
    media = next(supplement.iter("media", "inline-supplementary-material"), supplement)
    href = link(media) or link(next(supplement.iter("ext-link", "uri"), None))
    if folder and source_id(supplement) and source_id(media) and "." in href:
        return f"{folder}/{source_id(supplement)}/embed/{source_id(media)}.{href.rpartition('.')[2]}"
    return href
