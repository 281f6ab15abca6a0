using System.Text;
using Bitacora.Records;
using CsCheck;

namespace Bitacora.Testing.Queries;

/// <summary>Random records from a small vocabulary, so that random queries match some of them and corners are common.</summary>
public static class RecordGenerator
{
    /// <summary>The instant around which records lie: 2024-03-10 12:00 UTC, a day on which America/New_York loses an hour.</summary>
    public static DateTimeOffset Now { get; } = new(2024, 3, 10, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Texts of messages and tracebacks; empty ones are missing.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    [
        "", "Connection refused", "connection REFUSED by db-7", "disk full", "Straße frei", "STRASSE", "ΣΊΣΥΦΟΣ", "σίσυφος",
        "300 K", "300 \u212A", "\u017Fhort", "İstanbul", "istanbul", "line one\nline two", "a*b", "say \"hi\"", @"C:\tmp\x", "😀 ok",
        "٣ items",
        "a\n", "foo(bar)", "-5", "error", "Error: timeout", "and", "ǅ ẞ ß", "x", "ab", "aab", "bitácora", "BITÁCORA",
    ];

    /// <summary>Values of short text fields and of text attributes; some are numbers, some only look like one.</summary>
    public static IReadOnlyList<string> Values { get; } =
    [
        "shop", "Shop", "nginx", "django.request", "django.db", "4", "42", "007", "7", "7.0", "-5", "1e3", "1e400", "1_000", "+7", ".5",
        "inf",
        "true", "200", "200.0", "/api/x", "/api/*", "a b", "9007199254740993", "0", "-0", "\uFFEE", "\U00010400", "[1,2]",
        "0.0000000000000000000000000000001", "250ms",
    ];

    /// <summary>Names of attributes; one bears a field's name.</summary>
    public static IReadOnlyList<string> Attributes { get; } = ["status", "path", "ok", "size", "level", "http.code", "año"];

    private static readonly double[] Doubles = [0, -0.0, 0.5, 7, 200, 250, 1e21, -3.25, 9007199254740992, 1e-7, 0.1, 1e300];
    private static readonly long[] Longs = [0, 7, 42, 200, 404, -5, long.MaxValue, long.MinValue, 9007199254740993, 250];

    /// <summary>One record without an identity yet: what a sender says.</summary>
    public static Gen<RecordDraft> Draft { get; } = Gen.Select(
        Gen.Select(Gen.Frequency((1, Any(0L, 1L, -1L)), (4, Gen.Long[-36_000_0000000, 36_000_0000000])),
            Gen.Enum<Level>(), Gen.Enum<Layer>()),
        Any([.. Texts]).Array[3],
        Gen.Frequency((1, Gen.Const("")), (2, Any([.. Values]))).Array[8],
        Gen.Frequency((1, Gen.Const(double.NaN)), (1, Any(Doubles))),
        Gen.Select(Any([.. Attributes]), Value).Array[0, 4],
        (head, texts, values, duration, attributes) => new RecordDraft(
            RecordTime.From(Now) + head.Item1, head.Item2, head.Item3, texts, values, double.IsNaN(duration) ? null : duration,
                attributes));

    /// <summary>Records that are in one batch; their positions are their indices.</summary>
    public static Gen<RecordBatch> Batch { get; } = Draft.Array[1, 24].Select(drafts => Encode(drafts, new Origin(0x5EED)));

    private static Gen<AttributeValue> Value => Gen.Frequency(
        (3, Gen.Frequency((1, Gen.Const("")), (6, Any([.. Values]))).Select(AttributeValue.From)),
        (2, Any(Longs).Select(AttributeValue.From)),
        (2, Any(Doubles).Select(AttributeValue.From)),
        (1, Gen.Bool.Select(AttributeValue.From)));

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>Encodes records as a batch of one origin.</summary>
    /// <param name="drafts">The records, at least one.</param>
    /// <param name="origin">Who numbers them, from 0.</param>
    /// <returns>The batch.</returns>
    public static RecordBatch Encode(IReadOnlyList<RecordDraft> drafts, Origin origin)
    {
        RecordBatchBuilder builder = new(SenderId.None, RecordLimits.Default, TimeProvider.System);
        int index = builder.AddOrigin(origin);
        for (int i = 0; i < drafts.Count; i++)
        {
            Write(builder.Begin(), drafts[i], index, (ulong)i);
        }

        return builder.Freeze();
    }

    private static void Write(RecordWriter writer, RecordDraft draft, int origin, ulong position)
    {
        writer.SetTime(draft.Time);
        writer.Level = draft.Level;
        writer.Layer = draft.Layer;
        NamedField[] texts = [NamedField.Message, NamedField.Traceback, NamedField.Template];
        for (int i = 0; i < texts.Length; i++)
        {
            writer.SetText(texts[i], draft.Texts[i]);
        }

        for (int i = 0; i < NamedFields.ShortCount; i++)
        {
            writer.SetText((NamedField)i, draft.ShortTexts[i]);
        }

        if (draft.DurationMs is double duration)
        {
            writer.SetDuration(duration);
        }

        foreach ((string name, AttributeValue value) in draft.Attributes)
        {
            AddAttribute(writer, Encoding.UTF8.GetBytes(name), value);
        }

        if (!writer.TryCommit(origin, position))
        {
            throw new InvalidOperationException("the batch is full");
        }
    }

    private static void AddAttribute(RecordWriter writer, byte[] name, AttributeValue value)
    {
        switch (value.Type)
        {
            case AttributeType.Int64:
                writer.AddAttribute(name, value.Int64);
                break;
            case AttributeType.Double:
                writer.AddAttribute(name, value.Double);
                break;
            case AttributeType.Boolean:
                writer.AddAttribute(name, value.Boolean);
                break;
            default:
                writer.AddAttribute(name, Encoding.UTF8.GetBytes(value.String));
                break;
        }
    }
}
