using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.DotNetConsole;

/// <summary>.NET's console for systemd: <c>&lt;3&gt;2024-05-01T12:30:05Z Shop.Orders[7] text</c>, all in one line.</summary>
internal sealed class DotNetSystemdDecoder(FormatContext context) : IFormatDecoder
{
    public static LogFormat Format { get; } = new(
        "dotnet-systemd",
        ".NET's console for systemd",
        "<3>2024-05-01T12:30:05Z Shop.Orders[7] payment refused",
        static context => new DotNetSystemdDecoder(context))
    {
        IsSingleLine = true,

        // To syslog the category would be a host.
        Specificity = 60,
    };

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return TryTakeHead(line, out _, out _, out _, out _) ? LineRole.Start : LineRole.Foreign;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record)
    {
        if (!TryTakeHead(line, out var time, out var category, out var eventId, out var textAt))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        if (time is { } known)
        {
            record.SetTime(known.In(context));
        }

        record.Level = Levels.FromSyslog(line[1] - '0');
        record.SetText(NamedField.Logger, category);
        record.AddAttribute("EventId"u8, eventId);
        record.SetText(NamedField.Message, line[textAt..]);
        return LineOutcome.Accepted;
    }

    private static bool TryTakeHead(
        ReadOnlySpan<byte> line, out LineTime? time, out ReadOnlySpan<byte> category, out long eventId, out int textAt)
    {
        time = null;
        category = default;
        eventId = textAt = 0;

        // The levels that .NET has: others come from elsewhere.
        if (line.Length < 4 || line[0] != '<' || line[2] != '>' || !"23467"u8.Contains(line[1]))
        {
            return false;
        }

        var text = new ByteCursor(line) { At = 3 };
        if ((uint)(text.Next - '0') <= 9)
        {
            if (!LineTime.TryTakeWithOrWithoutDate(ref text, out var known) || !text.TryTake((byte)' '))
            {
                return false;
            }

            time = known;
        }

        var isEvent = EventCategory.TryTake(ref text, out category, out eventId);
        textAt = text.At;
        return isEvent;
    }
}
