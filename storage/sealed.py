"""Column types for sealed values: the vault's rotation and the leak tests find them by these types."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.types import TypeDecorator


class SealedBytes(TypeDecorator[bytes]):
    """Bytes sealed by the vault."""

    impl = LargeBinary
    cache_ok = True


class SealedText(TypeDecorator[str]):
    """Text sealed by the vault."""

    impl = String
    cache_ok = True
