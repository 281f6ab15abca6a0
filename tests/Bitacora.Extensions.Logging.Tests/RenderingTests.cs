using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using CsCheck;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

/// <summary>A record's message is what the framework renders, though it is rendered later and elsewhere.</summary>
public sealed class RenderingTests
{
    private static readonly string[] Holes =
    [
        "{A}", "{A,10}", "{A,-10}", "{A:X}", "{A,6:N2}", "{{{A}}}", "{{A}} {A}", "{A}}}", "{A} {{", "ñ{A}€", "{ A }", "{@A}", "{0}",
    ];

    private static readonly string[] Parts = [.. Holes, "{B:0.0}", "x", " {{}} ", "{C,8}"];

    private static readonly object?[] Values =
    [
        null, "", "text", "with {braces}", 7, -7L, (byte)200, (sbyte)-3, (short)-300, (ushort)300, 7u, 18446744073709551615ul, 3.5,
        0.1f, 1234.5678m, true, 'x', new Guid("01234567-89ab-cdef-0123-456789abcdef"), DayOfWeek.Friday,
        new DateTime(2024, 5, 1, 12, 30, 5, DateTimeKind.Utc), new DateTimeOffset(2024, 5, 1, 12, 30, 5, TimeSpan.FromHours(-6)),
        TimeSpan.FromSeconds(90.5), new DateOnly(2024, 5, 1), new TimeOnly(12, 30), new[] { 1, 2, 3 }, new object?[] { null, "x", 2.5 },
        Array.Empty<string>(), new List<string> { "a", "b" }, new BigInteger(255), Half.One, new Version(1, 2), new Uri("http://x/"),
        double.NaN, double.PositiveInfinity, (Int128)17, "😀", new Dictionary<string, int> { ["k"] = 1 }, StringComparison.Ordinal,
        typeof(int), new IntPtr(5), FileAttributes.Hidden | FileAttributes.System,
    ];

    [Fact]
    public async Task Messages_of_five_hundred_templates_are_the_frameworks_own()
    {
        using var logging = new TestLogging();
        var calls = 0;
        foreach (var hole in Holes)
        {
            foreach (var value in Values)
            {
                calls += TryLog(logging, "before " + hole + " after", value) ? 1 : 0;
            }
        }

        calls.ShouldBeGreaterThan(450);
        await ExpectSameAsync(logging);
    }

    [Fact]
    public async Task Messages_of_formats_that_a_type_has_of_its_own_are_the_frameworks()
    {
        using var logging = new TestLogging();
        var time = new DateTimeOffset(2024, 5, 1, 12, 30, 5, 123, TimeSpan.FromHours(2));
        foreach (var (format, value) in new (string, object)[]
        {
            ("D5", 42), ("x8", 48879), ("E3", 12345.678), ("P1", 0.256), ("C", 5.5m), ("R", 0.1), ("#,##0.00", 1234567.891), ("G17", 0.1f),
            ("yyyy-MM-dd", time), ("O", time), ("HH:mm:ss", time), ("u", time.UtcDateTime), ("N", Guid.Empty), ("B", Guid.Empty),
            ("c", TimeSpan.FromMinutes(5)), ("hh\\:mm", TimeSpan.FromMinutes(65)), ("D", DayOfWeek.Friday), ("X", DayOfWeek.Friday),
            ("F", FileAttributes.Hidden), ("G", DayOfWeek.Friday), ("o", new DateOnly(2024, 5, 1)), ("HH", new TimeOnly(7, 0)),
            ("X", (sbyte)-1), ("X", (short)-1), ("X", -1), ("X", -1L), ("X", new BigInteger(255)), ("F2", (Half)1.5), ("0000", 7m),
            ("", 5), ("X", "text"), ("X", true), ("X", 'c'), ("f3", 1.0), ("e", -0.0), ("D20", long.MaxValue), ("N0", ulong.MaxValue),
        })
        {
            var template = "{Value:" + format + "}|{Value,20:" + format + "}|{Value,-20:" + format + "}";
            TryLog(logging, template, value, value, value).ShouldBeTrue(format);
        }

        await ExpectSameAsync(logging);
    }

    [Theory]
    [InlineData("no holes at all")]
    [InlineData("doubled {{braces}} stay where nothing is filled in")]
    [InlineData("")]
    [InlineData("{Unfilled}")]
    [InlineData("}")]
    public async Task A_template_without_values_is_the_message_as_it_stands(string template)
    {
        using var logging = new TestLogging();
        Log(logging.Logger, template);
        await ExpectSameAsync(logging);
        (await logging.RecordAsync()).Template.ShouldBe(template.Length == 0 ? null : template);
    }

    [Fact]
    public async Task Values_beyond_the_holes_are_ignored_as_the_framework_does()
    {
        using var logging = new TestLogging();
        Log(logging.Logger, "a {{b}} c", 1);
        Log(logging.Logger, "{A}", 1, 2, 3);
        await ExpectSameAsync(logging);
    }

