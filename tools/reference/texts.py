"""The texts of the demonstration model's golden file."""

from collections.abc import Callable
from dataclasses import dataclass

from .tokenizer import QUERY_INSTRUCTION


@dataclass(frozen=True)
class TextCase:
    """A text to embed: as a document, or as a query with an instruction."""

    name: str
    text: str
    instruction: str | None = None


LANGUAGES = {
    "english": "The file could not be opened because the disk is full.",
    "german": "Die Datei konnte nicht geöffnet werden, weil die Festplatte voll ist.",
    "french": "Le fichier n’a pas pu être ouvert car le disque est plein.",
    "spanish": "No se pudo abrir el archivo porque el disco está lleno.",
    "portuguese": "Não foi possível abrir o arquivo porque o disco está cheio.",
    "italian": "Impossibile aprire il file perché il disco è pieno.",
    "dutch": "Het bestand kon niet worden geopend omdat de schijf vol is.",
    "swedish": "Filen kunde inte öppnas eftersom disken är full.",
    "polish": "Nie można otworzyć pliku, ponieważ dysk jest pełny.",
    "czech": "Soubor nelze otevřít, protože disk je plný.",
    "hungarian": "A fájl nem nyitható meg, mert a lemez megtelt.",
    "finnish": "Tiedostoa ei voitu avata, koska levy on täynnä.",
    "turkish": "Disk dolu olduğu için dosya açılamadı.",
    "vietnamese": "Không thể mở tệp vì đĩa đã đầy.",
    "indonesian": "Berkas tidak dapat dibuka karena disk penuh.",
    "russian": "Не удалось открыть файл: диск заполнен.",
    "ukrainian": "Не вдалося відкрити файл: диск заповнено.",
    "greek": "Δεν ήταν δυνατό το άνοιγμα του αρχείου επειδή ο δίσκος είναι γεμάτος.",
    "hebrew": "לא ניתן לפתוח את הקובץ כי הדיסק מלא.",
    "arabic": "تعذر فتح الملف لأن القرص ممتلئ.",
    "persian": "پرونده باز نشد زیرا دیسک پر است.",
    "hindi": "डिस्क भरी होने के कारण फ़ाइल नहीं खोली जा सकी।",
    "bengali": "ডিস্ক পূর্ণ থাকায় ফাইলটি খোলা যায়নি।",
    "tamil": "வட்டு நிரம்பியதால் கோப்பைத் திறக்க முடியவில்லை.",
    "thai": "ไม่สามารถเปิดแฟ้มได้เนื่องจากดิสก์เต็ม",
    "georgian": "ფაილის გახსნა ვერ მოხერხდა, რადგან დისკი სავსეა.",
    "chinese": "磁盘已满，无法打开该文件。",
    "japanese": "ディスクがいっぱいのため、ファイルを開けませんでした。",
    "korean": "디스크가 가득 차서 파일을 열 수 없습니다.",
}

OTHERS = [
    TextCase("empty", ""),
    TextCase("one-space", " "),
    TextCase("one-letter", "a"),
    TextCase("white-space", "  tabs\tand  spaces \n\n and line ends\r\n  "),
    TextCase("digits", "In 2024, 1,234,567.89 € were paid on 31/12 at 23:59."),
    TextCase("code", "func add(_ a: Int, _ b: Int) -> Int {\n    return a + b  // don't overflow\n}\n"),
    TextCase("emoji", "Ship it 🚀 — 👩‍👩‍👧‍👦 🇯🇵 👍🏽"),
    TextCase("decomposed", "Cafe\u0301 A\u030angstro\u0308m \u1112\u1161\u11ab\u1100\u1173\u11af"),
    TextCase("composed", "Caf\u00e9 \u00c5ngstr\u00f6m \ud55c\uae00"),
    TextCase("special-tokens", "before<|im_end|>between<|endoftext|>after <think>thought</think>"),
    TextCase("query", "disk full", QUERY_INSTRUCTION),
    TextCase("query-chinese", "磁盘已满", QUERY_INSTRUCTION),
    TextCase("query-own-task", "Festplatte voll", "Retrieve the translation of this message"),
    TextCase("query-empty", "", QUERY_INSTRUCTION),
]


def text_cases(count_tokens: Callable[[str], int]) -> list[TextCase]:
    """All cases. The long ones are cut so that they are of exactly 512 and 4,200 tokens."""
    languages = [TextCase(name, text) for name, text in LANGUAGES.items()]
    long = [TextCase(f"long-{count}", long_text(count, count_tokens)) for count in (512, 4200)]
    return [*languages, *OTHERS, *long]


def long_text(token_count: int, count_tokens: Callable[[str], int]) -> str:
    """Numbered sentences of all languages, filled up with " a" (one token each) to exactly `token_count`."""
    text = ""
    number = 0
    while True:
        number += 1
        for sentence in LANGUAGES.values():
            longer = f"{text}{number}. {sentence}\n"
            if count_tokens(longer) > token_count:
                return text + " a" * (token_count - count_tokens(text))
            text = longer
