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


class KeyFileError(VaultError):
    """The vault's key file is missing or unusable."""


class RotationRunningError(StorageError):
    """Another process is changing the keys right now."""


class StuckError(StorageError):
    """A transaction of another process does not end; the work so far is kept, start again later."""


class NotEmptyError(StorageError):
    """The target database is not empty; say --overwrite to replace what is there."""


class BackupError(StorageError):
    """The backup cannot be read: wrong key, damaged or cut short."""


class CityFileError(StorageError):
    """A city data file is not readable."""