    [Fact]
    public async Task The_same_name_twice_takes_two_values_and_the_first_becomes_the_attribute()
    {
        using var logging = new TestLogging();
        Log(logging.Logger, "{A} then {A}", 1, 2);
        await ExpectSameAsync(logging);
        var record = await logging.RecordAsync();
        record.Message.ShouldBe("1 then 2");
        TestLogging.Attribute(record, "A").ShouldBe("Int64:1");
    }

    [Fact]
    public async Task Messages_of_generated_methods_are_the_frameworks_own()
    {
        using var logging = new TestLogging();
        var log = logging.Logger;
        Messages.None(log);
        Messages.Braces(log);
        Messages.One(log, 1);
        Messages.Six(log, 1, "two", 3.5, true, 'x', DayOfWeek.Monday);
        Messages.Seven(log, 1, "two", 3.5, true, 'x', DayOfWeek.Monday, 7m);
        Messages.Eight(log, 1, null, 3.25f, 4, 5, 6, 7, 8);
        Messages.Swapped(log, "first", 2);
        Messages.Unused(log, 1, "extra");
        Messages.Dynamic(log, LogLevel.Error, 5);
        Messages.Formats(log, 3.14159, 42, new DateTime(2024, 5, 1, 12, 0, 0, DateTimeKind.Utc));
        Messages.Collections(log, 1, 2, 3, 4, 5, [1, 2, 3], null);
        Messages.Optional(log, 5, null, null);
        Messages.Keywords(log, "gold", 7, 1, 2, 3, 4, 5);
        await ExpectSameAsync(logging);
    }

    [Fact]
    public async Task A_collection_is_the_text_that_it_gives_itself_where_a_generated_method_declares_none()
    {
        using var logging = new TestLogging();
        var log = logging.Logger;
        Messages.Objects(log, new[] { 1, 2 }, [1, 2], new ArraySegment<int>([1, 2, 3], 1, 2), [3], "text", new[] { 4 }, [[5], [6, 7]]);
        Messages.Objects(log, new List<string> { "a" }, default, default, null, new[] { 1 }, null, []);
        Messages.Objects(log, 5, [], default, default(ImmutableArray<int>), null, new[] { "text" }, []);
        Messages.Objects(log, DayOfWeek.Friday, [], [], [], new Version(1, 2), Enumerable.Range(1, 3), []);
        MessagesOf<int[]>.Seven(log, [1, 2], 2, 3, 4, 5, 6, 7);
        MessagesOf<object>.Seven(log, "text", 2, 3, 4, 5, 6, 7);
        await ExpectSameAsync(logging);
        var records = await logging.RecordsAsync();
        TestLogging.Attribute(records[0], "A").ShouldBe("String:System.Int32[]");
        TestLogging.Attribute(records[0], "F").ShouldBe("String:[4]");
        records.ShouldAllBe(record => TestLogging.Attribute(record, "parse_error") == null);
    }

    [Fact]
    public async Task A_text_is_a_text_whatever_it_is_declared_as()
    {
        using var logging = new TestLogging();
        LoggerMessage.Define<IEnumerable<char>, IEnumerable, object>(LogLevel.Information, 1, "{A} {B} {C}")(
            logging.Logger, "one", "two", "three", null);
        LoggerMessage.Define<IEnumerable<char>, IEnumerable, string>(LogLevel.Information, 1, "{A,9} {B:X} {C}")(
            logging.Logger, "one", "two", "three", null);
        Log(logging.Logger, "{A} {B} {C}", "one", "two", "three");
        await ExpectSameAsync(logging);

        // Here alone the framework spells it: [o, n, e].
        Messages.Texts(logging.Logger, "one", "two", "three", 4, 5, 6, 7);
        var records = await logging.RecordsAsync();
        records[^1].Message.ShouldBe("one two three 4567");
        foreach (var record in records)
        {
            TestLogging.Attribute(record, "A").ShouldBe("String:one");
            TestLogging.Attribute(record, "B").ShouldBe("String:two");
            TestLogging.Attribute(record, "C").ShouldBe("String:three");
        }
    }

    [Fact]
    public async Task Enumerations_have_the_frameworks_texts_in_all_their_formats()
    {
        Messages.Grade[] grades =
            [Messages.Grade.Low, Messages.Grade.High, Messages.Grade.Negative, (Messages.Grade)3, (Messages.Grade)(-7)];
        Messages.Wide[] wides = [Messages.Wide.None, Messages.Wide.Most, Messages.Wide.Half, (Messages.Wide)(ulong.MaxValue - 5)];
        FileAttributes[] flags = [0, FileAttributes.Hidden, FileAttributes.Hidden | FileAttributes.System, (FileAttributes)(1 << 30)];
        using var logging = new TestLogging();
        foreach (var (grade, wide, flag) in from a in grades from b in wides from c in flags select (a, b, c))
        {
            Messages.Enums(logging.Logger, wide, grade, flag, grade, 5, 6, 7);
        }

        var defined = LoggerMessage.Define<Messages.Grade, Messages.Wide, FileAttributes>(LogLevel.Information, 1, "{A:F} {B:D} {C:F}");
        foreach (var format in (string[])["", ":", ":D", ":d", ":F", ":f", ":G", ":X", ",20:F"])
        {
            foreach (object value in (IEnumerable<object>)[.. grades, .. wides, .. flags])
            {
                TryLog(logging, "{A" + format + "}|{B}", value, value).ShouldBeTrue();
            }
        }

        defined(logging.Logger, (Messages.Grade)3, Messages.Wide.Most, FileAttributes.System | FileAttributes.Hidden, null);
        await ExpectSameAsync(logging);
        TestLogging.Attribute((await logging.RecordsAsync())[0], "A").ShouldBe("String:None");
    }

