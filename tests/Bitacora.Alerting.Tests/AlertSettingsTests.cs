using System.Text;

namespace Bitacora.Alerting.Tests;

public class AlertSettingsTests
{
    [Fact]
    public void Without_a_section_the_three_rules_of_the_original_hold()
    {
        var settings = Read("""{ "data": "/tmp/x" }""");

        settings.Faults.ShouldBeEmpty();
        settings.Rules.Select(rule => $"{rule.Query} {rule.Condition} {string.Join(',', rule.By)} {rule.Window.TotalMinutes}")
            .ShouldBe(["level:ERROR > 10  5", "level:CRITICAL > 5  5", "logger:* > 100 logger 5"]);
    }

    [Fact]
    public void A_rule_says_all_that_it_can_say()
    {
        var settings = Read("""
            {
              // Whoever is on call.
              "alerts": {
                "defaults": false,
                "rules": {
                  "slow-orders": {
                    "query": "source:shop duration_ms>2s", "condition": ">= 3", "window": "10m", "by": ["host", "logger"], "for": "2m",
                    "severity": "critical", "repeat": "1d", "runbook": "https://wiki/orders", "labels": { "team": "orders" },
                  },
                },
              },
            }
            """);

        settings.Faults.ShouldBeEmpty();
        var rule = settings.Rules.ShouldHaveSingleItem();
        rule.ShouldSatisfyAllConditions(
            () => rule.Name.ShouldBe("slow-orders"),
            () => rule.Condition.ShouldBe(new AlertCondition(ConditionOperator.AtLeast, 3)),
            () => rule.Window.ShouldBe(TimeSpan.FromMinutes(10)),
            () => rule.By.ShouldBe(["host", "logger"]),
            () => rule.For.ShouldBe(TimeSpan.FromMinutes(2)),
            () => rule.Severity.ShouldBe(AlertSeverity.Critical),
            () => rule.Repeat.ShouldBe(TimeSpan.FromDays(1)),
            () => rule.Runbook.ShouldBe("https://wiki/orders"),
            () => rule.Labels["team"].ShouldBe("orders"));
    }

    [Fact]
    public void A_rule_with_the_name_of_a_default_takes_its_place()
    {
        var settings = Read("""{ "alerts": { "rules": { "errors": { "query": "level>=ERROR", "condition": "> 3" } } } }""");

        settings.Rules.Select(rule => rule.Name).Order().ShouldBe(["critical", "errors", "logger-flood"]);
        settings.Rules.Single(rule => rule.Name == "errors").Query.ShouldBe("level>=ERROR");
    }

