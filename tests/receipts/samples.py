"""Receipts as they would be printed in three countries."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from kiosk.ids import ReceiptCode, Reference
from kiosk.receipts.content import (
    AnswerLine,
    ReceiptContent,
    ReceiptHelper,
    ReceiptState,
    SecondLanguage,
)

CODE = ReceiptCode("12345678901234567895")
REFERENCE = Reference("730284615920437")
STORED_AT = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
RECEIVED_AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)

_FIRST = {
    "en": ReceiptContent(
        language="en",
        reference=REFERENCE,
        code=CODE,
        service="Help with heating costs",
        form_title="Application for the winter heating allowance",
        agency_name="Social Support Office, Northern District",
        agency_phone="0800 123 4567",
        centre_name="Lindenhof Neighbourhood Centre",
        centre_address="14 Mill Lane, Northfield",
        centre_phone="0800 765 4321",
        stored_at=STORED_AT,
        zone=ZoneInfo("America/New_York"),
        next_steps=(
            "The office reads your application. This usually takes up to 30 days.",
            "If something is missing, the office tells this centre.",
            "Come back with this paper, and the kiosk shows you the answer.",
        ),
        helped_by=(ReceiptHelper.VOLUNTEER,),
    ),
    "ru": ReceiptContent(
        language="ru",
        reference=REFERENCE,
        code=CODE,
        service="Субсидия на оплату отопления",
        form_title="Заявление о предоставлении субсидии на отопление в зимний период",
        agency_name="Управление социальной защиты населения Северного района",
        agency_phone="8 800 123-45-67",
        centre_name="Центр социальной помощи «Липовый двор»",
        centre_address="ул. Мельничная, д. 14, пос. Северный",
        centre_phone="8 800 765-43-21",
        stored_at=STORED_AT,
        zone=ZoneInfo("Europe/Moscow"),
        next_steps=(
            "Управление рассмотрит заявление. Обычно это занимает до 30 дней.",
            "Если чего-то не хватает, управление сообщит в этот центр.",
            "Приходите с этой бумагой: киоск покажет вам ответ.",
        ),
        helped_by=(ReceiptHelper.VOLUNTEER,),
        copy_kept_until=date(2027, 11, 21),
    ),
    "ko": ReceiptContent(
        language="ko",
        reference=REFERENCE,
        code=CODE,
        service="겨울철 난방비 지원",
        form_title="동절기 난방비 지원 신청서",
        agency_name="북구청 복지정책과",
        agency_phone="02-123-4567",
        centre_name="보리수 종합사회복지관",
        centre_address="서울특별시 북구 물레방아길 14",
        centre_phone="02-765-4321",
        stored_at=STORED_AT,
        zone=ZoneInfo("Asia/Seoul"),
        next_steps=(
            "구청에서 신청서를 검토합니다. 보통 30일쯤 걸립니다.",
            "더 필요한 서류가 있으면 구청이 이 복지관으로 알려 드립니다.",
            "이 종이를 가지고 다시 오시면 화면에서 결과를 보실 수 있습니다.",
        ),
        helped_by=(ReceiptHelper.RELATIVE,),
    ),
}

_SECOND = {
    "en": SecondLanguage("en", "Help with heating costs", "Social Support Office"),
    "ru": SecondLanguage("ru", "Субсидия на оплату отопления", "Управление социальной защиты"),
    "ko": SecondLanguage("ko", "겨울철 난방비 지원", "북구청 복지정책과"),
}


def first_receipt(language: str) -> ReceiptContent:
    return _FIRST[language]


def received_copy(language: str) -> ReceiptContent:
    return replace(
        _FIRST[language], code=None, copy=True, state=ReceiptState.RECEIVED, received_at=RECEIVED_AT
    )


def with_second(content: ReceiptContent, language: str) -> ReceiptContent:
    return replace(content, second=_SECOND[language])


def with_answers(content: ReceiptContent, rows: int = 30) -> ReceiptContent:
    answers = tuple(
        AnswerLine(
            f"{number + 1}. Wer wohnt bei Ihnen? Кто живёт с вами? 함께 사는 분", "Мария Ивановна, 김영희"
        )
        for number in range(rows)
    )
    return replace(content, answers=answers)
