using System.Collections.Frozen;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

public sealed class ScopeTests
{
    [Fact]
    public async Task Scopes_of_every_shape_give_attributes()
    {
        using var logging = new TestLogging();
        var log = logging.Logger;
        using (log.BeginScope(new List<KeyValuePair<string, object?>> { new("List", 1) }))
        using (log.BeginScope(new Dictionary<string, object?> { ["Dictionary"] = 2 }))
        using (log.BeginScope(new[] { new KeyValuePair<string, object?>("Array", 3) }))
        using (log.BeginScope(Lazy()))
        using (log.BeginScope(new Dictionary<string, string> { ["Texts"] = "5" }))
        using (log.BeginScope(("Pair", (object)6)))
        using (log.BeginScope("message with {Hole}", 7))
        using (log.BeginScope("plain"))
        using (log.BeginScope("template without values"))
        using (log.BeginScope(new Named("object")))
        {
            log.LogInformation("x");
        }

        var record = await logging.RecordAsync();
        foreach (var (name, value) in new[]
        {
            ("List", "Int64:1"), ("Dictionary", "Int64:2"), ("Array", "Int64:3"), ("Lazy", "Int64:4"), ("Texts", "String:5"),
            ("Pair", "Int64:6"), ("Hole", "Int64:7"), ("dotnet.scope", "String:plain => template without values => object"),
        })
        {
            TestLogging.Attribute(record, name).ShouldBe(value, name);
        }
    }

    [Fact]
    public async Task Dictionaries_of_any_values_give_attributes_and_those_without_names_their_text()
    {
        using var logging = new TestLogging(isAlone: true);
        using (logging.Logger.BeginScope(new Dictionary<string, int> { ["Number"] = 1 }))
        using (logging.Logger.BeginScope(new SortedDictionary<string, Guid> { ["Id"] = Guid.Empty }))
        using (logging.Logger.BeginScope(new Dictionary<string, bool>()))
        using (logging.Logger.BeginScope(new Dictionary<int, string> { [7] = "seven" }))
        {
            logging.Logger.LogInformation("x");
        }

        var record = await logging.RecordAsync();
        TestLogging.Attribute(record, "Number").ShouldBe("Int64:1");
        TestLogging.Attribute(record, "Id").ShouldBe("String:00000000-0000-0000-0000-000000000000");
        TestLogging.Attribute(record, "dotnet.scope").ShouldBe($"String:{typeof(Dictionary<int, string>)}");
    }

    [Fact]
    public async Task Pairs_of_a_name_and_a_value_of_any_type_give_attributes()
    {
        using var logging = new TestLogging(isAlone: true);
        var log = logging.Logger;
        using (log.BeginScope(new KeyValuePair<string, string>[] { new("Texts", "a") }))
        using (log.BeginScope(new KeyValuePair<string, int>[] { new("Array", 1) }))
        using (log.BeginScope(new List<KeyValuePair<string, Guid>> { new("List", Guid.Empty) }))
        using (log.BeginScope(Enumerable.Range(2, 1).Select(i => new KeyValuePair<string, double>("Lazy", i + 0.5))))
        using (log.BeginScope(new Dictionary<string, long?> { ["Optional"] = 3, ["Missing"] = null }))
        using (log.BeginScope(new Dictionary<string, Uri> { ["Object"] = new("http://x/") }.ToFrozenDictionary()))
        using (log.BeginScope(new KeyValuePair<string, object?>("Single", 4)))
        using (log.BeginScope(new KeyValuePair<string, DayOfWeek>("Enum", DayOfWeek.Friday)))
        using (log.BeginScope(new List<KeyValuePair<int, string>> { new(7, "seven") }))
        {
            log.LogInformation("x");
        }

        var record = await logging.RecordAsync();
        record.Attributes.Where(pair => pair.Key != "process.pid").Select(pair => $"{pair.Key}={pair.Value.Type}:{pair.Value.Text}")
            .ShouldBe(
            [
                "Enum=String:Friday", "Single=Int64:4", "Object=String:http://x/", "Optional=Int64:3", "Lazy=Double:2.5",
                "List=String:00000000-0000-0000-0000-000000000000", "Array=Int64:1", "Texts=String:a",
                $"dotnet.scope=String:{typeof(List<KeyValuePair<int, string>>)}",
            ], ignoreOrder: true);
    }

