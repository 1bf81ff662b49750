"""An official paper is Chinese, also when its writer reads the screens in English."""

import re
from io import BytesIO

from django.urls import reverse
from docx import Document

from fangxin.kernel.casework.models import MatterPaper


def test_a_letter_written_on_english_screens_is_chinese(client_for, rectifying, office, after):
    matter = rectifying()
    client = client_for(office)
    client.cookies["django_language"] = "en"
    with after(29):
        url = reverse("casework:issue", args=[matter.pk, "supervision"])
        assert "Supervision letter" in client.get(url).content.decode()
        client.post(url, {"mark": "云食安办督", "demands": "查明原因", "reply_by": "2023-04-20"})
        answer = client.get(reverse("casework:paper", args=[MatterPaper.objects.get().pk]))
    text = "\n".join(p.text for p in Document(BytesIO(answer.content)).paragraphs)
    assert "整改中" in text
    assert not re.search(r"[A-Za-z]{3}", text)
