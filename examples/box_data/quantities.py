"""Numbers, times, dates and prices, as each of the four languages writes them."""

import random
from collections.abc import Callable

from box_data.slots import Forms, tables

MONEY = (
    ("$", "dollars", "dollars", "Dollar", "美元"),
    ("€", "euros", "euros", "Euro", "欧元"),
    ("£", "pounds", "livres", "Pfund", "英镑"),
    ("", "yen", "yens", "Yen", "日元"),
    ("", "francs", "francs", "Franken", "法郎"),
)


def number(value: int) -> Forms:
    """A whole number; from a thousand on each language parts its digits in its own way."""
    english = f"{value:,}"
    return {
        "en": english,
        "fr": english.replace(",", " "),
        "de": english.replace(",", "."),
        "zh": english,
    }


def decimal(text: str) -> Forms:
    """A decimal number, written in English with a point."""
    comma = text.replace(".", ",")
    return {"en": text, "fr": comma, "de": comma, "zh": text}


def same(text: str) -> Forms:
    """What all languages write alike."""
    return dict.fromkeys(("en", "fr", "de", "zh"), text)


def time(hour: int, minute: int, half: bool) -> Forms:
    """A time of the day, of 24 hours; `half`: English says which half of the day it is."""
    of_twelve = hour % 12 or 12
    shown = hour if half else of_twelve
    english = f"{of_twelve}:{minute:02}"
    chinese = english if minute else f"{of_twelve}点"
    if half:
        english += " a.m." if hour < 12 else " p.m."
        part = next(part for end, part in _PARTS if hour < end)
        chinese = part + chinese
    elif not minute:
        english = f"{of_twelve} o'clock"
    return {
        "en": english.replace(":00 ", " "),
        "fr": f"{shown} h {minute:02}" if minute else _hours(shown),
        "de": f"{shown}:{minute:02} Uhr" if minute else f"{shown} Uhr",
        "zh": chinese,
    }


_PARTS = ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))


def _hours(hour: int) -> str:
    return f"{hour} heure" if hour < 2 else f"{hour} heures"


def date(year: int, month: int, day: int, american: bool) -> Forms:
    """A day of a year: "March 5, 1987" or "5 March 1987"."""
    forms = day_and_month(month, day, american)
    return {
        "en": f"{forms['en']}, {year}" if american else f"{forms['en']} {year}",
        "fr": f"{forms['fr']} {year}",
        "de": f"{forms['de']} {year}",
        "zh": f"{year}年{forms['zh']}",
    }


def day_and_month(month: int, day: int, american: bool) -> Forms:
    """A day of any year."""
    english, french, german, _ = tables()["months"][month - 1]
    return {
        "en": f"{english} {day}" if american else f"{day} {english}",
        "fr": f"{'1er' if day == 1 else day} {french}",
        "de": f"{day}. {german}",
        "zh": f"{month}月{day}日",
    }


def price(amount: str, currency: int, sign: bool) -> Forms:
    """An amount, written as English does (1,500 or 12.50), of a currency of the table."""
    symbol, english, french, german, chinese = MONEY[currency]
    whole, _, cents = amount.partition(".")
    forms = number(int(whole.replace(",", "")))
    for language, point in (("en", "."), ("fr", ","), ("de", ","), ("zh", ".")):
        forms[language] += f"{point}{cents}" if cents else ""
    return {
        "en": symbol + forms["en"] if sign and symbol else f"{forms['en']} {english}",
        "fr": f"{forms['fr']} {french}",
        "de": f"{forms['de']} {german}",
        "zh": forms["zh"] + chinese,
    }


# Drawn


def drawn_number(low: int, high: int) -> Callable[[random.Random], Forms]:
    """A slot for a whole number; small and large ones are as likely."""

    def slot(chance: random.Random) -> Forms:
        length = chance.randint(len(str(low)), len(str(high)))
        least, most = max(low, 10 ** (length - 1)), min(high, 10**length - 1)
        value = chance.randint(least, most)
        if value > 9999 and chance.random() < 0.3:
            value = value // 1000 * 1000
        return number(value)

    return slot


def drawn_decimal(chance: random.Random) -> Forms:
    """A slot for a decimal number."""
    places = chance.choice((1, 1, 1, 2))
    return decimal(f"{chance.choice((chance.randint(2, 9), chance.randint(10, 120)))}."
                   f"{chance.randint(1, 10**places - 1):0{places}}")  # fmt: skip


def drawn_time(chance: random.Random) -> Forms:
    """A slot for a time of the day."""
    minute = chance.choice((0, 5 * chance.randint(1, 11), chance.randint(1, 59)))
    return time(chance.randint(0, 23), minute, chance.random() < 0.5)


def drawn_date(chance: random.Random) -> Forms:
    """A slot for a day of a year."""
    return date(chance.randint(1500, 2035), chance.randint(1, 12), chance.randint(1, 28),
                chance.random() < 0.6)  # fmt: skip


def drawn_day(chance: random.Random) -> Forms:
    """A slot for a day of any year."""
    return day_and_month(chance.randint(1, 12), chance.randint(1, 28), chance.random() < 0.6)


def drawn_year(chance: random.Random) -> Forms:
    """A slot for a year."""
    return same(str(chance.choice((chance.randint(1500, 2035), chance.randint(1900, 2025)))))


def drawn_price(chance: random.Random) -> Forms:
    """A slot for an amount of money."""
    currency = chance.choice((0, 0, 0, 1, 1, 1, 2, 2, 3, 4))
    whole = chance.choice(
        (chance.randint(2, 99), chance.randint(100, 999), chance.randint(1, 90) * 1000)
    )
    cents = (
        f".{chance.randint(1, 99):02}"
        if currency < 3 and whole < 1000 and chance.random() < 0.5
        else ""
    )
    return price(f"{whole:,}{cents}", currency, chance.random() < 0.7)


def drawn_percent(chance: random.Random) -> Forms:
    """A slot for a share of a hundred."""
    value = chance.randint(2, 99)
    english = f"{value}%" if chance.random() < 0.5 else f"{value} percent"
    return {"en": english, "fr": f"{value} %", "de": f"{value} %", "zh": f"{value}%"}


def drawn_id(chance: random.Random) -> Forms:
    """A slot for a number that counts nothing."""
    return same(str(chance.randint(11, chance.choice((99, 999, 9999)))))


def drawn_code(chance: random.Random) -> Forms:
    """A slot for letters and digits."""
    letters = "".join(
        chance.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(chance.choice((2, 2, 3)))
    )
    return same(letters + chance.choice(("", "", " ", "-")) + str(chance.randint(11, 9999)))


def drawn_phone(chance: random.Random) -> Forms:
    """A slot for a telephone number."""
    digits = "".join(str(chance.randint(0, 9)) for _ in range(chance.choice((7, 8, 10, 11))))
    cut = chance.choice((3, 4))
    space = chance.choice((" ", "-", ""))
    return same(digits[:cut] + space + digits[cut:7] + space + digits[7:] if len(digits) > 8
                else digits[:cut] + space + digits[cut:])  # fmt: skip
