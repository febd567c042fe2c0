"""What the ears only guess is not acted upon: a wrong referral or a false alarm is worse than one more question."""

import re
from dataclasses import replace

from nlu.safety import load_safety
from nlu.understanding import Understanding
from tickets.audience import about_hotline

# unsure, these become 「没太听明白」: the person says it again, and nothing was promised or reported
REFERRED = frozenset({
    "personnel", "citizen", "consult", "registry_check", "identity_probe", "abuse_spam", "delete", "help", "human",
    "greeting", "thanks", "retaliation", "objection",
})  # fmt: skip
# what nobody says without one of these words
NEEDED = {
    "thanks": re.compile("谢|感|辛苦|赞|表扬|夸|好|棒|给力|管用|不错|取消|不用|轻松|终于|省"),
    "greeting": re.compile("好|在|喂|嗨|早|有人|hi|hello|哈喽", re.I),
}
LEAST = 0.3  # below this the ears know nothing, not even that somebody is in danger
ALARM, ALARM_WITH_A_HINT = 0.9, 0.75  # the ears call the special desk only when this sure, if no strong rule does


def unheard(heard: Understanding) -> bool:
    """Tell whether the ears know nothing at all of what was said."""
    return heard.outcome == "unsure" and heard.confidence < LEAST


def without_guesses(heard: Understanding) -> Understanding:
    """The same, or `other` where the intent is no more than a guess."""
    needed = NEEDED.get(heard.intent)
    guessed = unheard(heard) or (heard.outcome == "unsure" and heard.intent in REFERRED)
    wordless = needed is not None and not needed.search(heard.text)
    if guessed or wordless or (heard.intent == "retaliation" and not _alarming(heard)):
        return replace(heard, intent="other", referral=None)
    return heard


def _alarming(heard: Understanding) -> bool:
    hits = [hit for hit in load_safety().check(heard.text) if hit.rule.intent == "retaliation"]
    hinted = bool(hits) and not about_hotline(heard.text)  # 「反映了三次没人理」 may reproach us and nothing more
    return any(hit.strong for hit in hits) or heard.confidence >= (ALARM_WITH_A_HINT if hinted else ALARM)
