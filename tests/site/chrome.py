"""What stands around an article on every page of the sites: menus, tabs, tools, the doubled citation."""

from html import escape

from tests.site.definitions import NAMES, Document

DNS = "".join(
    f'<link rel="dns-prefetch" href="//{host}" />' for host in ("scholar.google.com", "www.googletagmanager.com")
)
SCRIPT = '<script type="text/javascript">\n<!--//--><![CDATA[//><!--\nwindow.dataLayer = window.dataLayer || [];\n//--><!]]>\n</script>'
BELOW = (
    '<div class="panel-separator"></div><div class="panel-pane pane-highwire-back-to-top"><div class="pane-content">'
    '<a href="#page" class="back-to-top"><i class="icon-chevron-up"></i> Back to top</a></div></div>'
)


def whole(name: str, title: str, head: str, main: str, sidebar: str) -> str:
    """A page of a site from its parts."""
    jcode = name.lower()
    return f"""<!DOCTYPE html>
<html lang="en" dir="ltr" xmlns="http://www.w3.org/1999/xhtml" xmlns:mml="http://www.w3.org/1998/Math/MathML">
<head prefix="og: http://ogp.me/ns# article: http://ogp.me/ns/article# book: http://ogp.me/ns/book#">
<!--[if IE]><![endif]-->
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
{DNS}
{head}<meta name="generator" content="Drupal 7 (http://drupal.org)" />
<title>{escape(title)} | {name}</title>
{SCRIPT}
</head>
<body class="html not-front not-logged-in page-node node-type-highwire-article hw-default-jcode-{jcode}">
<div id="skip-link"><a href="#main-content" class="element-invisible element-focusable">Skip to main content</a></div>
<div class="page clearfix page-box-shadows footer-borders panels-page panels-layout-jcore_2col" id="page">
<header id="section-header" class="section section-header">
<div class="logo-img"><a href="/" rel="home"><img alt="{name}" src="/sites/default/files/{jcode}_article_logo.jpg" /></a></div>
<nav class="menubar-nav"><ul class="menu" role="menu"><li class="first leaf"><a href="/">Home</a></li>
<li class="leaf"><a href="/about-{jcode}">About</a></li><li class="leaf"><a href="/submit-a-manuscript">Submit</a></li>
<li class="last leaf"><a href="/content/alertsrss">ALERTS / RSS</a></li></ul></nav>
<form class="highwire-quicksearch button-style-mini" method="post" accept-charset="UTF-8"><label class="element-invisible">Search for this keyword </label>
<input placeholder="Search" type="text" name="keywords" value="" size="60" maxlength="128" class="form-text" /></form>
</header>
<section id="section-content" class="section section-content"><div id="zone-content" class="zone zone-content clearfix container-30">
<a id="main-content"></a>
<div class="panel-display panels-960-layout jcore-2col-layout"><div class="panel-row-wrapper clearfix">
<div class="main-content-wrapper grid-17 suffix-1 alpha"><div class="panel-panel panel-region-content"><div class="inside">{main}</div></div></div>
<div class="sidebar-right-wrapper grid-10 omega"><div class="panel-panel panel-region-sidebar-right"><div class="inside">{sidebar}</div></div></div>
</div></div></div></section>
<footer class="section section-footer"><div class="footer-message">{name} is an invented copy on loopback.</div></footer>
</div><script src="/cdn-cgi/scripts/5c5dd728/cloudflare-static/email-decode.min.js"></script></body>
</html>
"""


