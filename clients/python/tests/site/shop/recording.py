"""What the handler beside it was handed, as JSON lines on the file that SHOP_RECORDING names; nothing without it."""
import json
import logging
import os
import traceback

STOCK = set(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime", "taskName"}


class Recording(logging.Handler):
    def emit(self, record):
        path = os.environ.get("SHOP_RECORDING")
        if not path:
            return
        own = {name: value for name, value in vars(record).items() if name not in STOCK and name not in ("request", "response")}
        expected = {
            "level": record.levelname, "logger": record.name, "message": record.getMessage(), "micros": round(record.created * 1e6),
            "template": record.msg if record.args else None, "module": record.module, "line": record.lineno, "process": record.process,
            "thread": record.threadName, "extra": own,
            "traceback": None}
        if record.exc_info and record.exc_info[1]:
            expected["traceback"] = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        request = getattr(record, "request", None)
        if hasattr(request, "META"):
            expected["request"] = {"method": request.method, "path": request.path, "address": request.META["REMOTE_ADDR"]}
            expected["ids"] = [request.request_id, str(request.user.pk) if request.user.pk else None]
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(expected) + "\n")
