using Bitacora.Ingestion.JsonLines;
using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.PostgreSql;

/// <summary>
/// What PostgreSQL writes to its standard error. DETAIL, HINT, STATEMENT and the like are lines of their own with the same prefix, between
/// which lines of other processes may stand; a line that begins with a tab goes on with the one before.
/// </summary>
internal sealed class PostgreSqlDecoder : IFormatDecoder
{
    private readonly FormatContext _context;
    private readonly LogLinePrefix[] _prefixes;
    private readonly PrefixMatch _match = new();
    private readonly TextBuffer _joined = new();

    public PostgreSqlDecoder(FormatContext context)
    {
        _context = context;
        _prefixes = context.LogLinePrefix is { } setting ? [LogLinePrefix.Compile(setting), .. LogLinePrefix.Known] : LogLinePrefix.Known;
    }

    public static LogFormat Format { get; } = new(
        "postgresql",
        "PostgreSQL's log on stderr; see --log-line-prefix",
        "2026-11-23 07:41:37.825 CET [18879] postgres@shop ERROR:  duplicate key value violates unique constraint \"t_pkey\"",
        static context => new PostgreSqlDecoder(context));

    public ReadOnlySpan<byte> Program => PostgreSqlRecord.Source;

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        if (line[0] == '\t')
        {
            return LineRole.Continuation;
        }

        if (!TryMatch(line))
        {
            return LineRole.Text;
        }

        key = KeyOf(line);
        return _match.Label == PostgreSqlField.Severity ? LineRole.Start : LineRole.Part;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> text, RecordWriter record)
    {
        var end = text.IndexOf((byte)'\n');
        end = end < 0 ? text.Length : end;
        if (!TryMatch(text[..end]))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        PostgreSqlRecord.Begin(record);
        WriteTime(text, record);
        for (var field = PostgreSqlField.User; field < PostgreSqlField.Count; field++)
        {
            PostgreSqlRecord.Write(field, text[_match.Field(field)], record);
        }

        var label = _match.Label;
        if (label != PostgreSqlField.Severity)
        {
            // The record that it belongs to is not here: its file begins behind that.
            WriteSection(PostgreSqlField.Message, text[_match.TextStart..end], record);
        }

        var start = _match.TextStart;
        while (end < text.Length)
        {
            var next = text[(end + 1)..];
            var length = next.IndexOf((byte)'\n');
            next = length < 0 ? next : next[..length];
            if (!next.IsEmpty && next[0] != '\t' && TryMatch(next) && _match.Label != PostgreSqlField.Severity)
            {
                WriteSection(label, text[start..end], record);
                label = _match.Label;
                start = end + 1 + _match.TextStart;
            }

            end += 1 + next.Length;
        }

        WriteSection(label, text[start..end], record);
        return LineOutcome.Accepted;
    }

    private bool TryMatch(ReadOnlySpan<byte> line)
    {
        foreach (var prefix in _prefixes)
        {
            if (prefix.TryMatch(line, _match))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Who wrote a line: the process, else the session, whose two halves are when it began and its process.</summary>
    private long KeyOf(ReadOnlySpan<byte> line)
    {
        if (JsonNumber.TryReadInteger(line[_match.Field(PostgreSqlField.Process)], out var process))
        {
            return process;
        }

        var key = 0L;
        foreach (var digit in line[_match.Field(PostgreSqlField.Session)])
        {
            key = digit == '.' ? key : (key << 4) | (uint)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
        }

        return key;
    }

    private void WriteTime(ReadOnlySpan<byte> text, RecordWriter record)
    {
        var time = text[_match.Field(PostgreSqlField.Time)];
        if (_match.IsEpoch)
        {
            if (TimeText.TryParseNumber(time, out var ticks))
            {
                record.SetTime(ticks);
            }

            return;
        }

        var cursor = new ByteCursor(time);
        if (TimeCursor.TryTakeDateTime(ref cursor, out var local))
        {
            record.SetTime(TimeCursor.TakeZone(ref cursor, _context, local));
        }
    }

    private void WriteSection(PostgreSqlField label, ReadOnlySpan<byte> text, RecordWriter record) =>
        PostgreSqlRecord.Write(
            label == PostgreSqlField.Severity ? PostgreSqlField.Message : label,
            WithoutTabs(text.TrimEnd((byte)'\n')),
            record);

    /// <summary>A text of several lines without the tabs that PostgreSQL wrote before all but the first.</summary>
    private ReadOnlySpan<byte> WithoutTabs(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOf("\n\t"u8);
        if (at < 0)
        {
            return text;
        }

        _joined.Clear();
        for (; at >= 0; at = text.IndexOf("\n\t"u8))
        {
            _joined.Append(text[..(at + 1)]);
            text = text[(at + 2)..];
        }

        _joined.Append(text);
        return _joined.Written;
    }
}
