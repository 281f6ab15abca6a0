using System.Collections;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

/// <summary>Whatever a log call brings: the application sees nothing of it, and the record is kept and flagged.</summary>
public sealed class HostileCallTests
{
    [Fact]
    public async Task A_value_whose_text_throws_is_replaced_and_the_rest_is_kept()
    {
        using var logging = new TestLogging(isAlone: true);
        logging.Logger.LogInformation("{A} {Bad} {C}", 1, new Throwing(), 3);

        var record = await logging.RecordAsync();
        record.Message.ShouldBe($"1 ({typeof(Throwing).FullName}: InvalidOperationException) 3");
        TestLogging.Attribute(record, "C").ShouldBe("Int64:3");
        TestLogging.Attribute(record, "parse_error").ShouldNotBeNull().ShouldContain("InvalidOperationException");
    }

    [Fact]
    public async Task A_collection_that_throws_within_is_replaced()
    {
        using var logging = new TestLogging(isAlone: true);
        logging.Logger.LogInformation("{Bad} {B}", Failing(), 2);
        var record = await logging.RecordAsync();
        record.Message.ShouldNotBeNull().ShouldEndWith(" 2");
        TestLogging.Attribute(record, "parse_error").ShouldNotBeNull();
    }

    [Fact]
    public async Task An_endless_collection_ends_and_the_record_is_flagged()
    {
        using var logging = new TestLogging(isAlone: true);
        logging.Logger.LogInformation("{Endless} {B}", Endless(), 2);
        var record = await logging.RecordAsync();
        record.Message.ShouldNotBeNull().ShouldStartWith("1, 1, 1");
        TestLogging.Attribute(record, "B").ShouldBe("Int64:2");
        TestLogging.Attribute(record, "truncated").ShouldBe("Boolean:true");
    }

    [Fact]
    public async Task A_scope_that_throws_is_left_out()
    {
        using var logging = new TestLogging(isAlone: true);
        using var good = logging.Logger.BeginScope(new Dictionary<string, object?> { ["Good"] = 1 });
        using var bad = logging.Logger.BeginScope(new ThrowingScope());
        logging.Logger.LogInformation("kept");
        var record = await logging.RecordAsync();
        record.Message.ShouldBe("kept");
        TestLogging.Attribute(record, "Good").ShouldBe("Int64:1");
        TestLogging.Attribute(record, "parse_error").ShouldNotBeNull().ShouldContain(nameof(ThrowingScope));
    }

    [Fact]
    public async Task A_formatter_that_throws_leaves_level_logger_and_exception()
    {
        using var logging = new TestLogging(isAlone: true);
        logging.Logger.Log<object>(
            LogLevel.Error, default, new object(), new IOException("disk"), (_, _) => throw new InvalidOperationException());
        var record = await logging.RecordAsync();
        record.Traceback.ShouldNotBeNull().ShouldContain("disk");
        TestLogging.Attribute(record, "parse_error").ShouldNotBeNull();
    }

    [Fact]
    public async Task An_exception_whose_text_and_message_throw_is_named()
    {
        using var logging = new TestLogging(isAlone: true);
        logging.Logger.LogError(new ThrowingException(), "failed");
        var record = await logging.RecordAsync();
        record.Message.ShouldBe("failed");
        record.Traceback.ShouldNotBeNull().ShouldContain(nameof(ThrowingException));
    }

    [Fact]
    public async Task Too_few_values_are_kept_as_far_as_they_go()
    {
        using var logging = new TestLogging(isAlone: true);
        logging.Logger.Log(LogLevel.Information, "{A} {B}", 1);
        var record = await logging.RecordAsync();
        record.Message.ShouldBe("1 {B}");
        TestLogging.Attribute(record, "A").ShouldBe("Int64:1");
    }

    [Fact]
    public async Task What_is_too_large_is_cut_and_flagged_and_logging_goes_on()
    {
        using var logging = new TestLogging(isAlone: true);
        var names = string.Concat(Enumerable.Range(0, 500).Select(i => $"{{P{i}}}"));
        logging.Logger.Log(LogLevel.Information, new string('x', 1_500_000));
        logging.Logger.Log(LogLevel.Information, "{Big}", new string('ñ', 200_000));
        logging.Logger.Log(LogLevel.Information, names, [.. Enumerable.Range(0, 500).Cast<object?>()]);
        logging.Logger.Log(LogLevel.Information, "lone \ud800 surrogate and \0 NUL {V}", "\udfff\0");

        var records = await logging.RecordsAsync();
        records.Count.ShouldBe(4);
        records.Take(3).ShouldAllBe(record => TestLogging.Attribute(record, "truncated") == "Boolean:true");
        records[0].Message.ShouldNotBeNull().Length.ShouldBeGreaterThan(500_000);
        records[2].Message.ShouldBe(string.Concat(Enumerable.Range(0, 500)));
        records[3].Message.ShouldBe("lone \ufffd surrogate and \0 NUL \ufffd\0");
    }

