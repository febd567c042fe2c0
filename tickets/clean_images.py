"""Pictures without what a camera writes into them: decoded and encoded anew, pixels only (domain §4.4.4)."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 60_000_000
QUALITY = 90
_READ = ("JPEG", "PNG", "GIF", "BMP", "WEBP")


def clean_image(content: bytes) -> tuple[bytes, str] | None:
    """A copy with nothing but pixels, and its media type; None when the picture cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_READ) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return None
                upright = ImageOps.exif_transpose(picture)
                return _encoded(upright, clear=_has_alpha(upright) or picture.format in ("PNG", "GIF", "BMP"))
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError, OSError,
            SyntaxError, ValueError, IndexError, MemoryError):  # fmt: skip
        return None


def _has_alpha(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _encoded(picture: Image.Image, clear: bool) -> tuple[bytes, str]:
    """Pixels into a new picture: no EXIF, XMP, comment, thumbnail, colour profile comes along."""
    pixels = picture.convert("RGBA" if _has_alpha(picture) else "RGB")
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    target = io.BytesIO()
    if clear:
        bare.save(target, "PNG", optimize=False)
        return target.getvalue(), "image/png"
    bare.save(target, "JPEG", quality=QUALITY)
    return target.getvalue(), "image/jpeg"
