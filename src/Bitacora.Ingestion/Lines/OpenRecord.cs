namespace Bitacora.Ingestion.Lines;

/// <summary>A record that may go on in further lines, with its text so far. Used again and again.</summary>
internal sealed class OpenRecord
{
    /// <summary>A rare huge record must not hold its memory for as long as the reader lives.</summary>
    private const int MostKept = 64 << 10;

    private byte[] _bytes = new byte[1024];
    private int _length;
    private int _blankLines;

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
        _length = _blankLines = 0;
        if (_bytes.Length > MostKept)
        {
            _bytes = new byte[1024];
        }

        Add(line);
    }

    /// <summary>Remembers a blank line: it is a part of the record if another line follows.</summary>
    public void AddBlank() => _blankLines++;

    /// <summary>Takes a further line, unless the record would grow beyond its limits.</summary>
    /// <param name="line">The line.</param>
    /// <param name="number">Its number.</param>
    /// <param name="bounds">The limits.</param>
    /// <param name="blankLines">The blank lines before it, which now belong to the record as well.</param>
    public bool TryAppend(ReadOnlySpan<byte> line, long number, in RecordBounds bounds, out int blankLines)
    {
        blankLines = _blankLines;
        if (Lines >= bounds.Lines || (long)_length + _blankLines + 1 + line.Length > bounds.Bytes)
        {
            return false;
        }

        Reserve(_length + _blankLines + 1 + line.Length);
        _bytes.AsSpan(_length, _blankLines + 1).Fill((byte)'\n');
        _length += _blankLines + 1;
        _blankLines = 0;
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
