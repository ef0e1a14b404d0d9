"""The fixed passages on which a voice's true rate is measured: at least 150 words each, as a kiosk speaks."""

PASSAGES = {
    "en": """
Good morning, and welcome. This machine helps you to ask for support, one step at a time. There is
no hurry, and nothing is sent before you say so. First you choose a language. Then you tell us what
you need, and who it is for. After that we ask one question on each page. If you do not know an
answer, you may say so and go on. You can always go back and change what you have written. A
volunteer sits beside you and is glad to explain a word or to read a letter with you. When the last
question is answered, you see everything once more on one page. Please look at it calmly. If
something is wrong, press the button beside it and put it right. Then you sign with your finger, and
the machine prints a paper for you to take home. Keep this paper in a safe place. The code on it
opens the answer of the office, here or at any other centre. We wish you a pleasant day.
""",
    "ru": """
Добрый день, мы рады вас видеть. Эта машина помогает попросить о поддержке, шаг за шагом. Спешить
некуда, и ничего не уйдёт, пока вы сами этого не захотите. Сначала вы выбираете язык. Потом
рассказываете, какая помощь нужна и кому она нужна. Дальше на каждой странице будет только один
вопрос. Если вы не знаете ответа, так и скажите и идите дальше. Всегда можно вернуться и исправить
то, что написано. Рядом сидит помощник, он охотно объяснит непонятное слово или прочитает вместе с
вами письмо. Когда вы ответите на последний вопрос, всё написанное появится на одной странице.
Посмотрите на неё спокойно. Если что-то неверно, нажмите кнопку рядом и исправьте. Потом вы
распишетесь пальцем, и машина напечатает бумагу, которую вы возьмёте домой. Храните её в надёжном
месте. Код на этой бумаге откроет ответ учреждения, здесь или в любом другом центре. Если бумага
потеряется, не беда: учреждение выдаст новую, надо только попросить об этом помощника. Ваши ответы
никто посторонний не увидит, они заперты ключом, который есть только у учреждения. Желаем вам
хорошего дня.
""",
    "ko": """
안녕하세요, 어서 오십시오. 이 기계는 필요한 도움을 한 단계씩 신청하도록 도와 드립니다.
서두르지 않으셔도 되고, 보내겠다고 말씀하시기 전에는 아무것도 보내지 않습니다. 먼저
사용하실 말을 고릅니다. 그다음 어떤 도움이 누구에게 필요한지 알려 주십니다. 그 뒤에는
한 화면에 질문이 하나씩만 나옵니다. 답을 모르시면 모른다고 하시고 다음으로 넘어가셔도
됩니다. 언제든지 뒤로 돌아가서 적으신 내용을 고치실 수 있습니다. 옆에 앉은 봉사자가
어려운 낱말을 설명하거나 편지를 함께 읽어 드립니다. 마지막 질문까지 답하시면 모든 내용이
한 화면에 다시 나옵니다. 천천히 살펴봐 주세요. 잘못된 것이 있으면 옆에 있는 단추를
눌러 바로잡으시면 됩니다. 그런 다음 손가락으로 서명하시면 집으로 가져가실 종이가
인쇄됩니다. 이 종이를 안전한 곳에 잘 보관해 주세요. 종이에 적힌 번호로 기관의 답을
여기에서나 다른 센터에서 확인하실 수 있습니다. 종이를 잃어버리셔도 괜찮습니다. 기관에서
새로 만들어 드리니 봉사자에게 말씀해 주세요. 적어 주신 내용은 다른 사람이 볼 수
없습니다. 열쇠는 기관만 가지고 있습니다. 혹시 화면의 글씨가 작으면 설정 단추를 눌러 더
크게 바꾸실 수 있고, 목소리가 빠르면 더 천천히 읽어 달라고 하실 수도 있습니다.
쉬었다가 하시고 싶으면 나중에 마치기를 눌러 주세요. 지금까지 적으신 내용은 그대로 남아
있습니다. 오늘도 좋은 하루 보내세요.
""",
}


def spoken_units(language: str) -> int:
    """Words; for Korean syllables, since its words are of very uneven length."""
    passage = PASSAGES[language]
    if language == "ko":
        return sum("가" <= letter <= "힣" for letter in passage)
    return len(passage.split())
