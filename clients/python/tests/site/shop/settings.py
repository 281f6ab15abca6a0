"""A small shop whose LOGGING is what a user of the package writes; the rest is what Django asks for."""
import os

SECRET_KEY = "for tests only"
DEBUG = os.environ.get("SHOP_DEBUG") == "1"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
ASGI_APPLICATION = "shop.asgi.application"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bitacora_logging.django.RequestContextMiddleware",
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "bitacora": {
            "class": os.environ.get("SHOP_HANDLER", "bitacora_logging.BitacoraHandler"),
            "level": "INFO",
            "endpoint": os.environ["SHOP_ENDPOINT"],
            "batch_size": 100,
            "batch_timeout": 1.0,
            "queue_maxsize": 10000,
            "spool_directory": os.environ.get("SHOP_SPOOL"),
        },
        "recording": {"class": "shop.recording.Recording", "level": "INFO"},
    },
    "root": {"handlers": ["bitacora", "recording"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": ["bitacora"], "level": "INFO", "propagate": False},
    },
}