    [Fact]
    public async Task A_text_that_logs_itself_ends()
    {
        var said = new List<string>();
        using var logging = new TestLogging(new RecordingOptions { SelfLog = said.Add }, isAlone: true);
        logging.Logger.LogInformation("{Self}", new LogsItself(logging.Logger));
        (await logging.RecordsAsync()).Count.ShouldBe(4);
        said.ShouldHaveSingleItem().ShouldContain("endless");
        (logging.Provider.Statistics.LogsQueued, logging.Provider.Statistics.LogsDropped).ShouldBe((5, 1));
    }

    [Fact]
    public async Task Memory_that_the_applications_code_did_not_get_costs_the_value_and_no_more()
    {
        using var logging = new TestLogging(isAlone: true);
        logging.Logger.LogInformation("{Bad} {B}", new Huge(), 2);
        logging.Logger.Log<object>(LogLevel.Information, default, new object(), null, (_, _) => new Huge().ToString());
        using (logging.Logger.BeginScope(new Huge()))
        {
            logging.Logger.LogInformation("in a scope");
        }

        var records = await logging.RecordsAsync();
        records.Select(record => record.Message).ShouldBe([$"({typeof(Huge).FullName}: OutOfMemoryException) 2", null, "in a scope"]);
        records.ShouldAllBe(record => TestLogging.Attribute(record, "parse_error") != null);
    }

    [Fact]
    public async Task A_call_that_cannot_be_written_down_is_counted_and_said()
    {
        var said = new List<string>();
        using var logging = new TestLogging(new RecordingOptions { SelfLog = said.Add }, isAlone: true);
        logging.Provider.SetScopeProvider(new HugeScopes());
        Should.NotThrow(() => logging.Logger.LogInformation("lost"));
        (await logging.RecordsAsync()).ShouldBeEmpty();
        (logging.Provider.Statistics.LogsQueued, logging.Provider.Statistics.LogsDropped).ShouldBe((1, 1));
        said.ShouldHaveSingleItem().ShouldContain("OutOfMemoryException");
    }

    [Fact]
    public async Task A_hundred_thousand_templates_are_all_rendered_and_not_all_kept()
    {
        using var logging = new TestLogging(
            new RecordingOptions { QueueCapacity = 200_000, QueueBytes = 64 << 20, BatchSize = 1000 }, isAlone: true);
        for (var i = 0; i < 100_000; i++)
        {
            logging.Logger.Log(LogLevel.Information, $"number {i} of {{A}}", i);
        }

        var records = await logging.RecordsAsync();
        records.Count.ShouldBe(100_000);
        records[^1].Message.ShouldBe("number 99999 of 99999");
    }

    private static IEnumerable Failing()
    {
        yield return 1;
        throw new InvalidOperationException();
    }

    private static IEnumerable Endless()
    {
        while (true)
        {
            yield return 1;
        }
    }

    private sealed class Throwing
    {
        public override string ToString() => throw new InvalidOperationException();
    }

    private sealed class Huge
    {
        // More than any array may have: refused at once.
        public override string ToString() => new byte[int.MaxValue].Length.ToString(CultureInfo.InvariantCulture);
    }

    private sealed class HugeScopes : IExternalScopeProvider
    {
        public void ForEachScope<TState>(Action<object?, TState> callback, TState state) => new Huge().ToString();

        public IDisposable Push(object? state) => throw new NotSupportedException();
    }

    private sealed class ThrowingScope : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 2;

        public KeyValuePair<string, object?> this[int index] => throw new InvalidOperationException();

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => throw new InvalidOperationException();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class ThrowingException : Exception
    {
        public override string Message => throw new InvalidOperationException();

        public override string ToString() => throw new InvalidOperationException();
    }

    private sealed class LogsItself(ILogger logger)
    {
        public override string ToString()
        {
            logger.LogInformation("{Self}", this);
            return "self";
        }
    }
}
