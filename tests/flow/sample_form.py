"""A form of five questions and a household, and a pack that offers it."""

from hashlib import sha256

from pyrage import x25519

from kiosk.catalogue import Agency, FormFile, LifeStage, Localized, Pack, Service
from kiosk.ids import AgencyId, FormId, ServiceId

FORM = FormId("warm-home")
AGENCY = AgencyId("fund")
SERVICE = ServiceId("heating")

XFORM = """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
        xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"
        xmlns:opora="https://opora.invalid/ns">
  <h:head>
    <h:title>Warm home</h:title>
    <model>
      <itext>
        <translation lang="English (en)" default="true()">
          <text id="name"><value>What is your name?</value></text>
          <text id="rooms"><value>How many rooms do you heat?</value></text>
          <text id="stove"><value>How do you heat?</value></text>
          <text id="wood"><value>With wood</value></text>
          <text id="gas"><value>With gas</value></text>
          <text id="member"><value>Who lives with you?</value></text>
          <text id="who"><value>Their name?</value></text>
          <text id="signature"><value>Please sign</value></text>
        </translation>
        <translation lang="Русский (ru)">
          <text id="name"><value>Как вас зовут?</value></text>
          <text id="rooms"><value>Сколько комнат вы топите?</value></text>
          <text id="stove"><value>Чем вы топите?</value></text>
          <text id="wood"><value>Дровами</value></text>
          <text id="gas"><value>Газом</value></text>
          <text id="member"><value>Кто живёт с вами?</value></text>
          <text id="who"><value>Как зовут этого человека?</value></text>
          <text id="signature"><value>Распишитесь, пожалуйста</value></text>
        </translation>
        <translation lang="한국어 (ko)">
          <text id="name"><value>성함이 어떻게 되세요?</value></text>
          <text id="rooms"><value>방 몇 개에 불을 때세요?</value></text>
          <text id="stove"><value>무엇으로 난방하세요?</value></text>
          <text id="wood"><value>나무</value></text>
          <text id="gas"><value>가스</value></text>
          <text id="member"><value>누구와 함께 사세요?</value></text>
          <text id="who"><value>그분의 성함은요?</value></text>
          <text id="signature"><value>서명해 주세요</value></text>
        </translation>
      </itext>
      <instance>
        <data id="warm-home" version="1">
          <name/><rooms/><stove/>
          <member jr:template=""><who/></member>
          <signature/>
          <meta><instanceID/></meta>
        </data>
      </instance>
      <bind nodeset="/data/name" type="string" required="true()" opora:person="name"/>
      <bind nodeset="/data/rooms" type="int" constraint=". &gt; 0"/>
      <bind nodeset="/data/stove" type="string"/>
      <bind nodeset="/data/member/who" type="string"/>
      <bind nodeset="/data/signature" type="binary"/>
      <bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>
    </model>
  </h:head>
  <h:body>
    <input ref="/data/name"><label ref="jr:itext('name')"/></input>
    <input ref="/data/rooms"><label ref="jr:itext('rooms')"/></input>
    <select1 ref="/data/stove"><label ref="jr:itext('stove')"/>
      <item><label ref="jr:itext('wood')"/><value>wood</value></item>
      <item><label ref="jr:itext('gas')"/><value>gas</value></item>
    </select1>
    <group ref="/data/member"><label ref="jr:itext('member')"/>
      <repeat nodeset="/data/member">
        <input ref="/data/member/who"><label ref="jr:itext('who')"/></input>
      </repeat>
    </group>
    <upload ref="/data/signature" mediatype="image/*" appearance="signature">
      <label ref="jr:itext('signature')"/>
    </upload>
  </h:body>
</h:html>
""".encode()


def in_three(en: str, ru: str, ko: str) -> Localized:
    return Localized.of({"en": en, "ru": ru, "ko": ko})


def sample_pack(xform: bytes = XFORM) -> Pack:
    """One agency with a key of its own, one service with the form above."""
    return Pack(
        id="sample",
        version="1",
        languages=("en", "ru", "ko"),
        agencies={
            AGENCY: Agency(
                AGENCY,
                in_three("Fund for Warmth", "Фонд тепла", "온기 재단"),
                in_three("2 River Street", "Речная, 2", "강변로 2"),
                "+1 555 0102",
                str(x25519.Identity.generate().to_public()),
            )
        },
        locations={},
        services=(
            Service(
                SERVICE,
                AGENCY,
                in_three("Heating cost allowance", "Пособие на отопление", "난방비 지원금"),
                in_three("Help with heating", "Помощь с отоплением", "난방비 도움"),
                in_three("Money for the winter.", "Деньги на зиму.", "겨울 난방비입니다."),
                LifeStage.OLD_AGE,
                "heat",
                FORM,
                in_three("Whoever heats at home.", "Кто топит дома.", "집에서 난방하는 분."),
                in_three(
                    "The fund answers within a month.", "Фонд ответит за месяц.", "한 달 안에 답이 옵니다."
                ),
            ),
        ),
        forms={FORM: FormFile(FORM, "1", sha256(xform).hexdigest(), xform)},
        parameters=(),
    )
