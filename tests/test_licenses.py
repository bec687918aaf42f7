"""Every spelling of a licence is one identifier."""

import pytest

from biorxivist.licenses import RIGHTS_RESERVED, allows, license_id

BYLINE = (
    "The copyright holder for this preprint is the author/funder, who has granted the server a license to display it."
)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("cc_by", "CC-BY-4.0"),
        ("cc_by_nc", "CC-BY-NC-4.0"),
        ("cc_by_nd", "CC-BY-ND-4.0"),
        ("cc_by_nc_nd", "CC-BY-NC-ND-4.0"),
        ("cc0", "CC0-1.0"),
        ("cc0_ng", "CC0-1.0"),
        ("cc_no", RIGHTS_RESERVED),
        ("cc by-nc-nd", "CC-BY-NC-ND-4.0"),
        ("CC BY 3.0", "CC-BY-3.0"),
        ("http://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-nc-sa/3.0/deed.en", "CC-BY-NC-SA-3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        (f"{BYLINE} It is made available under a CC-BY-NC 4.0 International license.", "CC-BY-NC-4.0"),
        (f"{BYLINE} All rights reserved. No reuse allowed without permission.", RIGHTS_RESERVED),
        ("Not subject to copyright under 17 USC 105, made available for use under a CC0 license.", "CC0-1.0"),
        ("Under the Creative Commons Attribution-NonCommercial-NoDerivatives 4.0 License", "CC-BY-NC-ND-4.0"),
        ("a Creative Commons Attribution License", "CC-BY-4.0"),
        ("Creative Commons Attribution ShareAlike 3.0", "CC-BY-SA-3.0"),
        ("This work is not available under a CC-BY license. All rights reserved.", RIGHTS_RESERVED),
        ("\n cc_by\t", "CC-BY-4.0"),
    ],
)
def test_a_spelling_has_its_identifier(statement, expected):
    assert license_id(statement) == expected
    assert license_id(expected) == expected


@pytest.mark.parametrize("statement", ["", "  ", "NA", "see the publisher", "accby", "occ by mistake"])
def test_an_unknown_statement_is_no_licence(statement):
    assert license_id(statement) == ""


@pytest.mark.parametrize(
    ("license", "open_", "cc"),
    [
        ("CC0-1.0", True, True),
        ("CC-BY-4.0", True, True),
        ("CC-BY-SA-3.0", True, True),
        ("CC-BY-NC-4.0", False, True),
        ("CC-BY-ND-4.0", False, True),
        (RIGHTS_RESERVED, False, False),
        ("", False, False),
    ],
)
def test_what_a_licence_is_of(license, open_, cc):
    assert (allows(license, "open"), allows(license, "cc"), allows(license, "any")) == (open_, cc, True)
