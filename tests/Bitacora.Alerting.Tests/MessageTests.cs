using System.Text;
using System.Text.Json;
using Bitacora.Alerting.Messages;
using CsCheck;

namespace Bitacora.Alerting.Tests;

public class MessageTests
{
    private static readonly AlertSettings Spanish = TestNotifications.Settings with
    {
        Language = AlertLanguage.Es,
        Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City"),
    };

    [Fact]
    public void A_message_says_count_threshold_window_groups_lines_and_the_search_that_finds_them() =>
        TextMessage.Of(new AlertMessage(TestNotifications.Errors, TestNotifications.Settings)).ShouldBe(
            """
            [warning] FIRED: errors: 1,234 records (threshold > 10)
            Window: 2024-05-01 12:00 – 2024-05-01 12:05 UTC
            Groups: logger=shop.db: 1,234
            Since: 2024-05-01 12:05
            Query: level:ERROR
            Labels: team=shop
            Runbook: https://wiki/errors
            Alert: aaaaaaaaaaaaaaaa
            Lines:
              12:00:01.000 ERROR shop.db [r-1] refused
                  Traceback (most recent call last):
                  … OSError: refused
              … 1,232 more lines
              12:04:59.000 ERROR shop.db refused\nagain\u001b[31m
            Open this search: https://logs.example/search?q=%28level%3AERROR%29%20logger%3D%22shop.db%22&from=2024-05-01T12%3A00%3A00.0000000Z&to=2024-05-01T12%3A05%3A00.0000000Z&tz=UTC

            """);

    [Fact]
    public void The_same_in_Spanish_and_in_the_zone_of_the_settings() =>
        TextMessage.Of(new AlertMessage(TestNotifications.Errors with { Kind = AlertKind.Late }, Spanish)).ShouldStartWith(
            """
            [advertencia] DISPARADA CON RETRASO: errors: 1,234 registros (umbral > 10)
            Lo muestran registros que llegaron con retraso; entonces no se sabía.
            Ventana: 2024-05-01 06:00 – 2024-05-01 06:05 America/Mexico_City
            Grupos: logger=shop.db: 1,234
            """);

    [Fact]
    public void A_rule_has_its_own_zone()
    {
        var text = TextMessage.Of(new AlertMessage(TestNotifications.Errors with { Zone = "Asia/Tokyo" }, Spanish));

        text.ShouldContain("2024-05-01 21:00 – 2024-05-01 21:05 Asia/Tokyo");
        text.ShouldContain("tz=Asia%2FTokyo");
    }

    [Fact]
    public void Absence_says_that_nothing_arrived()
    {
        var absent = TestNotifications.Errors with { Condition = "absence", Matching = 0, Lines = [], By = [] };

        new AlertMessage(absent, TestNotifications.Settings).Title.ShouldBe("[warning] FIRED: errors: nothing arrived");
    }

    [Fact]
    public void The_line_of_a_file_has_all_of_it_on_one_line() =>
        LogLine.Of(new AlertMessage(TestNotifications.Errors, TestNotifications.Settings)).ShouldBe(
            "2024-05-01T12:05:00Z [warning] FIRED: errors: 1,234 records (threshold > 10); "
            + "Window: 2024-05-01 12:00 – 2024-05-01 12:05 UTC; Groups: logger=shop.db: 1,234; Since: 2024-05-01 12:05; "
            + "Query: level:ERROR; Labels: team=shop; Runbook: https://wiki/errors; Alert: aaaaaaaaaaaaaaaa; "
            + "Lines: 12:00:01.000 ERROR shop.db [r-1] refused; "
            + "https://logs.example/search?q=%28level%3AERROR%29%20logger%3D%22shop.db%22&from=2024-05-01T12%3A00%3A00.0000000Z"
            + "&to=2024-05-01T12%3A05%3A00.0000000Z&tz=UTC");

