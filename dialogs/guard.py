"""What comes before everything, in words, captions and floods alike: danger, secrets, misconduct."""

from dialogs.doubts import unheard
from dialogs.referrals import keep_safe
from dialogs.secrecy import is_secret
from dialogs.talk import Talk
from nlu.understanding import Understanding

DANGER = frozenset({"distress", "emergency"})
UNTOLD = frozenset({"corruption"})  # the intent is kept, the words are not (design §5)
SURE = 0.6  # an answer to a question is taken for misconduct only when the ears are this sure


def guard(talk: Talk, heard: Understanding) -> bool:
    """Answer what may not go on as a complaint; True when that was all."""
    if not unheard(heard) and keep_safe(talk, heard):
        return True
    if is_secret(talk.message.text, heard):
        talk.message.text = ""
        talk.say("other.secret")
        return True
    if heard.intent in UNTOLD and (heard.confidence >= SURE or talk.expecting() is None):
        talk.message.text = ""
        talk.say("refer.corruption")
        return True
    return False