    [Fact]
    public async Task A_scope_that_changes_between_two_calls_is_read_anew()
    {
        using var logging = new TestLogging();
        var list = new List<KeyValuePair<string, object?>> { new("List", 0) };
        var text = new StringBuilder("0");
        var template = LoggerMessage.DefineScope<string, StringBuilder>("{Fixed} and {Changing}");
        using (logging.Logger.BeginScope(list))
        using (template(logging.Logger, "fixed", text))
        {
            for (var i = 0; i < 5; i++)
            {
                list[0] = new("List", i);
                text.Clear().Append(i);
                logging.Logger.LogInformation("call");
            }
        }

        var records = await logging.RecordsAsync();
        for (var i = 0; i < 5; i++)
        {
            TestLogging.Attribute(records[i], "List").ShouldBe($"Int64:{i}");
            TestLogging.Attribute(records[i], "Fixed").ShouldBe("String:fixed");
            TestLogging.Attribute(records[i], "Changing").ShouldBe($"String:{i}");
        }
    }

    [Fact]
    public async Task Scopes_that_last_and_scopes_that_pass_are_each_with_their_own_calls()
    {
        using var logging = new TestLogging();
        var template = LoggerMessage.DefineScope<int>("{Number}");
        using (logging.Logger.BeginScope("tenant {Tenant}", "north"))
        {
            for (var i = 0; i < 100; i++)
            {
                using (template(logging.Logger, i))
                {
                    logging.Logger.LogInformation("first");
                    logging.Logger.LogInformation("second");
                    logging.Logger.LogInformation("third");
                }

                logging.Logger.LogInformation("outside");
            }
        }

        var records = await logging.RecordsAsync();
        records.Count.ShouldBe(400);
        for (var i = 0; i < 400; i++)
        {
            TestLogging.Attribute(records[i], "Tenant").ShouldBe("String:north");
            TestLogging.Attribute(records[i], "Number").ShouldBe(i % 4 == 3 ? null : $"Int64:{i / 4}");
        }
    }

    [Fact]
    public async Task Of_one_name_the_call_wins_then_the_innermost_scope()
    {
        using var logging = new TestLogging();
        using (logging.Logger.BeginScope(new Dictionary<string, object?> { ["A"] = "outer", ["B"] = "outer", ["C"] = "outer" }))
        using (logging.Logger.BeginScope(new Dictionary<string, object?> { ["A"] = "inner", ["B"] = "inner" }))
        {
            logging.Logger.LogInformation("{A}", "call");
        }

        var record = await logging.RecordAsync();
        TestLogging.Attribute(record, "A").ShouldBe("String:call");
        TestLogging.Attribute(record, "B").ShouldBe("String:inner");
        TestLogging.Attribute(record, "C").ShouldBe("String:outer");
    }

    [Fact]
    public async Task Fifty_scopes_deep_nothing_is_missing()
    {
        using var logging = new TestLogging();
        var scopes = Enumerable.Range(0, 50)
            .Select(i => logging.Logger.BeginScope(new Dictionary<string, object?> { [$"Scope{i}"] = i })).ToList();
        logging.Logger.LogInformation("x");
        scopes.Reverse();
        scopes.ForEach(scope => scope!.Dispose());
        logging.Logger.LogInformation("y");

        var records = await logging.RecordsAsync();
        Enumerable.Range(0, 50).ShouldAllBe(i => TestLogging.Attribute(records[0], $"Scope{i}") == $"Int64:{i}");
        records[1].Attributes.Select(pair => pair.Key).ShouldBe(["process.pid"]);
    }

    [Fact]
    public async Task A_hundred_flows_do_not_mix_their_scopes()
    {
        using var logging = new TestLogging();
        var start = new TaskCompletionSource();
        var flows = Enumerable.Range(0, 100).Select(i => Task.Run(async () =>
        {
            using var scope = logging.Logger.BeginScope(new Dictionary<string, object?> { ["Flow"] = i });
            await start.Task;
            for (var n = 0; n < 20; n++)
            {
                logging.Logger.LogInformation("{Number}", i);
                await Task.Yield();
            }
        })).ToList();
        start.SetResult();
        await Task.WhenAll(flows);

        var records = await logging.RecordsAsync();
        records.Count.ShouldBe(2000);
        records.ShouldAllBe(record => TestLogging.Attribute(record, "Flow") == TestLogging.Attribute(record, "Number"));
    }

    [Fact]
    public async Task Scopes_can_be_left_out_and_taken_in_again_while_the_application_runs()
    {
        using var logging = new TestLogging(new RecordingOptions { IncludeScopes = false });
        using var scope = logging.Logger.BeginScope(new Dictionary<string, object?> { ["Scope"] = 1 });
        logging.Logger.LogInformation("without");
        logging.Provider.Reload(new RecordingOptions());
        logging.Logger.LogInformation("with");

        var records = await logging.RecordsAsync();
        TestLogging.Attribute(records[0], "Scope").ShouldBeNull();
        TestLogging.Attribute(records[1], "Scope").ShouldBe("Int64:1");
    }

    private static IEnumerable<KeyValuePair<string, object?>> Lazy()
    {
        yield return new("Lazy", 4);
    }

    private sealed record Named(string Name)
    {
        public override string ToString() => Name;
    }
}
