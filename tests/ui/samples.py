# ruff: noqa: E501 - a table of sentences is read across
"""Views with every part, in the three languages, as long as the product's own sentences are."""

from dataclasses import replace

from kiosk.flow.pages.welcome import WelcomeView
from kiosk.flow.view import (
    Bar,
    Bullets,
    Button,
    Buttons,
    Choice,
    Choices,
    Code,
    DateField,
    FieldError,
    FieldKind,
    Notice,
    Paragraph,
    Part,
    Picture,
    Progress,
    Row,
    Rows,
    SignaturePad,
    TextField,
    Tone,
    View,
)
from kiosk.texts import OWN_NAMES, texts_for

Words = dict[str, str]

WORDS: dict[str, Words] = {
    "en": {
        "settings": "Settings", "speak": "Read it to me", "help": "Help", "back": "Back", "on": "Continue",
        "more": "More", "up": "Page up", "down": "Page down",
        "where": "Your home: question 4 of about 20", "hint": "Choose the one that warms most of your home.",
        "heat": "How do you heat your home?", "name": "What is your full name?",
        "born": "When were you born?", "day": "Day", "month": "Month", "year": "Year",
        "a": "District heating", "b": "Gas", "c": "Electricity", "d": "Wood or coal", "e": "I don't know",
        "check": "Check your answers before sending", "change": "Change", "send": "Agree and send",
        "sign": "Please sign here with your finger", "clear": "Clear and sign again",
        "stored": "Your application is safe", "ref": "Your reference", "keep": "Keep this number with your papers.",
        "err": "Please answer this question before you go on.", "errt": "Something is missing",
        "note": "Voice is off", "card": "Number of your pension card", "skip": "I don't have it with me",
        "many": "You can choose more than one",
    },
    "ru": {
        "settings": "Настройки", "speak": "Прочитать вслух", "help": "Помощь", "back": "Назад", "on": "Продолжить",
        "more": "Дальше", "up": "Страница вверх", "down": "Страница вниз",
        "where": "Ваше жильё: вопрос 4 примерно из 20", "hint": "Выберите то, что греет бóльшую часть дома.",
        "heat": "Чем вы отапливаете своё жильё?", "name": "Как вас зовут: фамилия, имя и отчество?",
        "born": "Когда вы родились?", "day": "День", "month": "Месяц", "year": "Год",
        "a": "Центральное отопление", "b": "Газ", "c": "Электричество", "d": "Дрова или уголь", "e": "Я не знаю",
        "check": "Проверьте ответы перед отправкой", "change": "Изменить", "send": "Согласиться и отправить",
        "sign": "Пожалуйста, распишитесь здесь пальцем", "clear": "Стереть и расписаться заново",
        "stored": "Ваше заявление сохранено", "ref": "Номер вашего заявления", "keep": "Храните этот номер вместе с документами.",
        "err": "Пожалуйста, ответьте на этот вопрос, прежде чем идти дальше.", "errt": "Чего-то не хватает",
        "note": "Голос выключен", "card": "Номер пенсионного удостоверения", "skip": "У меня его нет с собой",
        "many": "Можно выбрать несколько ответов",
    },
    "ko": {
        "settings": "설정", "speak": "읽어 주세요", "help": "도움말", "back": "뒤로", "on": "계속",
        "more": "더 보기", "up": "이전 쪽", "down": "다음 쪽",
        "where": "사는 집: 약 20개 중 4번째 질문", "hint": "집을 가장 많이 데우는 것을 골라 주세요.",
        "heat": "집을 무엇으로 난방하세요?", "name": "성함이 어떻게 되세요?",
        "born": "언제 태어나셨어요?", "day": "일", "month": "월", "year": "년",
        "a": "지역 난방", "b": "가스", "c": "전기", "d": "나무나 석탄", "e": "잘 모르겠어요",
        "check": "보내기 전에 답을 확인해 주세요", "change": "바꾸기", "send": "동의하고 보내기",
        "sign": "여기에 손가락으로 서명해 주세요", "clear": "지우고 다시 서명하기",
        "stored": "신청서가 안전하게 저장되었습니다", "ref": "접수 번호", "keep": "이 번호를 서류와 함께 보관해 주세요.",
        "err": "다음으로 가기 전에 이 질문에 답해 주세요.", "errt": "빠진 것이 있어요",
        "note": "음성이 꺼져 있습니다", "card": "연금 카드 번호", "skip": "지금 가지고 있지 않아요",
        "many": "여러 개를 고를 수 있어요",
    },
}  # fmt: skip


def page(language: str, title: str, *body: Part, forward: str | None = "on", **more: object) -> View:
    w = WORDS[language]
    fields: dict[str, object] = {
        "language": language,
        "title": w[title],
        "bar": Bar(
            (
                Button("settings", w["settings"], icon="settings"),
                Button("read", w["speak"], icon="speak"),
                Button("help", w["help"], icon="help"),
            )
        ),
        "body": body,
        "back": Button("back", w["back"], icon="back"),
        "forward": None if forward is None else Button("forward", w[forward], tone=Tone.STRONG),
        "more_label": w["more"],
        "paging": (w["up"], w["down"]),
        "key": title,
        **more,
    }
    return View(**fields)  # type: ignore[arg-type]  # every field is one of the view's


def heating(language: str, chosen: str = "") -> View:
    w = WORDS[language]
    icons = {"a": "heat", "b": "", "c": "", "d": "", "e": ""}
    cards = tuple(Choice(v, w[v], chosen=v == chosen, icon=icons[v]) for v in "abcde")
    return page(language, "heat", Choices("heat", cards), where=w["where"], hint=w["hint"])


