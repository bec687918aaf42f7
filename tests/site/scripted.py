"""`--scripted`: pages whose text, publication and versions a script puts there, and all that such a page asks for beside them."""

import re
from dataclasses import replace
from datetime import date

from tests.site.answers import Answer, Asked, json_answer
from tests.site.catalogue import Holding
from tests.site.sites import Site

SCRIPT = "/sites/default/files/js/js_article.js"
ARTICLE = re.compile(
    rb'<div class="article fulltext-view.*<span class="highwire-journal-article-marker-end"></span>\s*</div>', re.S
)
PRELOADED = re.compile(rb'data-panels-ajax-tab-preloaded="article_tab_full_text"')
TAB = re.compile(r"/panels_ajax_tab/article_tab_full_text/node:(?P<key>.+)/1")
HISTORY = re.compile(r"/article-history/(?P<key>.+)")
# what a reader of the page has no use for, what robots.txt disallows, what belongs to others
NOISE = b"""<link rel="stylesheet" href="/sites/default/files/css/css_article.css" />
<style>@font-face{font-family:H;src:url(/sites/all/fonts/hw.woff2)} body{font-family:H}</style>
<script src="http://127.0.0.2:9/gtm.js"></script><script src="/includes/disallowed.js"></script>
<script src="/cdn-cgi/challenge-platform/scripts/main.js"></script>
<img src="/sites/default/files/logo.png" /><video src="/sites/default/files/talk.mp4" autoplay></video>
<iframe src="/content/early/recent"></iframe>"""
PLACES = b'<div class="pub_jnl"></div><div id="highwire-versions-wrapper"></div>'
PROGRAM = """(async () => {
  new Image().src = '/sites/default/files/beacon.png?page=' + encodeURIComponent(location.pathname);
  navigator.sendBeacon('/beacon', 'seen');
  fetch('/operate', {method: 'POST', body: 'x'}).catch(() => 0);
  try { new WebSocket('ws://127.0.0.2:9/live'); } catch (e) {}
  window.open('/popup');
  const tab = document.querySelector('[data-trigger="full-text"]');
  const place = document.querySelector('.panels-ajax-tab-container');
  if (tab && place && place.dataset.panelsAjaxTabPreloaded === '') {
    const address = '/panels_ajax_tab/article_tab_full_text/' + tab.dataset.entityContext + '/1?_=' + Date.now();
    const answer = await fetch(address, {headers: {'X-Requested-With': 'XMLHttpRequest'}});
    const data = await answer.json();
    place.insertAdjacentHTML('beforeend', '<div class="panels-ajax-tab-wrap-article_tab_full_text">' + data.markup + '</div>');
  }
  if (document.querySelector('.pub_jnl')) {
    const key = document.querySelector('[data-entity-context]').dataset.entityContext.replace('node:', '');
    const data = await (await fetch('/article-history/' + key)).json();
    if (data.published) document.querySelector('.pub_jnl').innerHTML =
      'Now published in <i>' + data.journal + '</i> doi: <a href="https://doi.org/' + data.published + '">' + data.published + '</a>';
    document.querySelector('#highwire-versions-wrapper').innerHTML = '<ul>' + data.versions.map(v =>
      '<li><a class="hw-version-link" href="' + v.path + '">Version (' + v.day + ' - 09:47).</a></li>').join('') + '</ul>';
  }
})();
"""


class ScriptedSite(Site):
    """A site whose pages are filled by a script."""

    def answer(self, asked: Asked) -> Answer:
        if asked.path == SCRIPT:
            return Answer(PROGRAM.encode(), type="text/javascript", kind="script")
        if match := TAB.fullmatch(asked.path):
            found = self._found(match["key"])
            markup = text_of(found.page()) if found and found.page else b""
            return json_answer({"markup": markup.decode()}, "data")
        if match := HISTORY.fullmatch(asked.path):
            found = self._found(match["key"])
            return json_answer(self._history(found), "data") if found else self.not_found("data")
        answer = super().answer(asked)
        if answer.status == 200 and answer.kind in ("page", "landing"):
            return replace(answer, body=scripted(answer.body))
        return answer

    def _found(self, key: str) -> Holding | None:
        prefix, suffix, version = key.split(",")
        return self.catalogue.version(f"{prefix}/{suffix}", int(version))

    def _history(self, found: Holding) -> dict:
        others = [h for h in self.catalogue.versions(found.doi) if h is not found]
        published = found.record["published"].replace("NA", "")
        return {
            "published": published,
            "journal": "Journal of Invented Results",
            "versions": [
                {"path": f"/content/{h.doi}v{h.version}", "day": f"{date.fromisoformat(h.posted):%B %d, %Y}"}
                for h in others
            ],
        }


def text_of(page: bytes) -> bytes:
    """The article of a full-text page as it is marked up there; empty if it has none."""
    found = ARTICLE.search(page)
    return found[0] if found else b""


def scripted(page: bytes) -> bytes:
    """A page as it is before its script has run."""
    if text := text_of(page):
        page = PRELOADED.sub(b'data-panels-ajax-tab-preloaded=""', page.replace(text, b""))
    doi = re.search(rb'name="citation_doi" content="([^"]+)"', page)
    version = re.search(rb'name="HW.pisa" content="[^"]+v(\d+)"', page)
    if not doi or not version:
        return page
    key = doi[1].replace(b"/", b",") + b"," + version[1]
    page = re.sub(rb"node:\d+", b"node:" + key, page)
    page = page.replace(
        b'<div class="panel-pane pane-custom pane-1">', PLACES + b'<div class="panel-pane pane-custom pane-1">', 1
    )
    return page.replace(b"</body>", NOISE + b'<script src="' + SCRIPT.encode() + b'"></script></body>')
