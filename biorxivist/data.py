"""The folder of what is kept between runs."""

from pathlib import Path

from biorxivist.errors import UserError


def data_folder(path: Path | str) -> Path:
    """The folder that `BIORXIVIST_DATA` names, made for its owner alone if it is new; raises `UserError`."""
    folder = Path(path).expanduser().absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"cannot make the data folder {folder}: {error.strerror}; set BIORXIVIST_DATA to a folder of yours"
        ) from None
    return folder
