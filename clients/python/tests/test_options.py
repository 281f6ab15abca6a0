"""What the handler can be told."""
import logging.config
import os
import unittest
from unittest import mock

from bitacora_logging import BitacoraHandler
from bitacora_logging.options import endpoint_of, key_of, source_of
from tests.support import ClientTestCase, closed_port


class Options(ClientTestCase):
    def refused(self, kind: type, *words: str, **options: object) -> str:
        with self.assertRaises(kind) as caught:
            BitacoraHandler(**options)  # type: ignore[arg-type]
        for word in words:
            self.assertIn(word, str(caught.exception))
        return str(caught.exception)

    def test_the_originals_block_works_with_class_and_address_changed(self) -> None:
        logging.config.dictConfig({
            "version": 1, "disable_existing_loggers": False,
            "handlers": {"bitacora": {
                "class": "bitacora_logging.BitacoraHandler", "level": "INFO", "endpoint": "http://127.0.0.1:%d" % closed_port(),
                "batch_size": 100, "batch_timeout": 1.0, "queue_maxsize": 10000}},
            "loggers": {"test.options": {"handlers": ["bitacora"], "level": "DEBUG"}}})
        handler = logging.getLogger("test.options").handlers[0]
        self.addCleanup(handler.close)
        self.addCleanup(logging.getLogger("test.options").removeHandler, handler)
        self.assertIsInstance(handler, BitacoraHandler)
        self.assertEqual(handler.level, logging.INFO)

    def test_a_wrong_option_fails_at_configuration_and_the_reason_is_shown(self) -> None:
        with self.assertRaises(ValueError) as caught:
            logging.config.dictConfig({
                "version": 1, "disable_existing_loggers": False,
                "handlers": {"bitacora": {"class": "bitacora_logging.BitacoraHandler", "batch_size": 0}}})
        self.assertIn("batch_size must be from 1 to 10000", str(caught.exception.__cause__))

    def test_options_of_the_cassandra_handler_are_refused_with_what_to_write_instead(self) -> None:
        self.refused(TypeError, "contact_points", "'endpoint': 'http://127.0.0.1:7600'", contact_points=["127.0.0.1"])
        self.refused(TypeError, "keyspace", "endpoint", keyspace="logging")

    def test_an_unknown_option_is_named_with_the_nearest_and_all(self) -> None:
        self.refused(TypeError, "bach_size", "is batch_size meant?", "queue_maxsize", bach_size=1)

    def test_every_number_has_its_range(self) -> None:
        for name, wrong in [("batch_size", 0), ("batch_size", 10001), ("batch_timeout", 0), ("queue_maxsize", 0), ("max_spool_bytes", 1),
                            ("timeout", 0), ("timeout", float("nan")), ("shutdown_timeout", -1)]:
            self.refused(ValueError, name + " must be from", **{name: wrong})
        for name, wrong in [("batch_size", "100"), ("batch_size", 1.5), ("batch_size", True), ("batch_timeout", "1"), ("timeout", None)]:
            self.refused(TypeError, name + " must be a", **{name: wrong})

    def test_an_endpoint_is_an_address_without_user_query_or_blank(self) -> None:
        for wrong in ["", "127.0.0.1:7600", "ftp://host", "http://", "http://ho st", "http://host:99999", "http://host/?a=1",
                      "http://host/#f"]:
            with self.subTest(wrong):
                self.refused(ValueError, "endpoint", endpoint=wrong)
        self.refused(TypeError, "endpoint", endpoint=None)

    def test_a_word_that_may_be_secret_is_not_repeated(self) -> None:
        for wrong in ["ana:secret@host:7600", "https//ana:secret@host", "http:/ana:secret@host", "http://ana:sec/ret@host"]:
            with self.subTest(wrong):
                said = self.refused(ValueError, "endpoint must", endpoint=wrong)
                self.assertNotIn("sec", said)

    def test_a_password_in_the_endpoint_is_refused_and_not_repeated(self) -> None:
        said = self.refused(ValueError, "endpoint", "api_key", endpoint="http://user:secret@host")
        self.assertNotIn("secret", said)

    def test_an_endpoint_may_have_a_path_and_an_address_of_version_6(self) -> None:
        self.assertEqual(endpoint_of("https://logs.example.com/bitacora/"), ("logs.example.com", 443, "/bitacora/api/logs", True))
        self.assertEqual(endpoint_of("http://[::1]:7600"), ("::1", 7600, "/api/logs", False))

    def test_a_key_comes_from_the_option_else_the_file_else_the_environment(self) -> None:
        file = os.path.join(self.directory(), "key")
        with open(file, "w") as opened:
            opened.write("from-file\n")
        with mock.patch.dict(os.environ, {"BITACORA_API_KEY": "from-environment"}):
            self.assertEqual(key_of("given", None).current(), "given")
            self.assertEqual(key_of(None, file).current(), "from-file")
            self.assertEqual(key_of(None, None).current(), "from-environment")
        with mock.patch.dict(os.environ):
            os.environ.pop("BITACORA_API_KEY", None)
            self.assertIsNone(key_of(None, None).current())

    def test_a_wrong_key_is_refused_and_never_repeated(self) -> None:
        for wrong in ["", "se cret", "secreté", "secret\r\nX-Evil: 1", "secret" * 1000]:
            self.assertNotIn("secret", self.refused(ValueError, "api_key", api_key=wrong))
        self.refused(TypeError, "api_key", api_key=7)
        self.refused(ValueError, "api_key_file", api_key_file="/nowhere/key")
        self.refused(ValueError, "api_key and api_key_file", api_key="a", api_key_file="b")
        with mock.patch.dict(os.environ, {"BITACORA_API_KEY": "se cret"}):
            self.assertNotIn("cret", self.refused(ValueError, "BITACORA_API_KEY"))

    def test_redact_is_a_list_of_names(self) -> None:
        self.refused(TypeError, "redact", redact="password")
        self.refused(TypeError, "redact", redact=7)
        self.refused(TypeError, "redact", redact=[7])

    def test_a_spool_directory_is_made_and_must_be_writable(self) -> None:
        directory = os.path.join(self.directory(), "a", "b")
        self.handler("http://127.0.0.1:%d" % closed_port(), spool_directory=directory)
        self.assertEqual(os.stat(directory).st_mode & 0o777, 0o700)
        with open(os.path.join(self.directory(), "file"), "w") as file:
            self.refused(ValueError, "spool_directory", spool_directory=os.path.join(file.name, "below"))
        self.refused(TypeError, "spool_directory", spool_directory="")

    def test_the_source_is_the_django_project_else_the_program(self) -> None:
        with mock.patch.dict(os.environ, {"DJANGO_SETTINGS_MODULE": "shop.settings.production"}):
            self.assertEqual(source_of(None), "shop")
        with mock.patch.dict(os.environ), mock.patch("sys.argv", ["/srv/jobs/nightly.py"]):
            os.environ.pop("DJANGO_SETTINGS_MODULE", None)
            self.assertEqual(source_of(None), "nightly")
        self.refused(ValueError, "source", source="")
        self.refused(ValueError, "source", source="x" * 201)

    def test_a_server_that_is_away_is_no_error(self) -> None:
        handler = self.handler("http://127.0.0.1:%d" % closed_port(), shutdown_timeout=0)
        self.assertEqual(handler.get_stats()["logs_queued"], 0)


if __name__ == "__main__":
    unittest.main()