def many(language: str) -> View:
    w = WORDS[language]
    cards = tuple(Choice(v, w[v], hint=w["keep"] if v == "b" else "", chosen=v in "ac") for v in "abcde")
    return page(language, "heat", Choices("heat", cards, many=True, label=w["many"]), where=w["where"])


def name(language: str, value: str = "", error: bool = False) -> View:
    w = WORDS[language]
    wrong = w["err"] if error else ""
    return page(
        language,
        "name",
        TextField("name", w["name"], value, error=wrong),
        Buttons((Button("skip", w["skip"], tone=Tone.QUIET),)),
        where=w["where"],
        hint=w["hint"],
        errors=(FieldError("name", wrong),) if error else (),
        error_title=w["errt"] if error else "",
    )


def born(language: str, value: str = "") -> View:
    w = WORDS[language]
    order = "ymd" if language == "ko" else "dmy"
    return page(
        language,
        "born",
        DateField("born", w["born"], value, order, w["day"], w["month"], w["year"]),
        Buttons((Button("skip", w["skip"], tone=Tone.QUIET),)),
        where=w["where"],
        hint=w["hint"],
    )


def card(language: str, value: str = "") -> View:
    w = WORDS[language]
    field = TextField("card", w["card"], value, kind=FieldKind.CODE, groups=(4, 4, 4, 4, 4))
    return page(language, "card", field, where=w["where"], hint=w["keep"])


def check(language: str) -> View:
    w = WORDS[language]
    rows = tuple(
        Row(
            f"row{n}",
            w[("heat", "name", "born", "card")[n % 4]],
            (w["a"], "Анна Петрова", "12.03.1948", "1234 5678")[n % 4],
            (Button(f"change:{n}", w["change"], icon="change"),),
        )
        for n in range(6)
    )
    return page(language, "check", Rows(rows, w["where"]), forward="send", hint=w["keep"])


def sign(language: str) -> View:
    w = WORDS[language]
    return page(
        language,
        "sign",
        Paragraph(w["keep"]),
        SignaturePad("sign", w["sign"], clear_label=w["clear"]),
        forward="send",
    )


def stored(language: str) -> View:
    w = WORDS[language]
    return page(
        language,
        "stored",
        Picture("check", w["stored"]),
        Code(w["ref"], ("4821", "0937", "5516", "2204", "7719"), w["keep"], qr="48210937551622047719"),
        Notice(w["errt"], w["err"], Tone.GOOD),
        Bullets((w["keep"], w["hint"], w["err"]), numbered=True),
        Progress(w["where"], 4, 20),
        Progress(w["where"]),
        Paragraph(w["hint"], Tone.WARNING),
    )


def missing(language: str) -> View:
    """A question that was not answered."""
    return name(language, error=True)


def welcome(language: str) -> View:
    cards = tuple(
        Choice(each, own, hint=texts_for(each).say("Touch here to begin")) for each, own in OWN_NAMES.items()
    )
    say, bar = texts_for(language).say, page(language, "heat").bar
    return WelcomeView(
        language=language,
        title=say("Welcome"),
        hint=say("We will find help together, one step at a time."),
        bar=bar,
        body=(Choices("language", cards, acts=True),),
        where="Opora",
        key="welcome",
    )


def need(language: str) -> View:
    """The four ways in, in the product's own words."""
    say = texts_for(language).say
    cards = (
        Choice("apply", say("Apply for help"), say("We go through it question by question."), "write"),
        Choice("look_up", say("See what became of it"), say("You need the code on your receipt."), "search"),
        Choice("continue", say("Go on where I stopped"), say("You need the code you were given."), "clock"),
        Choice("staff", say("For volunteers"), say("You need your PIN."), "key"),
    )
    asked = page(language, "stored", Choices("need", cards, acts=True), forward=None)
    return replace(asked, title=say("What would you like to do?"), key="need")


def numbers(language: str) -> View:
    """Code and reference, in the product's own words."""
    say = texts_for(language).say
    told = page(
        language,
        "stored",
        Code(
            say("Your code"),
            ("4821", "0937", "5516", "2204", "7719"),
            say("Only this code opens the answer. Keep it like a key."),
            "48210937551622047719",
        ),
        Code(say("Your reference"), ("48210", "93755", "16220"), say("Say this number when you call.")),
        Notice(
            say("Your application is kept safely at this centre"),
            say("It goes to {agency} as soon as there is a line. You need do nothing.", agency="Opora"),
            Tone.GOOD,
        ),
    )
    return replace(told, title=say("Done. Your application is stored."), key="numbers")


def today(language: str) -> View:
    """A volunteer's list, with more to press in a row."""
    w = WORDS[language]
    rows = tuple(
        Row(
            f"row{n}",
            w["name"],
            w["keep"] if n % 2 else "12.03",
            (Button(f"print:{n}", w["change"], icon="print"), Button(f"copy:{n}", w["clear"])),
            (Tone.PLAIN, Tone.WARNING, Tone.GOOD, Tone.QUIET)[n % 4],
        )
        for n in range(5)
    )
    work = (Rows(rows, w["where"]), Buttons((Button("lock", w["back"], icon="lock"),)))
    return page(language, "check", *work, staff=True)


EVERY = (heating, many, name, born, card, check, sign, stored, missing, welcome, need, numbers, today)
