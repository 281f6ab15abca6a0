using Bitacora.Records;

namespace Bitacora.Client.Tests;

/// <summary>
/// A place in a program that logs: what stays the same there was chosen once, and each call has its own values. Some of them are such that
/// the record follows from the value and not from the place.
/// </summary>
internal sealed class LogPlace
{
    private static readonly string[] Names =
    [
        "Order", "Customer", "RequestId", "UserId", "user_id", "SessionId", "TraceId", "SpanId", "ParentId", "duration_ms", "Elapsed",
        "EventId", "EventName", "process.pid", "truncated", "parse_error", "dotnet.scope", "naïve", "",
    ];

    private static readonly string[] Holes =
        ["Order", "Customer", "RequestId", "Elapsed,8:F2", "At:O", "Elapsed,-9", "@Order", "order", "?"];
    private static readonly string[] Texts =
        ["", "Ana", "0HN7:00000001", "0000", "ñandú", new('x', 257), "{A}", "\u0000", "0123456789abcdef", new('y', 33_000)];

    private readonly Action<EntryWriter, Random>[] _items;

    public LogPlace(Random random)
    {
        var items = new List<Action<EntryWriter, Random>>();
        if (random.Next(3) > 0)
        {
            var (id, name) = (random.Next(3), random.Next(2) == 0 ? null : "Paid");
            items.Add((entry, _) => entry.Event(id, name));
        }

        AddMessage(items, random);
        if (random.Next(5) == 0)
        {
            items.Add((entry, _) => entry.BeginEnrichment());
            items.Add(Named(random));
        }

        for (var scopes = random.Next(4); scopes > 0; scopes--)
        {
            items.Add((entry, _) => entry.BeginScope());
            items.AddRange(Enumerable.Range(0, random.Next(4)).Select(_ => Named(random)));
        }

        for (var texts = Math.Max(0, random.Next(6) - 3); texts > 0; texts--)
        {
            items.Add((entry, values) => entry.ScopeText(values.Next(8) == 0 ? "" : $"scope {values.Next(3)}"));
        }

        if (random.Next(3) == 0)
        {
            items.Add((entry, values) => entry.Trace(
                values.Next(9) == 0 ? "" : Texts[8] + Texts[8], values.Next(9) == 0 ? null : Texts[values.Next(2) == 0 ? 8 : 2]));
        }

        _items = [.. items];
    }

    /// <summary>A call's entry.</summary>
    public byte[] Write(Random values)
    {
        var time = new DateTimeOffset(2024, 5, 1, 12, 30, 0, TimeSpan.Zero).AddSeconds(values.Next(25) == 0 ? 100_000 : -values.Next(100));
        using var entry = EntryWriter.TryBegin(time, (Level)values.Next(6), "Shop.Orders")!;
        foreach (var item in _items)
        {
            item(entry, values);
        }

        if (values.Next(20) == 0)
        {
            entry.Exception(new InvalidOperationException("no money"));
        }

        return entry.Written.ToArray();
    }

    private static void AddMessage(List<Action<EntryWriter, Random>> items, Random random)
    {
        var style = (TemplateStyle)random.Next(4);
        var holes = Enumerable.Range(0, random.Next(5)).Select(_ => Holes[random.Next(Holes.Length)]).ToList();
        var template = "it {{is}}" + string.Concat(holes.Select(hole => $" {{{hole}}}"));
        if (random.Next(8) > 0)
        {
            items.Add((entry, _) => entry.Template(template, style));
        }

        items.AddRange(holes.Take(random.Next(6)).Select(hole => style == TemplateStyle.Positional ? Positional(random) : Named(random)));
        if (style == TemplateStyle.Rendered || random.Next(10) == 0)
        {
            items.Add((entry, values) => entry.Message(Texts[values.Next(Texts.Length)]));
        }
    }

    private static Action<EntryWriter, Random> Positional(Random random)
    {
        var make = Maker(random);
        return (entry, values) => entry.Value(make(values));
    }

    private static Action<EntryWriter, Random> Named(Random random)
    {
        var (name, make) = (Names[random.Next(Names.Length)], Maker(random));
        return (entry, values) => entry.Value(name, make(values));
    }

    /// <summary>Mostly of one type; a place whose types change has several shapes.</summary>
    private static Func<Random, object?> Maker(Random random)
    {
        var type = random.Next(20);
        return values => Value(values.Next(30) == 0 ? values.Next(20) : type, values);
    }

    private static object? Value(int type, Random values) => type switch
    {
        0 => null,
        1 => values.Next(2) == 0,
        2 => (sbyte)values.Next(-128, 128),
        3 => (ushort)values.Next(70_000),
        4 => values.Next(8) == 0 ? ulong.MaxValue : (ulong)values.Next(),
        5 => values.NextInt64(),
        6 => values.Next(8) == 0 ? float.NaN : values.NextSingle(),
        7 => values.Next(8) == 0 ? double.PositiveInfinity : values.Next(100_000) / 1000.0,
        8 => (decimal)values.NextDouble(),
        9 => DateTime.UnixEpoch.AddSeconds(values.Next()),
        10 => DateTimeOffset.UnixEpoch.AddSeconds(values.Next()),
        11 => TimeSpan.FromMilliseconds(values.Next(100_000)),
        12 => new Guid(values.Next(), 0, 0, new byte[8]),
        13 => (char)values.Next(0xD700, 0xD900),
        14 => (DayOfWeek)values.Next(9),
        15 => new object?[] { values.Next(), "x", null },
        16 => values.Next(100),
        17 => new Uri("http://shop/" + values.Next(9)),
        _ => values.Next(4) > 0 ? $"text {values.Next(1000)}" : Texts[values.Next(Texts.Length)],
    };
}
