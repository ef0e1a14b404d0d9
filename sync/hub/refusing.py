"""A request that gets no answer but a refusal, with a sentence for a coordinator."""

from sync.kinds import RefusalCode


class Refused(Exception):
    """Becomes a signed ``Refusal`` with this HTTP status. ``detail`` goes to the log alone."""

    def __init__(
        self,
        status: int,
        code: RefusalCode,
        text: str,
        *,
        detail: str = "",
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(f"{code}: {text} {detail}")
        self.status = status
        self.code = code
        self.text = text
        self.detail = detail
        self.retry_after_s = retry_after_s
