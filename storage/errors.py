"""Errors of the storage package; the message of each is its docstring unless a better one is given."""


class StorageError(Exception):
    """The data could not be read or written."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class DatabaseBusyError(StorageError):
    """The database is locked by another writer; the attempt was repeated and given up."""


class DatabaseTooNewError(StorageError):
    """The database was written by a newer version of jianfu; nothing was changed."""


class DatabaseNotMigratedError(StorageError):
    """The database has no current schema; run `jianfu migrate`."""


class VaultError(StorageError):
    """The vault could not open an entry: key missing or wrong."""


class CityFileError(StorageError):
    """A city data file is not readable."""
