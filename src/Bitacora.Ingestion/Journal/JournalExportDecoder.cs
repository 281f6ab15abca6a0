using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Journal;

/// <summary>
/// What <c>journalctl -o export</c> writes: the fields of an entry line by line, and a blank line behind them. A value that is not one line
/// of text stands behind its name and its length, and may hold anything, blank lines too.
/// </summary>
internal sealed class JournalExportDecoder : IFormatDecoder
{
    private readonly TextBuffer _lists = new();
    private FieldPlace[] _fields = new FieldPlace[64];
    private int _count;
    private int _blanks;
    private int _lastBlank;
    private long _missing;

    public static LogFormat Format { get; } = new(
        "journal-export",
        "systemd's journal: journalctl -o export",
        "__REALTIME_TIMESTAMP=1714566605000000\nMESSAGE=order 4711 placed\nPRIORITY=6\nSYSLOG_IDENTIFIER=shop\n_PID=77\n",
        static _ => new JournalExportDecoder());

    /// <summary>A binary value is as long as it says.</summary>
    public bool IsVerbatim => true;

    /// <summary>
    /// An entry has one line of a kind that nobody else writes; its place is not fixed. All others go on with the entry, whatever they look
    /// like: they may be within a value.
    /// </summary>
    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        (key, _blanks) = (0, 0);
        line = line.TrimEnd((byte)'\r');
        return line.StartsWith("__REALTIME_TIMESTAMP="u8) && line.Length > 21 && !line[21..].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || line.StartsWith("__CURSOR=s="u8) ? LineRole.Part : LineRole.Continuation;
    }

    /// <summary>
    /// A blank line ends an entry, except within a value. Of several blank lines one by one, only the first is looked at with all that is
    /// before it.
    /// </summary>
    public bool GoesOn(ReadOnlySpan<byte> record, ReadOnlySpan<byte> line)
    {
        _missing = _blanks++ == 0 ? MissingOf(record) : _missing - _lastBlank - 1;
        _lastBlank = line.Length;
        return _missing > 0;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> text, RecordWriter record)
    {
        _count = 0;
        var fields = new JournalExportFields(text);
        while (fields.MoveNext())
        {
            if (_count == _fields.Length)
            {
                Array.Resize(ref _fields, 2 * _count);
            }

            _fields[_count++] = fields.Place;
        }

        if (fields.IsBad || _count == 0)
        {
            return new LineOutcome(LineFault.BadField, fields.At);
        }

        _lists.Clear();
        var entry = new JournalEntry(record);
        for (var i = 0; i < _count; i++)
        {
            var name = _fields[i].Name(text);
            if (IndexOf(name, 0, text) == i)
            {
                entry.Add(name, IndexOf(name, i + 1, text) < 0 ? _fields[i].Value(text) : ListOf(name, i, text));
            }
        }

        entry.Write();
        return LineOutcome.Accepted;
    }

    /// <summary>What the last value of an entry lacks.</summary>
    private static long MissingOf(ReadOnlySpan<byte> record)
    {
        var fields = new JournalExportFields(record);
        while (fields.MoveNext())
        {
        }

        return fields.Missing;
    }

    private int IndexOf(ReadOnlySpan<byte> name, int from, ReadOnlySpan<byte> text)
    {
        for (var i = from; i < _count; i++)
        {
            if (_fields[i].Name(text).SequenceEqual(name))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>All values of a name as an array of JSON texts.</summary>
    private ReadOnlySpan<byte> ListOf(ReadOnlySpan<byte> name, int first, ReadOnlySpan<byte> text)
    {
        var start = _lists.Written.Length;
        for (var i = first; i >= 0; i = IndexOf(name, i + 1, text))
        {
            _lists.Append(i == first ? "[\""u8 : ",\""u8);
            foreach (var next in _fields[i].Value(text))
            {
                AppendEscaped(next);
            }

            _lists.Append("\""u8);
        }

        _lists.Append("]"u8);
        return _lists.Written[start..];
    }

    private void AppendEscaped(byte next)
    {
        var target = _lists.Reserve(6);
        if (next < 0x20)
        {
            "\\u00"u8.CopyTo(target);
            target[4] = (byte)('0' + (next >> 4));
            target[5] = "0123456789abcdef"u8[next & 15];
            _lists.Advance(6);
        }
        else if (next is (byte)'"' or (byte)'\\')
        {
            (target[0], target[1]) = ((byte)'\\', next);
            _lists.Advance(2);
        }
        else
        {
            target[0] = next;
            _lists.Advance(1);
        }
    }
}
