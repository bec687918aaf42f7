"""Who asks: the User-Agent of every request."""

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from biorxivist import __version__

PROJECT_PAGE = "https://pypi.org/project/biorxivist"


def user_agent(contact: str) -> str:
    """The program, its page, and where whoever runs it can be reached, if that is given."""
    return f"BioRxivist/{__version__} (+{PROJECT_PAGE}{'; ' + contact if contact else ''})"


class Contact:
    """Scrapy add-on: say a contact that is given as a setting, and not in the environment, as well."""

    def update_settings(self, settings: BaseSettings) -> None:
        given = settings.getpriority("BIORXIVIST_CONTACT") or 0
        if given > max(SETTINGS_PRIORITIES["project"], settings.getpriority("USER_AGENT") or 0):
            settings.set("USER_AGENT", user_agent(settings["BIORXIVIST_CONTACT"]), given)