    [Fact]
    public async Task An_empty_format_is_given_as_it_stands()
    {
        using var logging = new TestLogging();
        TryLog(logging, "{A:}|{B}|{C:}", new Telling(), new Telling(), 5).ShouldBeTrue();
        await ExpectSameAsync(logging);
        (await logging.RecordAsync()).Message.ShouldBe("[]|[null]|5");
    }

    [Fact]
    public void Random_templates_and_values_give_the_frameworks_messages() =>
        Gen.Select(Gen.Int[0, Parts.Length - 1].Array[1, 5], Gen.Int[0, Values.Length - 1].Array[5])
            .Sample(
                (parts, values) =>
                {
                    using var logging = new TestLogging();
                    if (TryLog(logging, string.Concat(parts.Select(i => Parts[i])), [.. values.Select(i => Values[i])]))
                    {
                        var records = logging.RecordsAsync().WaitAsync(TimeSpan.FromMinutes(1)).GetAwaiter().GetResult();
                        return (records.Single().Message ?? "") == logging.Texts.All.Single();
                    }

                    return true;
                },
                iter: 60, threads: 1);

    [Fact]
    public async Task Two_thousand_random_calls_give_the_frameworks_messages()
    {
        // Always the same ones: what is found once is found again.
        var random = new Random(4711);
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        object?[] values = [.. Values, Messages.Wide.Most, (Messages.Grade)3, Messages.Grade.Best, (FileAttributes)6, new Telling()];
        using var logging = new TestLogging(new RecordingOptions { QueueCapacity = 10_000, QueueBytes = 64 << 20 });
        var before = CultureInfo.CurrentCulture;
        for (var calls = 0; calls < 2_000;)
        {
            var template = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Pick(Parts, random) + Hole(random)));
            object?[] chosen = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => Pick(values, random))];

            // The framework renders elements of collections in the caller's culture, unlike everything else.
            CultureInfo.CurrentCulture = Array.Exists(chosen, value => value is IEnumerable and not string) ? before : culture;
            calls += TryLog(logging, template, chosen) ? 1 : 0;
            CultureInfo.CurrentCulture = before;
        }

        await ExpectSameAsync(logging);

        static string Hole(Random random) => "{" + Pick(["A", "@B", "a.b", "Ñ", " C "], random)
            + Pick(["", "", ",12", ",-9", ", 3 "], random)
            + Pick(["", "", ":", ":X", ":D", ":d3", ":F", ":f", ":G", ":N1", ":0.00", ":yyyy-MM-dd", ":c"], random) + "}";
    }

    [Fact]
    public async Task The_culture_of_the_caller_changes_nothing()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = culture;
            using var logging = new TestLogging();
            Log(logging.Logger, "{A:0.0} {B}", 1.5, 2.5m);
            Messages.Seven(logging.Logger, 1, "two", 3.5, true, 'x', DayOfWeek.Monday, 7.5m);
            (await logging.RecordsAsync()).Select(record => record.Message).ShouldBe(["1.5 2.5", "1 two 3.5 True x Monday 7.5"]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static async Task ExpectSameAsync(TestLogging logging)
    {
        var records = await logging.RecordsAsync();
        records.Count.ShouldBe(logging.Texts.All.Count);
        for (var i = 0; i < records.Count; i++)
        {
            (records[i].Message ?? "").ShouldBe(logging.Texts.All[i], records[i].Template);
        }
    }

    /// <summary>False where the framework refuses the template or the values: it throws, before or after us.</summary>
    private static bool TryLog(TestLogging logging, string template, params object?[] values)
    {
        try
        {
            Log(new Formatter(), template, values);
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException or ArgumentException)
        {
            return false;
        }

        Log(logging.Logger, template, values);
        return true;
    }

    private static T Pick<T>(IReadOnlyList<T> from, Random random) => from[random.Next(from.Count)];

    // The analyzer wants constant templates; these are the test's matter.
    private static void Log(ILogger logger, string template, params object?[] values) =>
        LoggerExtensions.Log(logger, LogLevel.Information, template, values);

    /// <summary>Says with which format it was asked.</summary>
    private sealed class Telling : IFormattable
    {
        public string ToString(string? format, IFormatProvider? formatProvider) => $"[{format ?? "null"}]";
    }

    /// <summary>Renders, so that what cannot be rendered is found before it is logged.</summary>
    private sealed class Formatter : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _ = formatter(state, exception);
            if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
            {
                for (var i = 0; i < values.Count; i++)
                {
                    _ = values[i];
                }
            }
        }
    }
}