def tabs(document: Document, entries: list[tuple[str, str, str]]) -> str:
    """The tabs of an article, each with the link that only crawlers see."""
    base = f"/content/{document.paper.doi}v{document.version}"
    last = len(entries) - 1
    items = []
    for place, (panel, trigger, label) in enumerate(entries):
        position = ' class="first"' if place == 0 else ' class="last"' if place == last else ""
        href = f"{base}.{trigger}" if trigger else base
        items.append(
            f'<li{position}><a href="{href}" class="panels-ajax-tab-tab" data-panel-name="{panel}" '
            f'data-target-id="highwire_article_tabs" data-entity-context="node:777887" data-trigger="{trigger}" data-url-enabled="1">'
            f'{label}</a><a href="/panels_ajax_tab/{panel}/node:777887/1" rel="nofollow" style="display:none" class="js-crawler-link"></a></li>'
        )
    return (
        '<div class="panel-separator"></div><div class="panel-pane pane-highwire-panel-tabs pane-panels-ajax-tab-tabs">'
        f'<div class="pane-content"><div class="item-list"><ul class="tabs inline panels-ajax-tab">{"".join(items)}</ul></div></div></div>'
    )


def tab_content(document: Document, tab: str, inner: str) -> str:
    """The open tab."""
    panel = "article_tab_full_text" if tab else "biorxiv_tab_art"
    return (
        '<div class="panel-separator"></div><div class="panel-pane pane-highwire-panel-tabs-container"><div class="pane-content">'
        f'<div data-panels-ajax-tab-preloaded="{panel}" id="panels-ajax-tab-container-highwire_article_tabs" '
        'class="panels-ajax-tab-container"><div class="panels-ajax-tab-loading" style="display:none">'
        '<img class="loading" src="/sites/all/modules/contrib/panels_ajax_tab/images/loading.gif" alt="Loading" title="Loading" /></div>'
        f'<div class="panels-ajax-tab-wrap-{panel}"><div class="panel-display panel-1col clearfix"><div class="panel-panel panel-col">'
        f"<div>{inner}</div></div></div></div></div></div></div>"
    )


def sidebar(document: Document, posted: str, byline: str, citation_open: str) -> str:
    """Date, downloads, the citation once more for sharing, subject."""
    base = f"/content/{document.paper.doi}v{document.version}"
    slug = document.paper.category.lower().replace(" ", "-")
    supplement = (
        f'<p><a href="{base}.supplementary-material"><i class="icon-file"></i>Supplementary Material </a></p>'
        if document.paper.supplements
        else ""
    )
    cite = (
        f'{citation_open}<div class="highwire-cite highwire-cite-highwire-article highwire-citation-biorxiv-article-pap-list clearfix">'
        f'<div class="highwire-cite-title">{escape(document.title)}</div>{byline}'
        f'<div class="highwire-cite-metadata"><span class="highwire-cite-metadata-journal highwire-cite-metadata">'
        f'{NAMES[document.paper.server]} </span><span class="highwire-cite-metadata-doi highwire-cite-metadata">'
        f'<span class="doi_label">doi:</span> https://doi.org/{document.paper.doi} </span></div></div></div>'
    )
    return f"""<div class="panel-pane pane-custom pane-1"><div class="pane-content">
Posted {posted}.  </div></div>
<div class="panel-separator"></div><div class="panel-pane pane-highwire-variant-link"><div class="pane-content">
<a href="{base}.full.pdf" target="_self" class="article-dl-pdf-link link-icon"><i class="icon-external-link-sign"></i> <span class="title">Download PDF</span></a></div></div>
{supplement}<div class="panel-pane pane-panels-mini pane-biorxiv-share"><div class="pane-content">{cite}
<div class="clipboard-copy"><label>Share This Article:</label><button class="clipboardjs-button">Copy</button></div></div></div>
<div class="panel-pane pane-biorxiv-cite-tool"><div class="pane-content">{cite}</div></div>
<div class="panel-separator"></div><div class="panel-pane pane-highwire-article-collections"><h2 class="pane-title">Subject Area</h2><div class="pane-content">
<div class="highwire-list-wrapper highwire-article-collections"><div class="highwire-list"><ul class="highwire-article-collection-term-list"><li class="first last odd">
<span class="highwire-article-collection-term"><a href="/collection/{slug}" class="highlight">{document.paper.category}<i class="icon-caret-right"></i></a></span></li></ul></div></div></div></div>
<div class="panel-pane pane-subject-areas"><ul><li><a href="/collection/cancer-biology">Cancer Biology</a> (1)</li></ul></div>"""
