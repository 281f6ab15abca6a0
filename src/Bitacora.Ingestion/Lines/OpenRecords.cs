namespace Bitacora.Ingestion.Lines;

/// <summary>
/// Records that may go on, in the order of their first lines, which is the order in which they leave. Without keys there is one at most.
/// With keys each stays open until its writer begins another record, or until it has been quiet for some lines: writers whose lines stand
/// between each other write the parts of one record within moments.
/// </summary>
internal sealed class OpenRecords(RecordBounds bounds)
{
    /// <summary>Lines of others after which a record is complete.</summary>
    public const int Window = 100;

    /// <summary>Records that are open at once.</summary>
    public const int MostOpen = 64;

    private readonly Queue<OpenRecord> _records = new(MostOpen + 1);
    private readonly Stack<OpenRecord> _unused = new();
    private OpenRecord? _latest;
    private long _bytes;

    public bool IsEmpty => _records.Count == 0;

    public int Count => _records.Count;

    /// <summary>The record that the line before belongs to; null if that is complete.</summary>
    public OpenRecord? Latest => _latest;

    /// <summary>The position of the first record that has not left.</summary>
    public ulong FirstPosition => _records.Peek().Position;

    public void Clear()
    {
        CloseAll();
        while (TryTake(0, out var record))
        {
            GiveBack(record);
        }
    }

    public void Begin(in LineClass first, ReadOnlySpan<byte> line, ulong position, long number)
    {
        if (first.Key == 0)
        {
            CloseAll();
        }
        else if (Find(first.Key, number) is { } before)
        {
            before.IsClosed = true;
        }

        var record = _unused.TryPop(out var unused) ? unused : new OpenRecord();
        record.Begin(first, line, position, number);
        _records.Enqueue(record);
        _bytes += record.Length;
        _latest = record;
    }

    /// <summary>
    /// Takes a further line of an open record, with the blank ones before it. False where there is none, or where it holds as much as it
    /// may; then it is complete.
    /// </summary>
    public bool TryAppend(in LineClass further, ReadOnlySpan<byte> line, long number, out int blankLines)
    {
        blankLines = 0;
        var record = further.Role == LineRole.Part && further.Key != 0 ? Find(further.Key, number) : _latest;
        if (record is null)
        {
            return false;
        }

        var length = record.Length;
        if (!record.TryAppend(line, number, bounds, out blankLines))
        {
            record.IsClosed = true;
            _latest = null;
            return false;
        }

        _bytes += record.Length - length;
        _latest = record;
        return true;
    }

    /// <summary>Takes note of a blank line, which is a part of a record only if that goes on behind it.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="line">Its blanks, where they count.</param>
    public void AddBlank(long number, ReadOnlySpan<byte> line)
    {
        if (_latest is not { } record)
        {
            return;
        }

        if (number - record.LastLine > Window || !record.Format.Decoder.GoesOn(record.Text, line) || !record.TryAddBlank(line, bounds))
        {
            record.IsClosed = true;
            _latest = null;
        }
    }

    public void CloseAll()
    {
        foreach (var record in _records)
        {
            record.IsClosed = true;
        }

        _latest = null;
    }

    /// <summary>Takes the first record out if it is complete; give it back when it was stored.</summary>
    public bool TryTake(long number, out OpenRecord record)
    {
        if (!_records.TryPeek(out record!)
            || !(record.IsClosed || number - record.LastLine > Window || _records.Count > MostOpen || _bytes > bounds.Bytes))
        {
            return false;
        }

        _records.Dequeue();
        _bytes -= record.Length;
        if (record == _latest)
        {
            _latest = null;
        }

        return true;
    }

    public void GiveBack(OpenRecord record) => _unused.Push(record);

    private OpenRecord? Find(long key, long number)
    {
        foreach (var record in _records)
        {
            if (record.Key == key && !record.IsClosed && number - record.LastLine <= Window)
            {
                return record;
            }
        }

        return null;
    }
}
