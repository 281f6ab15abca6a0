namespace Bitacora.Ingestion.Lines;

/// <summary>
/// Walks over a text of untrusted bytes. What is taken is stepped over; where nothing fits, the place is what it was. Searches are the
/// framework's vectorised ones.
/// </summary>
internal ref struct ByteCursor(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>The place, in bytes from the start.</summary>
    public int At { get; set; }

    /// <summary>What was not taken yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _text[At..];

    public readonly bool IsAtEnd => At >= _text.Length;

    /// <summary>The next byte; 0 at the end.</summary>
    public readonly byte Next => At < _text.Length ? _text[At] : (byte)0;

    /// <summary>The byte so far ahead; 0 beyond the end.</summary>
    public readonly byte Peek(int ahead) => At + ahead < _text.Length ? _text[At + ahead] : (byte)0;

    public readonly bool StartsWith(ReadOnlySpan<byte> literal) => Rest.StartsWith(literal);

    /// <summary>What lies between two places.</summary>
    public readonly ReadOnlySpan<byte> Between(int start, int end) => _text[start..end];

    public bool TryTake(byte expected)
    {
        if (At >= _text.Length || _text[At] != expected)
        {
            return false;
        }

        At++;
        return true;
    }

    public bool TryTake(ReadOnlySpan<byte> literal)
    {
        if (!Rest.StartsWith(literal))
        {
            return false;
        }

        At += literal.Length;
        return true;
    }

    /// <summary>Takes what lies before a byte, and steps over that byte.</summary>
    public bool TryTakeThrough(byte end, out ReadOnlySpan<byte> before)
    {
        before = Rest;
        var length = before.IndexOf(end);
        if (length < 0)
        {
            return false;
        }

        before = before[..length];
        At += length + 1;
        return true;
    }

    /// <summary>Takes what lies before a text, and steps over that text.</summary>
    public bool TryTakeThrough(ReadOnlySpan<byte> end, out ReadOnlySpan<byte> before)
    {
        before = Rest;
        var length = before.IndexOf(end);
        if (length < 0)
        {
            return false;
        }

        before = before[..length];
        At += length + end.Length;
        return true;
    }

    /// <summary>Takes all up to a byte, which stays, or to the end.</summary>
    public ReadOnlySpan<byte> TakeUntil(byte end)
    {
        var rest = Rest;
        var length = rest.IndexOf(end);
        return Take(length < 0 ? rest.Length : length);
    }

    /// <summary>Takes all up to a blank or tab, which stays, or to the end.</summary>
    public ReadOnlySpan<byte> TakeWord()
    {
        var rest = Rest;
        var length = rest.IndexOfAny((byte)' ', (byte)'\t');
        return Take(length < 0 ? rest.Length : length);
    }

    /// <summary>Takes all up to a blank or the end of the line, which stay.</summary>
    public ReadOnlySpan<byte> TakeUntilBlankOrLineEnd()
    {
        var rest = Rest;
        var length = rest.IndexOfAny((byte)' ', (byte)'\n');
        return Take(length < 0 ? rest.Length : length);
    }

    /// <summary>Takes <c>[…]</c>, and gives what stands inside; brackets do not nest.</summary>
    public bool TryTakeBracketed(out ReadOnlySpan<byte> inside)
    {
        var start = At;
        if (TryTake((byte)'[') && TryTakeThrough((byte)']', out inside))
        {
            return true;
        }

        At = start;
        inside = default;
        return false;
    }

    /// <summary>Takes <c>"…"</c>, and gives what stands inside, as it is written; a backslash guards the byte behind it.</summary>
    public bool TryTakeQuoted(out ReadOnlySpan<byte> inside, out bool isEscaped)
    {
        isEscaped = false;
        inside = default;
        if (Next != '"')
        {
            return false;
        }

        var rest = Rest[1..];
        for (var from = 0; ;)
        {
            var step = rest[from..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0 || (rest[from + step] == '\\' && from + step + 2 > rest.Length))
            {
                return false;
            }

            from += step;
            if (rest[from] == '"')
            {
                inside = rest[..from];
                At += from + 2;
                return true;
            }

            isEscaped = true;
            from += 2;
        }
    }

    /// <summary>Takes all digits there are, of which there must be between these counts.</summary>
    public bool TryTakeDigits(int least, int most, out int value)
    {
        value = 0;
        var count = 0;
        while (count <= most && (uint)(Peek(count) - '0') <= 9)
        {
            value = (value * 10) + (Peek(count) - '0');
            count++;
        }

        if (count < least || count > most)
        {
            return false;
        }

        At += count;
        return true;
    }

    /// <summary>Takes an unsigned number of up to 18 digits.</summary>
    public bool TryTakeNumber(out long value)
    {
        value = 0;
        var count = 0;
        while (count <= 18 && (uint)(Peek(count) - '0') <= 9)
        {
            value = (value * 10) + (Peek(count) - '0');
            count++;
        }

        if (count is 0 or > 18)
        {
            return false;
        }

        At += count;
        return true;
    }

    public void SkipBlanks()
    {
        while (At < _text.Length && _text[At] is (byte)' ' or (byte)'\t')
        {
            At++;
        }
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        var taken = _text.Slice(At, count);
        At += count;
        return taken;
    }
}
