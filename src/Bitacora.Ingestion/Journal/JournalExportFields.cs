using System.Buffers;
using System.Buffers.Binary;
using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.Journal;

/// <summary>
/// The fields of an entry: <c>NAME=text</c>, or <c>NAME</c>, the length of a value in eight bytes, the lowest first, and the value.
/// </summary>
internal ref struct JournalExportFields(ReadOnlySpan<byte> text)
{
    /// <summary>The longest name that the journal takes.</summary>
    private const int LongestName = 64;

    /// <summary>No line, and so no entry, is longer. What claims to be is not a length.</summary>
    private const ulong LongestValue = 64 << 20;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    private ByteCursor _text = new(text);

    /// <summary>The field that was found last.</summary>
    public FieldPlace Place { get; private set; }

    /// <summary>The walk ended at what is not a field.</summary>
    public bool IsBad { get; private set; }

    /// <summary>The bytes that the text's last value lacks.</summary>
    public long Missing { get; private set; }

    public readonly int At => _text.At;

    public bool MoveNext()
    {
        while (_text.TryTake((byte)'\n') || _text.TryTake((byte)'\r'))
        {
        }

        if (_text.IsAtEnd || IsBad)
        {
            return false;
        }

        // The journal writes no such byte but in binary values; a file that went through Windows has it at the end of every line.
        var start = _text.At;
        var line = _text.TakeUntil((byte)'\n').TrimEnd((byte)'\r');
        var name = NameIn(line);
        if (name > 0)
        {
            Place = new FieldPlace(start, name, start + name + 1, line.Length - name - 1);
            _text.TryTake((byte)'\n');
            return true;
        }

        if (IsName(line) && TryTakeLength(out var length))
        {
            TakeValue(start, line.Length, length);
            return true;
        }

        _text.At = start;
        IsBad = true;
        return false;
    }

    private bool TryTakeLength(out int length)
    {
        length = 0;
        var hasEnd = _text.TryTake((byte)'\n');
        var bytes = _text.Rest;
        if (bytes.Length < sizeof(ulong))
        {
            // A byte of the length may be a line's end.
            Missing = sizeof(ulong) - bytes.Length + (hasEnd ? 0 : 1);
            return false;
        }

        var value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (value > LongestValue)
        {
            return false;
        }

        _text.At += sizeof(ulong);
        length = (int)value;
        return true;
    }

    private void TakeValue(int name, int nameLength, int length)
    {
        var start = _text.At;
        var rest = _text.Rest;
        Missing = Math.Max(0, length - rest.Length);
        if (length > rest.Length || (length < rest.Length && rest[length] != '\n'))
        {
            // Torn, or its line ends were changed on the way.
            length = rest[..LengthBeforeFields(rest)].TrimEnd((byte)'\r').Length;
        }

        Place = new FieldPlace(name, nameLength, start, length);
        _text.At += length;
        _text.TryTake((byte)'\r');
        _text.TryTake((byte)'\n');
    }

    /// <summary>What remains without the lines at its end that are fields.</summary>
    private static int LengthBeforeFields(ReadOnlySpan<byte> rest)
    {
        var end = rest.Length;
        while (rest[..end].LastIndexOf((byte)'\n') is > 0 and var lineEnd && NameIn(rest[(lineEnd + 1)..end]) > 0)
        {
            end = lineEnd;
        }

        return end;
    }

    /// <summary>The length of the name before an equals sign; 0 if a line is not such a field.</summary>
    private static int NameIn(ReadOnlySpan<byte> line)
    {
        var length = line.IndexOf((byte)'=');
        return length > 0 && IsName(line[..length]) ? length : 0;
    }

    private static bool IsName(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= LongestName && (uint)(name[0] - '0') > 9 && !name.ContainsAnyExcept(NameBytes);
}
