using CsCheck;

namespace Bitacora.Records.Tests;

/// <summary>Random records as objects, and how to write them.</summary>
internal static class RoundTrip
{
    private static readonly Gen<string> Texts = Gen.OneOf(MixedText.Gen(0, 20), Gen.String[0, 30], Gen.Const(""));

    private static readonly Gen<string?> Optional =
        Gen.OneOf(Texts, Gen.Const("")).Select(text => Clean(text) is { Length: > 0 } t ? t : null);

    private static readonly Gen<AttributeValue> Values = Gen.OneOf(
        Texts.Select(text => AttributeValue.From(Clean(text))), Gen.Long.Select(AttributeValue.From),
        Gen.Double.Select(AttributeValue.From),
        Gen.OneOf(double.NaN, double.PositiveInfinity, -0.0, double.Epsilon).Select(AttributeValue.From),
        Gen.Bool.Select(AttributeValue.From));

    public static readonly Gen<LogRecord> Records = Gen.Select(
        Gen.Select(Gen.Long[0, Batches.Noon], Gen.ULong[0, RecordId.MaxSequence], Gen.Enum<Level>(), Gen.Enum<Layer>()),
        Optional.Array[NamedFields.Count],
        Gen.OneOf(Gen.Double.Select(value => (double?)value), Gen.Const(() => (double?)null)),
        Gen.Select(MixedText.Gen(1, 6), Values).Array[0, 12],
        (head, texts, duration, attributes) => new LogRecord
        {
            Id = RecordId.Create(head.Item1, head.Item2),
            Level = head.Item3,
            Layer = head.Item4,
            Source = texts[0],
            Logger = texts[1],
            Host = texts[2],
            RequestId = texts[3],
            UserId = texts[4],
            SessionId = texts[5],
            TraceId = texts[6],
            SpanId = texts[7],
            Message = texts[8],
            Traceback = texts[9],
            Template = texts[10],
            DurationMs = duration,
            Attributes = [.. attributes.DistinctBy(a => a.Item1).Select(a => KeyValuePair.Create(a.Item1, a.Item2))],
        });

    public static void Write(RecordBatchBuilder builder, LogRecord source, int originIndex, ulong position)
    {
        var record = builder.Begin();
        record.SetTime(source.Time);
        record.Level = source.Level;
        record.Layer = source.Layer;
        for (var field = NamedField.Source; field <= NamedField.Template; field++)
        {
            record.SetText(field, source.Text(field));
        }

        if (source.DurationMs is { } duration)
        {
            record.SetDuration(duration);
        }

        foreach (var (name, value) in source.Attributes)
        {
            var utf8 = Batches.Utf8(name);
            switch (value.Type)
            {
                case AttributeType.String:
                    record.AddAttribute(utf8, Batches.Utf8(value.String));
                    break;
                case AttributeType.Int64:
                    record.AddAttribute(utf8, value.Int64);
                    break;
                case AttributeType.Double:
                    record.AddAttribute(utf8, value.Double);
                    break;
                default:
                    record.AddAttribute(utf8, value.Boolean);
                    break;
            }
        }

        record.TryCommit(originIndex, position).ShouldBeTrue();
    }

    /// <summary>Lone surrogates as the writer keeps them.</summary>
    private static string Clean(string text) => System.Text.Encoding.UTF8.GetString(Batches.Utf8(text));
}