    [Fact]
    public void A_webhook_gets_the_same_as_json()
    {
        using var json = JsonDocument.Parse(WebhookMessage.Of(new AlertMessage(TestNotifications.Errors, Spanish)));
        var root = json.RootElement;

        root.GetProperty("id").GetString().ShouldBe("00112233445566aa");
        root.GetProperty("kind").GetString().ShouldBe("fired");
        root.GetProperty("from").GetString().ShouldBe("2024-05-01T12:00:00.0000000Z");
        root.GetProperty("count").GetInt64().ShouldBe(1234);
        root.GetProperty("more_lines").GetInt64().ShouldBe(1232);
        root.GetProperty("groups")[0].GetProperty("by").GetProperty("logger").GetString().ShouldBe("shop.db");
        root.GetProperty("groups")[0].GetProperty("alert_id").GetString().ShouldBe("aaaaaaaaaaaaaaaa");
        root.GetProperty("lines")[0].GetProperty("traceback_last").GetString().ShouldBe("OSError: refused");
        root.GetProperty("link").GetString().ShouldStartWith("https://logs.example/search?q=");
    }

    [Fact]
    public void That_a_rule_was_removed_is_said_in_the_readers_language_and_to_programs_in_English()
    {
        var removed = TestNotifications.Errors with { Kind = AlertKind.Resolved, Problem = AlertNotification.RuleRemoved };

        new AlertMessage(removed, Spanish).Title.ShouldEndWith(": se quitó la regla");
        new AlertMessage(removed, TestNotifications.Settings).Title.ShouldEndWith(": the rule was removed");
        using var json = JsonDocument.Parse(WebhookMessage.Of(new AlertMessage(removed, Spanish)));
        json.RootElement.GetProperty("problem").GetString().ShouldBe("the rule was removed");
    }

    [Fact]
    public void Html_shows_markup_of_a_record_and_does_not_obey_it()
    {
        var hostile = TestNotifications.Errors with { Query = "<script>alert(1)</script>", Labels = new Dictionary<string, string>() };
        var html = HtmlMessage.Of(new AlertMessage(hostile, TestNotifications.Settings));

        html.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        html.ShouldNotContain("<script");
    }

    [Fact]
    public void Whatever_a_record_holds_a_line_stays_a_line_and_nothing_in_it_is_obeyed() =>
        TestNotifications.Any.Sample(notification =>
        {
            var message = new AlertMessage(notification, Spanish);
            var line = LogLine.Of(message);
            line.ShouldNotContain('\n');
            line.Where(char.IsControl).ShouldBeEmpty();
            Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(line)).ShouldBe(line);
            TextMessage.Of(message).Where(c => char.IsControl(c) && c != '\n').ShouldBeEmpty();
            HtmlMessage.Of(message).Where(c => char.IsControl(c) && c != '\n').ShouldBeEmpty();
            using var json = JsonDocument.Parse(WebhookMessage.Of(message));
        });

    [Fact]
    public void Whatever_a_record_holds_slack_gets_blocks_within_its_limits() =>
        TestNotifications.Any.Sample(notification =>
        {
            using var json = JsonDocument.Parse(SlackMessage.Of(new AlertMessage(notification, Spanish)));
            var blocks = json.RootElement.GetProperty("blocks").EnumerateArray().ToArray();
            blocks.Length.ShouldBeInRange(1, 50);
            foreach (var block in blocks)
            {
                var text = block.GetProperty("text");
                var content = text.GetProperty("text").GetString()!;
                if (text.GetProperty("type").GetString() == "plain_text")
                {
                    content.Length.ShouldBeInRange(1, 150);
                    continue;
                }

                content.Length.ShouldBeInRange(1, 3000);

                // Fences come in pairs, and no markup is left that the message did not write.
                content.Split("```").Length.ShouldBeOneOf(1, 3);
                if (!content.StartsWith("<http", StringComparison.Ordinal))
                {
                    content.ShouldNotContain('<');
                    content.ShouldNotContain('>');
                }

                content.Replace("&amp;", "").Replace("&lt;", "").Replace("&gt;", "").ShouldNotContain('&');
            }
        });
}
