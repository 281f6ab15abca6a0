using System.Diagnostics;
using Bitacora.Records;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

/// <summary>What of a log call stands where in its record.</summary>
public sealed class FieldTests
{
    [Fact]
    public async Task A_call_gives_level_logger_event_template_values_and_who_wrote_it()
    {
        using var logging = new TestLogging(new RecordingOptions { Source = "shop", Host = "web-1" });
        Messages.Three(logging.Logger, 4711, "Ana", 12.5);

        var record = await logging.RecordAsync();
        record.Level.ShouldBe(Level.Info);
        record.Layer.ShouldBe(Layer.Application);
        (record.Source, record.Host, record.Logger).ShouldBe(("shop", "web-1", "Shop.Orders"));
        record.Message.ShouldBe("order 4711 of Ana took 12.5 ms");
        record.Template.ShouldBe("order {Order} of {Customer} took {Elapsed} ms");
        record.Attributes.Select(pair => $"{pair.Key}={pair.Value.Type}:{pair.Value.Text}").ShouldBe(
        [
            "EventId=Int64:5", "EventName=String:Three", "Order=Int64:4711", "Customer=String:Ana", "Elapsed=Double:12.5",
            $"process.pid=Int64:{Environment.ProcessId}",
        ]);
        (RecordTime.ToDateTimeOffset(record.Time) - DateTimeOffset.UtcNow).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_call_whose_own_values_are_named_as_the_event_loses_neither()
    {
        using var logging = new TestLogging();
        Messages.OfEvent(logging.Logger, 4711);
        logging.Logger.LogInformation(new EventId(5, "Paid"), "{EventName} of {EventId}", "mine", null);
        using (logging.Logger.BeginScope(new Dictionary<string, object?> { ["EventId"] = "scope" }))
        {
            logging.Logger.LogInformation(new EventId(6), "x");
            logging.Logger.LogInformation("{EventId}", "alone");
        }

        var records = await logging.RecordsAsync();
        records.Select(record => string.Join(
            ' ',
            record.Attributes.Where(pair => pair.Key.Contains("event", StringComparison.OrdinalIgnoreCase))
                .Select(pair => $"{pair.Key}={pair.Value.Text}"))).ShouldBe(
        [
            "dotnet.event_id=21 EventName=OfEvent EventId=4711", "EventId=5 dotnet.event_name=Paid EventName=mine", "EventId=6",
            "EventId=alone",
        ]);
    }

    [Fact]
    public async Task Levels_are_the_frameworks_and_None_is_no_level()
    {
        using var logging = new TestLogging();
        for (var level = LogLevel.Trace; level <= LogLevel.None; level++)
        {
            logging.Logger.Log(level, "x");
        }

        (await logging.RecordsAsync()).Select(record => record.Level)
            .ShouldBe([Level.Trace, Level.Debug, Level.Info, Level.Warning, Level.Error, Level.Critical]);
    }

    [Fact]
    public async Task Values_keep_their_types()
    {
        using var logging = new TestLogging();
        logging.Logger.LogInformation(
            "{Int} {Long} {Ulong} {Double} {Float} {Decimal} {Bool} {Null} {Text} {Enum} {Guid} {Time} {Offset} {Span} {List} {Nan}",
            1, -2L, ulong.MaxValue, 2.5, 0.1f, 1.25m, true, null, "text", DayOfWeek.Friday, Guid.Empty,
            new DateTime(2024, 5, 1, 12, 30, 5, DateTimeKind.Utc), new DateTimeOffset(2024, 5, 1, 12, 30, 5, TimeSpan.FromHours(2)),
            TimeSpan.FromSeconds(90), new object?[] { 1, "zwei", null, true, 2.5 }, double.NaN);

        var record = await logging.RecordAsync();
        Dictionary<string, string?> expected = new()
        {
            ["Int"] = "Int64:1",
            ["Long"] = "Int64:-2",
            ["Ulong"] = "Double:1.8446744073709552E+19",
            ["Double"] = "Double:2.5",
            ["Float"] = "Double:0.1",
            ["Decimal"] = "Double:1.25",
            ["Bool"] = "Boolean:true",
            ["Null"] = null,
            ["Text"] = "String:text",
            ["Enum"] = "String:Friday",
            ["Guid"] = "String:00000000-0000-0000-0000-000000000000",
            ["Time"] = "String:2024-05-01T12:30:05.0000000Z",
            ["Offset"] = "String:2024-05-01T12:30:05.0000000+02:00",
            ["Span"] = "String:00:01:30",
            ["List"] = """String:[1,"zwei",null,true,2.5]""",
            ["Nan"] = "String:NaN",
        };
        foreach (var (name, value) in expected)
        {
            TestLogging.Attribute(record, name).ShouldBe(value, name);
        }
    }

    [Fact]
    public async Task A_parameter_that_is_called_as_a_keyword_is_an_attribute_without_the_sign_for_it()
    {
        using var logging = new TestLogging();
        Messages.Keywords(logging.Logger, "gold", 7, 1, 2, 3, 4, 5);
        var record = await logging.RecordAsync();
        TestLogging.Attribute(record, "class").ShouldBe("String:gold");
        TestLogging.Attribute(record, "Event").ShouldBe("Int64:7");
    }

    [Fact]
    public async Task Values_of_known_names_become_the_ids_and_the_duration()
    {
        using var logging = new TestLogging();
        logging.Logger.LogInformation(
            "{RequestId} {UserId} {SessionId} {ElapsedMilliseconds}", "r-1", 42, Guid.Empty, TimeSpan.FromSeconds(1.5));

        var record = await logging.RecordAsync();
        (record.RequestId, record.UserId, record.SessionId, record.DurationMs)
            .ShouldBe(("r-1", "42", "00000000-0000-0000-0000-000000000000", 1500.0));
        record.Attributes.Select(pair => pair.Key).ShouldBe(["process.pid"]);
        record.Message.ShouldBe("r-1 42 00000000-0000-0000-0000-000000000000 00:00:01.5000000");
    }

    [Fact]
    public async Task The_first_name_of_a_list_gives_the_field_and_the_others_stay_attributes()
    {
        using var logging = new TestLogging(new RecordingOptions { RequestIdKeys = ["Mine", "RequestId"], DurationKeys = ["Took"] });
        using (logging.Logger.BeginScope(new Dictionary<string, object?> { ["Mine"] = "strong", ["RequestId"] = "weak" }))
        {
            logging.Logger.LogInformation("{RequestId} {Took}", "weaker", "no number");
        }

        var record = await logging.RecordAsync();
        record.RequestId.ShouldBe("strong");
        record.DurationMs.ShouldBeNull();
        TestLogging.Attribute(record, "RequestId").ShouldBe("String:weaker");
        TestLogging.Attribute(record, "Took").ShouldBe("String:no number");
    }

    [Fact]
    public async Task An_exception_is_a_traceback_with_its_causes_all_of_them()
    {
        using var logging = new TestLogging();
        Messages.Failed(logging.Logger, Thrown(), 7);

        var record = await logging.RecordAsync();
        record.Traceback.ShouldNotBeNull().ShouldContain("System.AggregateException: outer");
        record.Traceback.ShouldContain("System.InvalidOperationException: first cause");
        record.Traceback.ShouldContain("System.ArgumentException: second cause");
        record.Traceback.ShouldContain($"at {typeof(FieldTests).FullName}.Thrown()");
        TestLogging.Attribute(record, "exception.type").ShouldBe("String:System.AggregateException");
    }

    [Fact]
    public async Task Trace_and_span_are_the_activitys_and_without_a_request_id_the_trace_is_it()
    {
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        using var logging = new TestLogging();
        logging.Logger.LogInformation("x");

        var record = await logging.RecordAsync();
        (record.TraceId, record.SpanId).ShouldBe((activity.TraceId.ToHexString(), activity.SpanId.ToHexString()));
        record.RequestId.ShouldBe(record.TraceId);
    }

    [Fact]
    public async Task Without_an_activity_there_is_no_trace()
    {
        using var logging = new TestLogging();
        logging.Logger.LogInformation("x");
        var record = await logging.RecordAsync();
        (record.TraceId, record.SpanId, record.RequestId).ShouldBe((null, null, null));
    }

    [Fact]
    public async Task The_scope_in_which_the_host_repeats_the_activity_is_not_repeated()
    {
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        using var logging = new TestLogging(
            tracking: ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId | ActivityTrackingOptions.ParentId);
        logging.Logger.LogInformation("x");

        var record = await logging.RecordAsync();
        record.TraceId.ShouldBe(activity.TraceId.ToHexString());
        record.Attributes.Select(pair => pair.Key).ShouldBe(["process.pid"]);
    }

    [Fact]
    public async Task A_value_that_changes_after_the_call_keeps_what_it_was()
    {
        using var logging = new TestLogging();
        var list = new List<int> { 1, 2 };
        var order = new Changing { Text = "before" };
        var scope = new Dictionary<string, object?> { ["State"] = "before" };
        using (logging.Logger.BeginScope(scope))
        {
            logging.Logger.LogInformation("{List} {Order}", list, order);
        }

        list.Add(3);
        order.Text = "after";
        scope["State"] = "after";
        var record = await logging.RecordAsync();
        record.Message.ShouldBe("1, 2 before");
        TestLogging.Attribute(record, "State").ShouldBe("String:before");
    }

    private static AggregateException Thrown()
    {
        try
        {
            throw new AggregateException("outer", new InvalidOperationException("first cause"), new ArgumentException("second cause"));
        }
        catch (AggregateException e)
        {
            return e;
        }
    }

    private sealed class Changing
    {
        public required string Text { get; set; }

        public override string ToString() => Text;
    }
}
