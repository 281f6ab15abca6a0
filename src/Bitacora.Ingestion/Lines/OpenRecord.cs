namespace Bitacora.Ingestion.Lines;

/// <summary>A record that may go on in further lines, with its text so far. Used again and again.</summary>
internal sealed class OpenRecord
{
    /// <summary>A rare huge record must not hold its memory for as long as the reader lives.</summary>
    private const int MostKept = 64 << 10;

    private byte[] _bytes = new byte[1024];
    private int _length;
    private int _blankLines;

    // Behind the text: the blanks of blank lines, if they count.
    private int _blanks;

    public FormatInUse Format { get; private set; } = null!;

    public long Key { get; private set; }

    /// <summary>The first line's.</summary>
    public ulong Position { get; private set; }

    /// <summary>The first line's number.</summary>
    public long FirstLine { get; private set; }

    /// <summary>The number of the line that came last.</summary>
    public long LastLine { get; private set; }

    /// <summary>Its lines, beside blank ones between them.</summary>
    public int Lines { get; private set; }

    public bool IsClosed { get; set; }

    /// <summary>All lines with <c>\n</c> between them.</summary>
    public ReadOnlySpan<byte> Text => _bytes.AsSpan(0, _length);

    public int Length => _length;

    public void Begin(in LineClass first, ReadOnlySpan<byte> line, ulong position, long number)
    {
        (Format, Key, Position, FirstLine, LastLine, Lines, IsClosed) = (first.Format, first.Key, position, number, number, 1, false);
        _length = _blankLines = _blanks = 0;
        if (_bytes.Length > MostKept)
        {
            _bytes = new byte[1024];
        }

        Add(line);
    }

    /// <summary>
    /// Remembers a blank line, with its blanks: it is a part of the record if another line follows. False if the record would grow beyond
    /// its limits.
    /// </summary>
    public bool TryAddBlank(ReadOnlySpan<byte> line, in RecordBounds bounds)
    {
        var length = _length + _blankLines + _blanks + 1L + line.Length;
        if (length > bounds.Bytes)
        {
            return false;
        }

        Reserve((int)length);
        _bytes[length - line.Length - 1] = (byte)'\n';
        line.CopyTo(_bytes.AsSpan((int)length - line.Length));
        _blankLines++;
        _blanks += line.Length;
        return true;
    }

    /// <summary>Takes a further line, unless the record would grow beyond its limits.</summary>
    /// <param name="line">The line.</param>
    /// <param name="number">Its number.</param>
    /// <param name="bounds">The limits.</param>
    /// <param name="blankLines">The blank lines before it, which now belong to the record as well.</param>
    public bool TryAppend(ReadOnlySpan<byte> line, long number, in RecordBounds bounds, out int blankLines)
    {
        blankLines = _blankLines;
        if (Lines >= bounds.Lines || (long)_length + _blankLines + _blanks + 1 + line.Length > bounds.Bytes)
        {
            return false;
        }

        _length += _blankLines + _blanks;
        (_blankLines, _blanks) = (0, 0);
        Add("\n"u8);
        Add(line);
        Lines++;
        LastLine = number;
        return true;
    }

    private void Add(ReadOnlySpan<byte> line)
    {
        Reserve(_length + line.Length);
        line.CopyTo(_bytes.AsSpan(_length));
        _length += line.Length;
    }

    private void Reserve(int length)
    {
        if (_bytes.Length < length)
        {
            Array.Resize(ref _bytes, (int)Math.Max(length, Math.Min(2L * _bytes.Length, Array.MaxLength)));
        }
    }
}