    [Fact]
    public void Every_fault_is_named_with_its_line_and_what_is_allowed()
    {
        var settings = Read("""
            { "alerts": {
              "rules": {
                "a b": { "query": "*", "condition": "> 1" },
                "two": {
                  "query": "level:EROR",
                  "condition": "more than 3",
                  "window": "90s",
                  "for": "2d",
                  "severity": "loud",
                  "runbook": "wiki",
                  "wait": 3
                },
                "three": { "query": "* | count", "condition": 3, "by": "time(1h)" },
                "four": {},
                "five": { "query": "time>-1h", "condition": "> 1", "by": ["a", "b", "c", "d"],
                          "query": "*" },
                "alerting": { "query": "*", "condition": "absence" }
              },
              "rulse": {}
            } }
            """);

        settings.Faults.Select(fault => fault.ToString()).ShouldBe(
            [
                "line 3: alerts:rules:a b: 'a b' is no name: 1 to 64 letters, digits, '-', '_' and '.' are allowed",
                "line 5: alerts:rules:two:query: error at 7: unknown level 'EROR', did you mean 'ERROR'?",
                $"line 6: alerts:rules:two:condition: 'more than 3' is not understood; allowed: {AlertCondition.Allowed}",
                "line 7: alerts:rules:two:window: '90s' is not allowed; whole minutes, hours or days from 1m to 1d, as 5m, 2h, 1d",
                "line 8: alerts:rules:two:for: '2d' is not allowed; whole minutes, hours or days from 0m to 1d, as 5m, 2h, 1d",
                "line 9: alerts:rules:two:severity: 'loud' is not allowed; one of info, warning, critical",
                "line 10: alerts:rules:two:runbook: an address that begins with http:// or https:// is allowed",
                "line 11: alerts:rules:two:wait: there is no such setting; there are: query, condition, by, window, for, severity, repeat, "
                + "channels, runbook, labels, zone",
                "line 13: alerts:rules:three:condition: a text is allowed",
                $"line 13: alerts:rules:three:condition: '' is not understood; allowed: {AlertCondition.Allowed}",
                "line 13: alerts:rules:three:query: a filter is allowed, without stages: a rule counts by itself, by the fields of 'by'",
                "line 13: alerts:rules:three:by: 'time(1h)' is no field that records can be grouped by: level, layer, source, logger, host "
                + "or another",
                "line 14: alerts:rules:four: 'query' is missing: a filter of the query language, '*' for all records",
                $"line 14: alerts:rules:four: 'condition' is missing: {AlertCondition.Allowed}",
                "line 15: alerts:rules:five:query: terms on time are not allowed: 'window' says it",
                "line 15: alerts:rules:five:by: at most 3 fields are allowed, each once",
                "line 16: alerts:rules:five:query: stands twice, first on line 15",
                "line 17: alerts:rules:alerting: the name is the built-in rule's; choose another",
                "line 19: alerts:rulse: there is no such setting; there are: defaults, rules, channels, language, zone, link",
            ],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("{\n  \"alerts\": {\n", 3)]
    [InlineData("", 1)]
    [InlineData("{ } x", 1)]
    public void What_is_no_json_is_one_fault_with_its_line(string json, int line) =>
        Read(json).Faults.ShouldHaveSingleItem().Line.ShouldBe(line);

    [Theory]
    [InlineData("""{ "alerts": [] }""", "line 1: alerts: an object is allowed")]
    [InlineData("""{ "alerts": { "rules": [] } }""", "line 1: alerts:rules: an object is allowed")]
    [InlineData("""{ "alerts": { "defaults": "no" } }""", "line 1: alerts:defaults: true or false is allowed")]
    [InlineData("[]", "line 1: alerts: the file must hold one JSON object")]
    public void What_has_the_wrong_form_is_a_fault(string json, string fault) =>
        Read(json).Faults.ShouldHaveSingleItem().ToString().ShouldBe(fault);

    [Theory]
    [InlineData("info, critical")]
    [InlineData("-1")]
    [InlineData(" 1")]
    public void A_severity_is_one_of_its_names(string severity) => Read(
            $$$"""{ "alerts": { "rules": { "a": { "query": "*", "condition": "> 1", "severity": "{{{severity}}}" } } } }""")
        .Faults.ShouldHaveSingleItem().Key.ShouldBe("alerts:rules:a:severity");

    [Theory]
    [InlineData("""{ "type": "file", "path": "" }""", "path", "a path")]
    [InlineData("""{ "type": "email", "host": " ", "from": "a@example.org", "to": "b@example.org" }""", "host", "a mail server's name")]
    [InlineData("""{ "type": "slack", "url_file": "" }""", "url_file", "a text that is not empty is allowed")]
    [InlineData("""{ "type": "webhook", "url": "http://a/", "url_env": "B" }""", "url", "'url_env' says where it is already")]
    public void A_channel_that_leads_nowhere_is_a_fault(string channel, string key, string fault)
    {
        var found = Read($$"""{ "alerts": { "channels": { "c": {{channel}} } } }""").Faults.ShouldHaveSingleItem();
        found.Key.ShouldBe($"alerts:channels:c:{key}");
        found.Problem.ShouldContain(fault);
    }

    [Fact]
    public void A_channel_that_a_rule_names_twice_is_a_fault() => Read(
            """
            { "alerts": { "channels": { "c": { "type": "stdout" } },
              "rules": { "a": { "query": "*", "condition": "> 1", "channels": ["c", "c"] } } } }
            """)
        .Faults.ShouldHaveSingleItem().ToString().ShouldBe("line 2: alerts:rules:a:channels: each channel is allowed once");

    private static AlertSettings Read(string json) => AlertSettings.Read(Encoding.UTF8.GetBytes(json));
}
