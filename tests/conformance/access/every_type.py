# ruff: noqa: E501 - a table is read across
"""A form that asks every type of question there is, in three languages, as long as real forms are."""

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

LANGUAGES = {"en": "English (en)", "ru": "Русский (ru)", "ko": "한국어 (ko)"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. ``bind`` and ``control`` are attributes as an XForm writes them."""

    name: str
    label: tuple[str, str, str]
    control: str = "input"
    type: str = "string"
    bind: str = ""
    attributes: str = ""
    hint: tuple[str, str, str] = ("", "", "")
    choices: tuple[tuple[str, str, str, str], ...] = ()


YES_NO = (
    ("yes", "Yes", "Да", "네"),
    ("no", "No", "Нет", "아니요"),
    ("?", "I don't know", "Не знаю", "모르겠어요"),
)
FUELS = (
    ("district", "District heating", "Центральное отопление", "지역 난방"),
    ("gas", "Gas", "Газ", "가스"),
    ("power", "Electricity", "Электричество", "전기"),
    ("wood", "Wood or coal", "Дрова или уголь", "나무나 석탄"),
    ("oil", "Oil or another liquid fuel", "Мазут или другое жидкое топливо", "기름이나 다른 액체 연료"),
    ("none", "My home is not heated", "Моё жильё не отапливается", "난방을 하지 않아요"),
)
TOWNS = tuple(
    (f"{en[0].lower()}{n}", f"{en} {n}", f"{ru} {n}", f"{ko} {n}동")
    for n in range(1, 5)
    for en, ru, ko in (
        ("Lower Village", "Нижняя деревня", "아랫마을"),
        ("Upper Village", "Верхняя деревня", "윗마을"),
        ("Station Street", "Станционная улица", "역전길"),
        ("New Bridge", "Новый мост", "새다리"),
    )
)
HINT = (
    "As it stands in your passport or on your card.",
    "Так, как написано в паспорте или в удостоверении.",
    "신분증이나 카드에 적힌 대로 알려 주세요.",
)

ASKED = (
    Asked("name", ("What is your full name?", "Как вас зовут: фамилия, имя и отчество?", "성함이 어떻게 되세요?"),
          bind='required="true()"', hint=HINT),
    Asked("story", ("What would you like to tell the agency?", "Что вы хотите рассказать ведомству?", "기관에 알리고 싶은 것이 있으세요?"),
          attributes='appearance="multiline"'),
    Asked("phone", ("What is your telephone number?", "Какой у вас номер телефона?", "전화번호가 어떻게 되세요?"),
          attributes='appearance="numbers"'),
    Asked("card", ("What is your resident number?", "Какой у вас номер удостоверения личности?", "주민등록번호가 어떻게 되세요?"),
          bind='opora:number="kr.rrn"', hint=HINT),
    Asked("rooms", ("How many rooms do you heat?", "Сколько комнат вы отапливаете?", "방 몇 개를 난방하세요?"),
          type="int", bind='required="true()" constraint=". &gt; 0"'),
    Asked("cost", ("How much did heating cost last winter?", "Сколько стоило отопление прошлой зимой?", "지난겨울 난방비가 얼마였나요?"),
          type="decimal", bind='opora:currency="KRW"', attributes='appearance="thousands-sep"'),
    Asked("warm", ("How warm is your home in winter, from 1 to 5?", "Насколько тепло у вас зимой, от 1 до 5?", "겨울에 집이 얼마나 따뜻한가요? 1에서 5까지요."),
          control="range", type="int", attributes='start="1" end="5" step="1"'),
    Asked("born", ("When were you born?", "Когда вы родились?", "언제 태어나셨어요?"),
          type="date", bind='required="true()"', hint=HINT),
    Asked("since", ("In which month did you move in?", "В каком месяце вы въехали?", "몇 월에 이사 오셨어요?"),
          type="date", attributes='appearance="month-year"'),
    Asked("built", ("In which year was the house built?", "В каком году построен дом?", "집은 몇 년에 지어졌나요?"),
          type="date", attributes='appearance="year"'),
    Asked("call", ("When may we call you?", "В какое время вам можно звонить?", "몇 시에 전화드리면 될까요?"), type="time"),
    Asked("visit", ("When did the inspector come?", "Когда приходил инспектор?", "조사관이 언제 왔나요?"), type="dateTime"),
    Asked("heat", ("How do you heat your home?", "Чем вы отапливаете своё жильё?", "집을 무엇으로 난방하세요?"),
          control="select1", bind='required="true()"', choices=FUELS,
          hint=("Choose the one that warms most of your home.", "Выберите то, что греет бо́льшую часть дома.", "집을 가장 많이 데우는 것을 골라 주세요.")),
    Asked("alone", ("Do you live alone?", "Вы живёте одни?", "혼자 사세요?"), control="select1", choices=YES_NO),
    Asked("town", ("Where do you live?", "Где вы живёте?", "어디에 사세요?"), control="select1", choices=TOWNS,
          attributes='appearance="autocomplete"'),
    Asked("help", ("What help do you get already?", "Какую помощь вы уже получаете?", "어떤 도움을 이미 받고 계세요?"),
          control="select", choices=FUELS),
    Asked("first", ("What matters most to you? Put the first on top.", "Что для вас важнее? Поставьте главное первым.", "무엇이 가장 중요하세요? 순서대로 놓아 주세요."),
          control="rank", choices=FUELS[:4]),
    Asked("agree", ("I know that the agency may ask for papers.", "Я знаю, что ведомство может попросить документы.", "기관이 서류를 요청할 수 있다는 것을 알고 있습니다."),
          control="trigger"),
    Asked("note", ("Almost done: only the people in your home are left.", "Почти готово: осталось рассказать о тех, кто живёт с вами.", "거의 다 됐어요. 함께 사는 분들만 남았습니다."),
          bind='readonly="true()"'),
    Asked("parcel", ("What stands under the bar code of your bill?", "Что написано под штрихкодом счёта?", "고지서 바코드 아래에 무엇이 적혀 있나요?"),
          type="barcode"),
    Asked("place", ("Where does your house stand?", "Где стоит ваш дом?", "집의 위치는 어디인가요?"), type="geopoint"),
    Asked("photo", ("A picture of your stove", "Фотография вашей печи", "난로 사진"), control="upload", type="binary",
          attributes='mediatype="image/*"'),
)  # fmt: skip
MEMBER = Asked("who", ("What is this person's name?", "Как зовут этого человека?", "그분의 성함은요?"), bind='required="true()"')  # fmt: skip
PEOPLE = ("Who lives with you?", "Кто живёт с вами?", "누구와 함께 사세요?")
SIGN = ("Please sign here", "Распишитесь здесь, пожалуйста", "여기에 서명해 주세요")
SECTION = ("Your home", "Ваше жильё", "사는 집")


def every_type_form() -> bytes:
    """The form as an XForm."""
    binds = "".join(f'<bind nodeset="/data/{each.name}" type="{each.type}" {each.bind}/>' for each in ASKED)
    nodes = "".join(f"<{each.name}/>" for each in ASKED)
    controls = "".join(_control(each, f"/data/{each.name}") for each in ASKED)
    return f"""<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
        xmlns:jr="http://openrosa.org/javarosa" xmlns:opora="https://opora.invalid/ns">
  <h:head><h:title>Every type</h:title><model>
    <itext>{"".join(_translation(index, tag) for index, tag in enumerate(LANGUAGES))}</itext>
    <instance><data id="warm-home" version="1">{nodes}
      <member jr:template=""><who/></member><signature/><meta><instanceID/></meta></data></instance>
    {binds}
    <bind nodeset="/data/member/who" type="string" required="true()"/>
    <bind nodeset="/data/signature" type="binary" required="true()"/>
    <bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>
  </model></h:head>
  <h:body>
    <group><label ref="jr:itext('section')"/>{controls}</group>
    <group ref="/data/member"><label ref="jr:itext('people')"/>
      <repeat nodeset="/data/member">{_control(MEMBER, "/data/member/who")}</repeat></group>
    <upload ref="/data/signature" mediatype="image/*" appearance="signature">
      <label ref="jr:itext('sign')"/></upload>
  </h:body>
</h:html>""".encode()


def _translation(index: int, tag: str) -> str:
    texts = {"section": SECTION[index], "people": PEOPLE[index], "sign": SIGN[index]}
    for each in (*ASKED, MEMBER):
        texts[each.name] = each.label[index]
        if each.hint[index]:
            texts[f"{each.name}-hint"] = each.hint[index]
        texts |= {f"{each.name}-{choice[0]}": choice[index + 1] for choice in each.choices}
    found = "".join(
        f"<text id={quoteattr(key)}><value>{words}</value></text>" for key, words in texts.items()
    )
    default = 'default="true()"' if tag == "en" else ""
    return f'<translation lang="{LANGUAGES[tag]}" {default}>{found}</translation>'


def _control(asked: Asked, ref: str) -> str:
    label = f"<label ref=\"jr:itext('{asked.name}')\"/>"
    hint = f"<hint ref=\"jr:itext('{asked.name}-hint')\"/>" if asked.hint[0] else ""
    items = "".join(
        f"<item><label ref=\"jr:itext('{asked.name}-{choice[0]}')\"/><value>{choice[0]}</value></item>"
        for choice in asked.choices
    )
    return f'<{asked.control} ref="{ref}" {asked.attributes}>{label}{hint}{items}</{asked.control}>'
